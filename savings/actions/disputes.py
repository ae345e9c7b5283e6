"""Disputing an entry, ending a dispute, and finding two claims that look alike distinct."""

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from councils.rights import AUDITOR, LEAD, RECORDING, rights_of
from councils.years import FinancialYear
from partnerships.models import Membership
from savings.models import Dispute, DisputeOutcome, Distinction, DistinctionAcross, Entry

from . import rollups
from .ledger_words import ledger_words

Outcome = DisputeOutcome.Outcome
WHO_ENDS = {
    Outcome.WITHDRAWN: "A dispute is withdrawn by a finance lead of the council that raised it, or by who raised it.",
    Outcome.UPHELD: "A dispute is upheld by a finance lead of the council whose amount it is.",
    Outcome.DISMISSED: (
        "A dispute is dismissed by neither side: by a finance lead of another member, or by an auditor of a member."
    ),
}


@transaction.atomic
def dispute(*, entry, council, by, at, reason):
    """A member (`council`) disputes `entry`; it is shown as disputed until the dispute is ended."""
    if not reason.strip():
        raise Refused("Say what is wrong with the amount.", field="reason")
    if Entry.objects.filter(reverses=entry).exists() or entry.reverses_id:
        raise Refused("This entry is reversed: there is nothing left to dispute.")
    if Dispute.objects.filter(entry=entry, council=council, ended__isnull=True).exists():
        raise Refused(f"{council} disputes this entry already. It stays disputed until that is decided.")
    with ledger_words(), act(by=by, at=at, verb="disputed", subject=f"entry:{entry.public_id}", reason=reason) as this:
        raised = Dispute.objects.create(
            act=this, entry=entry, partnership_id=entry.partnership_id, council=council, reason=reason,
            raised_by=by, raised_at=at,
        )  # fmt: skip
    rollups.ring()
    return raised


def sides(*, dispute, by, rights):
    """How `by`, who holds `rights`, may end `dispute`, and for which council each: `{outcome: council id}`.

    Withdrawn by the side that raised it (its lead, or whoever raised it), upheld by a lead of the entry's council, and
    dismissed by neither side: a lead of a third member, or an auditor of a member who writes for neither. What the
    product raised by itself a lead of the entry's council may dismiss, unless they recorded it.
    """
    entry, mine, product = dispute.entry, dispute.raised_by_id == by.pk, dispute.raised_by.system
    found = {}
    if (rights.may_sign_off(dispute.council_id) and not product) or (mine and rights.may_record(dispute.council_id)):
        found[Outcome.WITHDRAWN] = dispute.council_id
    if mine:
        return found
    if rights.may_sign_off(entry.council_id):
        found[Outcome.UPHELD] = entry.council_id
        if product:
            found[Outcome.DISMISSED] = entry.council_id
    if rights.councils(*RECORDING) & {entry.council_id, dispute.council_id}:
        return found
    members = set(
        Membership.objects.current().filter(partnership=dispute.partnership_id).values_list("council", flat=True)
    )
    neither = rights.councils(LEAD) & members - {entry.council_id, dispute.council_id} or (
        rights.councils(AUDITOR) & members
    )
    if neither:
        found[Outcome.DISMISSED] = min(neither)
    return found


@transaction.atomic
def end_dispute(*, dispute, outcome, by, at, reason, council=None):
    """End a dispute as `sides` allows, for `council` when that is said; returns the `DisputeOutcome`.

    Raises `Refused`, naming the field.
    """
    if dispute.reading_id:
        raise Refused("That is about quality. It is decided on the scheme’s page, for all its claims at once.")
    if not reason.strip():
        raise Refused("Say why it ends so.", field="reason")
    if dispute.raised_by_id == by.pk and outcome != Outcome.WITHDRAWN:
        raise Refused("You cannot decide a dispute you raised yourself. You can withdraw it.")
    if dispute.entry.recorded_by_id == by.pk and outcome == Outcome.DISMISSED:
        raise Refused("You cannot dismiss a dispute about an amount you recorded yourself. Somebody else decides it.")
    side = sides(dispute=dispute, by=by, rights=rights_of(by.pk, on=timezone.localdate(at))).get(outcome)
    if side is None or (council and council.pk != side):
        raise Refused(WHO_ENDS[outcome])
    if DisputeOutcome.objects.filter(dispute=dispute).exists():
        raise Refused("That dispute has already ended.")
    with (
        act(by=by, at=at, verb="ended dispute", subject=f"dispute:{dispute.public_id}", reason=reason) as this,
        ledger_words(),
    ):
        ended = DisputeOutcome.objects.create(
            act=this, dispute=dispute, entry_id=dispute.entry_id, partnership_id=dispute.partnership_id,
            council_id=side, outcome=outcome, reason=reason, decided_by=by, decided_at=at,
        )  # fmt: skip
    rollups.ring()
    return ended


