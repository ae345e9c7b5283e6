"""Stepping a member's quarterly return on: submitted, signed off, closed, reopened."""

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from savings.models import Return

from . import rollups
from .entries import ledger_words

BEFORE = {
    Return.Step.SUBMITTED: (None, Return.Step.REOPENED),
    Return.Step.SIGNED_OFF: (Return.Step.SUBMITTED,),
    Return.Step.CLOSED: (Return.Step.SIGNED_OFF,),
    Return.Step.REOPENED: (Return.Step.SUBMITTED, Return.Step.SIGNED_OFF, Return.Step.CLOSED),
}


@transaction.atomic
def step(*, partnership, council, quarter, step, by, at, nil_savings=False, nil_costs=False, reason=""):
    """Take the return of `council` for `quarter` (a `Quarter`) one step on; returns the new `Return` row."""
    last = (
        Return.objects.filter(partnership=partnership, council=council, quarter=quarter.first_day)
        .order_by("-sequence")
        .first()
    )
    if (last.step if last else None) not in BEFORE[step]:
        raise Refused("A return goes open, submitted, signed off, closed, in that order.")
    if step == Return.Step.SIGNED_OFF and last.stepped_by_id == by.pk:
        raise Refused("You cannot sign off a return that you submitted.")
    if step == Return.Step.REOPENED and not reason.strip():
        raise Refused("Say why the quarter is reopened.", field="reason")
    subject = f"return:{partnership.slug}/{council.code}/{quarter.label}"
    with act(by=by, at=at, verb=f"return {step}", subject=subject, reason=reason) as this, ledger_words():
        stepped = Return.objects.create(
            act=this, partnership=partnership, council=council, quarter=quarter.first_day,
            sequence=last.sequence + 1 if last else 1, step=step, nil_savings=nil_savings, nil_costs=nil_costs,
            reason=reason, stepped_by=by, previous_by_id=last.stepped_by_id if last else None, stepped_at=at,
        )  # fmt: skip
    rollups.ring()
    return stepped
