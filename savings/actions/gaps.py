"""Saying what savings a council's budget needs in a year. A gap is never changed: a later row for the year follows."""

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.models import BudgetGap
from councils.money import pounds
from councils.refusals import Refused
from councils.rights import LEAD, rights_of

from .ledger_words import ledger_words


@transaction.atomic
def set_gap(*, council, year, amount_pence, reason, by, at):
    """From now on the budget of `council` needs `amount_pence` of savings in `year` (£0: none after all).

    `year` is a FinancialYear. Returns the new row. Raises Refused for anybody but a finance lead of the council.
    """
    if council.pk not in rights_of(by.pk, on=timezone.localdate(at)).councils(LEAD):
        raise Refused(f"Only a finance lead of {council.short_name} says what its budget needs.")
    if not reason.strip():
        raise Refused("Say where the figure is written down.", field="reason")
    if amount_pence < 0:
        raise Refused("Enter the gap as a positive amount: £0 when the budget needs no savings.", field="amount")
    stands = BudgetGap.objects.filter(council=council, year=year.start).order_by("-pk").first()
    if stands and stands.amount_pence == amount_pence:
        raise Refused(f"The gap of {year.label} is {pounds(amount_pence)} already.", field="amount")
    subject = f"budget gap {year.label}"
    with act(by=by, at=at, verb="set budget gap", subject=subject, reason=reason) as this, ledger_words():
        return BudgetGap.objects.create(act=this, council=council, year=year.start, amount_pence=amount_pence)