@transaction.atomic
def find_distinct(*, partnership, year, council, scheme, other_council, other_scheme, by, at, reason):
    """Two lines that look like one claim are two: said by somebody who recorded neither, with the reason."""
    if not reason.strip():
        raise Refused("Say why these are two savings and not one.", field="reason")
    subject = f"{scheme.reference} and {other_scheme.reference} {year.label}"
    with act(by=by, at=at, verb="found distinct", subject=subject, reason=reason) as this, ledger_words():
        found = Distinction.objects.create(
            act=this, partnership=partnership, year=year.start, council=council, scheme=scheme,
            other_council=other_council, other_scheme=other_scheme, reason=reason, decided_by=by, decided_at=at,
        )  # fmt: skip
    rollups.ring()
    return found


@transaction.atomic
def find_distinct_across(*, council, year, scheme, other_scheme, by, at, reason):
    """The near claims of `council` on two schemes, each of another partnership, are two savings (rule 3).

    Said by a lead of that council who recorded neither; it clears both partnerships' lines.
    """
    if not reason.strip():
        raise Refused("Say why these are two savings and not one.", field="reason")
    first, second = sorted((scheme, other_scheme), key=lambda each: each.partnership_id)
    subject = f"{first.reference} and {second.reference} {year.label}"
    with act(by=by, at=at, verb="found distinct", subject=subject, reason=reason) as this, ledger_words():
        found = DistinctionAcross.objects.create(
            act=this, council=council, year=year.start, partnership_id=first.partnership_id, scheme=first,
            other_partnership_id=second.partnership_id, other_scheme=second, reason=reason, decided_by=by,
            decided_at=at,
        )  # fmt: skip
    rollups.ring()
    return found


@transaction.atomic
def tell_apart(*, entry, others, by, at, reason):
    """The line of `entry` is another saving than the lines of each of `others` (entries): one act, whatever the rule.

    Lines of one partnership are told apart from each other (rule 2), those of one council in two partnerships across
    them (rule 3). What was said before stays as it was.
    """
    if not reason.strip():
        raise Refused("Say why these are two savings and not one.", field="reason")
    if any(each.year != entry.year or each.series != entry.series for each in others):
        raise Refused("Only savings of one year can be one saving.")
    within, across = [], []
    for other in others:
        if other.partnership_id == entry.partnership_id:
            within.append(other)
        elif other.council_id == entry.council_id:
            across.append(other)
        else:
            raise Refused("These are not compared: they are of two councils in two partnerships.")
    said = f"{', '.join(each.scheme.reference for each in [entry, *others])} {FinancialYear(entry.year).label}"
    with act(by=by, at=at, verb="found distinct", subject=said, reason=reason) as this, ledger_words():
        for other in within:
            Distinction.objects.create(
                act=this, partnership_id=entry.partnership_id, year=entry.year, council_id=entry.council_id,
                scheme_id=entry.scheme_id, other_council_id=other.council_id, other_scheme_id=other.scheme_id,
                reason=reason, decided_by=by, decided_at=at,
            )  # fmt: skip
        for other in across:
            first, second = sorted((entry, other), key=lambda each: each.partnership_id)
            DistinctionAcross.objects.create(
                act=this, council_id=entry.council_id, year=entry.year, partnership_id=first.partnership_id,
                scheme_id=first.scheme_id, other_partnership_id=second.partnership_id, other_scheme_id=second.scheme_id,
                reason=reason, decided_by=by, decided_at=at,
            )  # fmt: skip
    rollups.ring()
