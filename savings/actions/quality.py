"""Agreeing what a saving must leave as good as it was, reading it, and deciding when it did not hold (R15).

A reading worse than tolerated disputes the claims of its year by itself: the database does that in the same act, in
the product's own name, so that no page, import or command can leave it out.
"""

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from councils.rights import LEAD, RECORDING, rights_of
from councils.years import Quarter
from partnerships.models import Membership
from savings.models import Dispute, DisputeOutcome, Indicator, IndicatorWaiver, Reading

from . import rollups
from .ledger_words import ledger_words

Outcome = DisputeOutcome.Outcome


@transaction.atomic
def agree(*, by, at, partnership, name, unit, higher_is_better, baseline, tolerance):
    """A new indicator of the partnership: its value before sharing, and how much worse (in its unit) is tolerated.

    For a finance lead of a member: who records a saving does not choose alone what it is measured by.
    """
    refuse_unless(by, at, partnership, LEAD, "A finance lead of a member agrees an indicator.")
    if tolerance < 0:
        raise Refused("A tolerance is zero or more.", field="tolerance")
    if Indicator.objects.filter(partnership=partnership, name=name).exists():
        raise Refused("This partnership already has an indicator with that name.", field="name")
    with act(by=by, at=at, verb="agreed indicator", subject=f"{partnership.slug}: {name}") as this, ledger_words():
        return Indicator.objects.create(
            act=this, partnership=partnership, name=name, unit=unit, higher_is_better=higher_is_better,
            baseline=baseline, tolerance=tolerance, agreed_by=by, agreed_at=at,
        )  # fmt: skip


@transaction.atomic
def read(*, by, at, indicator, council, quarter, value, source, replaces=None, reason=""):
    """What `indicator` read for `council` in `quarter` (a `Quarter`), and where the figure comes from.

    A quarter has one reading in force; `replaces` is that one, when it is put right, with the `reason`.
    """
    if quarter.first_day > at.date():
        raise Refused(f"{quarter.months_label} has not begun yet.", field="quarter")
    if not source.strip():
        raise Refused("Say where the figure comes from.", field="source")
    held = Reading.objects.filter(
        indicator=indicator, council=council, quarter=quarter.first_day, replaced_by__isnull=True
    ).first()
    if replaces is None and held:
        raise Refused(f"{quarter.months_label} has a reading already. Put that one right instead.", field="quarter")
    if replaces is not None and (held is None or held.pk != replaces.pk):
        raise Refused("Somebody put that reading right meanwhile. Look at it again.")
    if replaces is not None and not reason.strip():
        raise Refused("Say why the reading is put right.", field="reason")
    subject = f"{indicator.name} {quarter.label}"
    verb = "put reading right" if replaces else "read indicator"
    with ledger_words(), act(by=by, at=at, verb=verb, subject=subject, reason=reason) as this:
        reading = Reading.objects.create(
            act=this, indicator=indicator, partnership_id=indicator.partnership_id, council=council,
            quarter=quarter.first_day, value=value, source=source, replaces=replaces, reason=reason, read_by=by,
            read_at=at,
        )  # fmt: skip
    rollups.ring()
    return reading


def correct(*, reading, value, source, reason, by, at):
    """Put `reading` right by another that replaces it; disputes that only stood on it end by themselves."""
    return read(
        by=by, at=at, indicator=reading.indicator, council=reading.council,
        quarter=Quarter.containing(reading.quarter), value=value, source=source, replaces=reading, reason=reason,
    )  # fmt: skip


def open_disputes(*, reading, scheme):
    """The disputes about `reading` over claims of `scheme` that nobody has decided yet, oldest first."""
    return Dispute.objects.filter(reading=reading, entry__scheme=scheme, ended__isnull=True).order_by("pk")


@transaction.atomic
def decide(*, reading, scheme, outcome, reason, by, at):
    """Decide, in one act, every open dispute about `reading` over claims of `scheme`; returns the outcomes.

    Dismissed: the quality is accepted, and the claims stand. Upheld: quality did not hold, and the claims stay shown as
    disputed until they are reversed or the reading is put right. For a finance lead of the council that claims, who
    neither recorded a claim nor read the indicator.
    """
    if not rights_of(by.pk, on=at.date()).may_sign_off(reading.council_id):
        raise Refused("A finance lead of the council that claims decides this.")
    if outcome not in (Outcome.DISMISSED, Outcome.UPHELD):
        raise Refused("Say whether the quality is accepted.", field="outcome")
    if not reason.strip():
        raise Refused("Say why, so that others can follow it.", field="reason")
    waiting = list(open_disputes(reading=reading, scheme=scheme).select_related("entry"))
    if not waiting:
        raise Refused("That has been decided already.")
    if reading.read_by_id == by.pk:
        raise Refused("You entered that reading, so another finance lead decides.")
    if any(dispute.entry.recorded_by_id == by.pk for dispute in waiting):
        raise Refused("You recorded one of these claims, so another finance lead decides.")
    subject = f"scheme:{scheme.public_id}"
    with act(by=by, at=at, verb="decided on quality", subject=subject, reason=reason) as this, ledger_words():
        ended = [
            DisputeOutcome.objects.create(
                act=this, dispute=dispute, entry_id=dispute.entry_id, partnership_id=dispute.partnership_id,
                council_id=dispute.council_id, outcome=outcome, reason=reason, decided_by=by, decided_at=at,
            )
            for dispute in waiting
        ]  # fmt: skip
    rollups.ring()
    return ended


@transaction.atomic
def waive(*, scheme, reason, by, at):
    """State, with the reason, that no indicator applies to `scheme`; for a finance lead of a member."""
    refuse_unless(by, at, scheme.partnership, LEAD, "A finance lead of a member states that.")
    if not reason.strip():
        raise Refused("Say why nothing measures the quality of this.", field="reason")
    with act(by=by, at=at, verb="waived indicator", subject=f"scheme:{scheme.public_id}", reason=reason) as this:
        return IndicatorWaiver.objects.create(
            act=this, scheme=scheme, partnership_id=scheme.partnership_id, reason=reason, stated_by=by, stated_at=at
        )


def refuse_unless(by, at, partnership, roles, words):
    """Refuse, in `words`, whoever holds none of `roles` for a member of `partnership`."""
    mine = rights_of(by.pk, on=at.date()).councils(*([roles] if isinstance(roles, str) else roles))
    if not mine or not Membership.objects.filter(partnership=partnership, council__in=mine).exists():
        raise Refused(words)


def refuse_unless_recording(by, at, partnership):
    refuse_unless(by, at, partnership, RECORDING, "Somebody who records for a member does this.")
