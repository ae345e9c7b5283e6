"""Changing an arrangement: founding a partnership, admitting and releasing members, drafting a promise."""

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from councils.rights import LEAD, rights_of
from councils.scope import refresh_scope

from .case_steps import case_words
from .drafting import write
from .models import Approval, Audience, Membership, Partnership, PartnershipService, Purpose, Vehicle
from .offering import write_offer

RESERVED = {"new"}  # an address of our own


@transaction.atomic
def found(*, by, at, slug, name, started_on, members, services, form, purposes=("save",), summary="", invented=False):
    """A new partnership, founded by the finance lead of a member; returns it.

    `members` holds dicts with `council`, `role` and, where known, `host`, `starts_on`, `cost_share_bps`,
    `gain_share_bps`. Councils that the founder leads are members at once; the others are offered membership on those
    terms, and join when their own lead accepts (`partnerships.offering`). It is shown to its members only. Raises
    `Refused` for a slug already taken, and where none of the councils is the founder's.
    """
    if slug in RESERVED or Partnership.objects.filter(slug=slug).exists():
        raise Refused("There is already a partnership with that address.", field="slug")
    leads = rights_of(by.pk, on=timezone.localdate(at)).councils(LEAD)
    members = [{"starts_on": started_on, **member} for member in members]
    own = [member for member in members if member["council"].pk in leads]
    asked = [member for member in members if member["council"].pk not in leads]
    if leads and not own:
        raise Refused("Whoever founds a partnership leads the finances of one of its members.", field="council")
    with act(by=by, at=at, verb="founded", subject=f"partnership:{slug}") as this:
        partnership = Partnership.objects.create(
            act=this, slug=slug, name=name, summary=summary, started_on=started_on, invented=invented, founded_by=by
        )
        refresh_scope(person_id=by.pk, on=at.date())
        Vehicle.objects.create(act=this, partnership=partnership, form=form, starts_on=started_on)
        Audience.objects.create(act=this, partnership=partnership, who=Audience.Who.MEMBERS)
        PartnershipService.objects.bulk_create(
            PartnershipService(act=this, partnership=partnership, service=service) for service in services
        )
        Purpose.objects.bulk_create(Purpose(act=this, partnership=partnership, what=what) for what in purposes)
        Membership.objects.bulk_create(Membership(act=this, partnership=partnership, **member) for member in own)
        for terms in asked:
            write_offer(this, partnership=partnership, offering=own[0]["council"], **terms)
    refresh_scope(person_id=by.pk, on=at.date())
    return partnership


@transaction.atomic
def show_to(*, partnership, who, by, at):
    """From now on the partnership's figures may be seen by `who` (an `Audience.Who`) and nobody beyond.

    One member's finance lead may show them to fewer. To more is a change that all agree to (`partnerships.changing`),
    and PostgreSQL refuses it here.
    """
    with act(by=by, at=at, verb="shown", subject=f"partnership:{partnership.slug}", reason=who) as this:
        return Audience.objects.create(act=this, partnership=partnership, who=who)


@transaction.atomic
def draft(*, partnership, by, at, **written):
    """Write the next version of the partnership's business case, whole; returns it.

    `lines`, `charges`, `baselines` and `volumes` hold dicts of the fields of `PlannedLine`, `PlannedCharge`, `Baseline`
    and `Volume` (amounts in pence). It is submitted in the same act unless `submit` is False. An open version of the
    same council, approved by nobody, gives way to it, and `supersedes` says why. Nothing is promised until a member's
    finance lead approves it (`savings.actions.promise`).
    """
    version = partnership.business_cases.count() + 1
    with case_words(), act(by=by, at=at, verb="drafted", subject=f"business case:{partnership.slug}/{version}") as this:
        return write(this, partnership=partnership, by=by, at=at, **written)


def approvals_missing(case, on):
    """Members on the date `on` whose finance lead has not approved `case`, in name order."""
    approved = Approval.objects.filter(case=case).values("council_id")
    return case.partnership.memberships.on(on).exclude(council_id__in=approved).select_related("council").order_by(
        "council__name"
    )  # fmt: skip
