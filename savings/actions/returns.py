"""Stepping a member's quarterly returns on, one or several at once: submitted, signed off, closed, reopened."""

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from savings.differing import differing
from savings.models import Entry, Return
from savings.models.typed import Kind, closing_with

from . import assurance, confirmations, rollups
from .entries import COSTS
from .ledger_words import ledger_words

BEFORE = {
    Return.Step.SUBMITTED: (None, Return.Step.REOPENED),
    Return.Step.SIGNED_OFF: (Return.Step.SUBMITTED,),
    Return.Step.CLOSED: (Return.Step.SIGNED_OFF,),
    Return.Step.REOPENED: (Return.Step.SUBMITTED, Return.Step.SIGNED_OFF, Return.Step.CLOSED),
}


MOST_TOGETHER = 60  # returns of one act


@transaction.atomic
def step(*, partnership, council, quarter, step, by, at, nil_savings=False, nil_costs=False, reason=""):
    """Take the return of `council` for `quarter` (a `Quarter`) one step on; returns the new `Return` row.

    What a member states of nil savings and costs it states by submitting; the later steps carry it on. Closing while a
    charge differs needs a `reason` that explains it. Raises `Refused`, naming the field.
    """
    row = _next(
        partnership, council, quarter, step, by=by, at=at, nil_savings=nil_savings, nil_costs=nil_costs, reason=reason
    )
    subject = f"return:{partnership.slug}/{council.code}/{quarter.label}"
    with act(by=by, at=at, verb=f"return {step}", subject=subject, reason=reason) as this, ledger_words():
        row.act_id = this.pk
        row.save(force_insert=True)
    _tell([(partnership, quarter)], council, step, by=by, at=at)
    return row


@transaction.atomic
def step_together(*, council, which, step, by, at):
    """Take several returns of `council` the same step on in one act; all of them or none. Returns their rows.

    `which`: (partnership, `Quarter`) pairs, at most `MOST_TOGETHER`. Nothing is stated to be nil and no difference is
    explained here: a return that needs either takes its step alone. Raises `Refused`, naming the return.
    """
    if step == Return.Step.REOPENED:
        raise Refused("Each quarter is reopened by itself, with its own reason.")
    if not which:
        raise Refused("Tick at least one quarter.")
    if len(which) > MOST_TOGETHER:
        raise Refused(f"Tick at most {MOST_TOGETHER} quarters at once.")
    rows = []
    for partnership, quarter in which:
        try:
            rows.append(_next(partnership, council, quarter, step, by=by, at=at))
        except Refused as refusal:
            raise Refused(f"{quarter.months_label}, {partnership}: {refusal} Nothing was done.") from refusal
    with act(by=by, at=at, verb=f"returns {step}", subject=f"council:{council.code}") as this, ledger_words():
        for row in rows:
            row.act_id = this.pk
        Return.objects.bulk_create(rows)
    _tell(which, council, step, by=by, at=at)
    return rows


def _next(partnership, council, quarter, step, *, by, at, nil_savings=False, nil_costs=False, reason=""):
    """The row that takes one return a step on, not written yet. Raises `Refused`."""
    last = (
        Return.objects.filter(partnership=partnership, council=council, quarter=quarter.first_day)
        .order_by("-sequence")
        .first()
    )
    before = last.step if last else None
    if before not in BEFORE[step]:
        raise Refused("A return goes open, submitted, signed off, closed, in that order.")
    mine = last is not None and last.stepped_by_id == by.pk
    if step == Return.Step.SUBMITTED:
        _refuse_early(quarter, at)
        _refuse_false_nil(partnership, council, quarter, nil_savings=nil_savings, nil_costs=nil_costs)
    elif last:
        nil_savings, nil_costs = last.nil_savings, last.nil_costs
    if step == Return.Step.SIGNED_OFF and mine:
        raise Refused("You cannot sign off a return that you submitted.")
    if step == Return.Step.CLOSED:
        _refuse_unexplained(partnership, council, quarter, reason)
    if step == Return.Step.REOPENED:
        if not reason.strip():
            raise Refused("Say why the quarter is reopened.", field="reason")
        if before == Return.Step.CLOSED and mine:
            raise Refused("You closed this quarter, so somebody else has to reopen it.")
    return Return(
        partnership=partnership, council=council, quarter=quarter.first_day,
        sequence=last.sequence + 1 if last else 1, step=step, nil_savings=nil_savings, nil_costs=nil_costs,
        reason=reason, stepped_by=by, previous_by_id=last.stepped_by_id if last else None, stepped_at=at,
    )  # fmt: skip


def _tell(which, council, step, *, by, at):
    """Ask the other members, count anew and sign a checkpoint, as the step has it."""
    if step == Return.Step.SIGNED_OFF:
        for partnership, quarter in which:
            confirmations.ask_after_return(partnership=partnership, council=council, quarter=quarter, by=by, at=at)
    rollups.ring()
    if step == Return.Step.CLOSED:
        assurance.ring()


def _refuse_early(quarter, at):
    if timezone.localdate(at) < quarter.end:
        raise Refused(f"{quarter.months_label} has not ended yet. Submit its return when it has.")


def _refuse_false_nil(partnership, council, quarter, *, nil_savings, nil_costs):
    """Nothing may be stated to be nil while something is recorded for it; what was reversed is nothing."""
    recorded = set(
        Entry.objects.banked()
        .filter(closing_with(quarter), partnership=partnership, council=council)
        .filter(reverses__isnull=True, reversed_by__isnull=True)
        .values_list("kind", flat=True)
        .distinct()
    )
    if nil_savings and Kind.SAVING in recorded:
        raise Refused("Savings are recorded for this quarter, so they cannot be stated as nil.", field="nil_savings")
    if nil_costs and recorded.intersection(COSTS):
        raise Refused("Costs are recorded for this quarter, so they cannot be stated as nil.", field="nil_costs")


def _refuse_unexplained(partnership, council, quarter, reason):
    found = differing(partnership=partnership.pk, council=council.pk, quarter=quarter.first_day)
    if found and not reason.strip():
        raise Refused(
            "Payer and receiver have to report the same, or the difference has to be explained: "
            + "; ".join(str(each) for each in found)
            + ".",
            field="reason",
        )
