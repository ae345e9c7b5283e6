"""Proposing schemes, changing what they say of themselves, and saying where they stand."""

from django.db import transaction

from councils.acts import act
from councils.plain_text import why_no_code
from councils.refusals import Refused
from councils.rights import LEAD
from savings.models import Scheme, SchemeStatus, SchemeVersion
from savings.models.typed import Recurrence

from .ledger_words import ledger_words
from .quality import refuse_unless, refuse_unless_recording

Status = SchemeStatus.Status

#: What may follow what; the same status again is a new score or a new reason. The database holds the same order.
AFTER = {
    Status.PROPOSED: (Status.APPROVED, Status.WITHDRAWN),
    Status.APPROVED: (Status.DELIVERING, Status.WITHDRAWN, Status.UNDELIVERABLE),
    Status.DELIVERING: (Status.DELIVERED, Status.WITHDRAWN, Status.UNDELIVERABLE),
    Status.DELIVERED: (Status.DELIVERING,),
    Status.WITHDRAWN: (Status.PROPOSED,),
    Status.UNDELIVERABLE: (Status.PROPOSED,),
}
ANYBODYS = (Status.PROPOSED, Status.DELIVERING)  # of those who record; the other steps are for a finance lead
CHANGEABLE = ("owner", "description", "benefit_class", "recurrence", "last_year", "live_on", "indicator")


@transaction.atomic
def propose(*, by, at, partnership, service, reference, title, owner, benefit_class, recurrence, description="",
            last_year=None, indicator=None, status=Status.APPROVED):  # fmt: skip
    """A new scheme of the partnership with its first status; returns it. Raises `Refused` for a reference in use."""
    if why := why_no_code(reference):
        raise Refused(why, field="reference")
    if same := Scheme.objects.filter(partnership=partnership).referenced(reference).first():
        alike = "" if same.reference == reference else f" {same.reference} would be read as the same."
        raise Refused(f"This partnership already has a scheme with that reference.{alike}", field="reference")
    subject = f"scheme:{partnership.slug}/{reference}"
    with ledger_words(), act(by=by, at=at, verb="proposed", subject=subject) as this:
        scheme = Scheme.objects.create(
            act=this, partnership=partnership, service=service, reference=reference, title=title, owner=owner,
            description=description, benefit_class=benefit_class, recurrence=recurrence, last_year=last_year,
            indicator=indicator, proposed_by=by,
        )  # fmt: skip
        SchemeStatus.objects.create(
            act=this, scheme=scheme, partnership=partnership, status=status, sequence=1, changed_by=by, changed_at=at
        )
    return scheme


def current(scheme):
    """What `scheme` says of itself now: its latest version, or itself when it was never changed."""
    return scheme.versions.select_related("indicator").order_by("-version").first() or scheme


@transaction.atomic
def change(*, scheme, by, at, reason, **facts):
    """A new version of what `scheme` says of itself; `facts` are some of `CHANGEABLE`, the others stay. Returns it."""
    refuse_unless_recording(by, at, scheme.partnership)
    if not reason.strip():
        raise Refused("Say why it changes.", field="reason")
    held = current(scheme)
    now = {name: getattr(held, name, None) for name in CHANGEABLE}
    if not str((now | facts)["owner"]).strip():
        raise Refused("Say who answers for it.", field="owner")
    if {name: value for name, value in facts.items() if value != now[name]} == {}:
        raise Refused("Nothing is changed.")
    new = now | facts
    if new["recurrence"] != Recurrence.TIME_LIMITED:
        new["last_year"] = None
    elif not new["last_year"]:
        raise Refused("Choose the last year in which it saves.", field="last_year")
    version = getattr(held, "version", 1) + 1
    with act(by=by, at=at, verb="changed", subject=f"scheme:{scheme.public_id}", reason=reason) as this, ledger_words():
        return SchemeVersion.objects.create(
            act=this, scheme=scheme, partnership_id=scheme.partnership_id, version=version, reason=reason,
            changed_by=by, changed_at=at, **new,
        )  # fmt: skip


@transaction.atomic
def stand(*, scheme, status, by, at, reason, delivery_score=None, score_reason="", replaced_with=""):
    """Say where `scheme` stands from now on and how surely it will be delivered (1 to 5); returns the new row.

    The score stands until another is given. Raises `Refused`, naming the field.
    """
    if status in ANYBODYS:
        refuse_unless_recording(by, at, scheme.partnership)
    else:
        refuse_unless(by, at, scheme.partnership, LEAD, "That step is for a finance lead of a member.")
    last = scheme.statuses.order_by("-sequence").first()
    if status != last.status and status not in AFTER[Status(last.status)]:
        allowed = " or ".join(each.label.lower() for each in AFTER[Status(last.status)])
        raise Refused(f"It is {last.get_status_display().lower()}. What can follow is {allowed}.", field="status")
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    if status == Status.UNDELIVERABLE and not replaced_with.strip():
        raise Refused("Say what funding replaces it.", field="replaced_with")
    if delivery_score and not score_reason.strip():
        raise Refused("Say why the score is what it is.", field="score_reason")
    if delivery_score is None:
        delivery_score, score_reason = last.delivery_score, last.score_reason
    verb = f"scheme {status}" if status != last.status else "scheme scored"
    with act(by=by, at=at, verb=verb, subject=f"scheme:{scheme.public_id}", reason=reason) as this, ledger_words():
        return SchemeStatus.objects.create(
            act=this, scheme=scheme, partnership_id=scheme.partnership_id, status=status, sequence=last.sequence + 1,
            reason=reason, replaced_with=replaced_with if status == Status.UNDELIVERABLE else "",
            delivery_score=delivery_score, score_reason=score_reason, changed_by=by, changed_at=at,
        )  # fmt: skip
