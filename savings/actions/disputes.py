"""Disputing an entry, and ending a dispute."""

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from councils.rights import AUDITOR, LEAD, RECORDING, rights_of
from partnerships.models import Membership
from savings.models import Dispute, DisputeOutcome, Entry

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
