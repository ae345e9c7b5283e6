"""Charges between members, as the payer or the receiver reports them."""

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from savings.models import Charge
from savings.models.typed import Series

from . import periods, rollups
from .entries import ledger_words


@transaction.atomic
def report_charge(*, by, at, council, partnership, payer, receiver, year, amount_pence, month=None,
                  series=Series.BANKED, final=True, note="", external_key=None):  # fmt: skip
    """What `council` (one of the two) says `payer` owed `receiver` in a period, in positive pence; returns it."""
    if council not in (payer, receiver):
        raise Refused("A charge is reported by its payer or its receiver.", field="council")
    if payer == receiver:
        raise Refused("A council cannot charge itself.", field="receiver")
    if amount_pence == 0:
        raise Refused("An amount cannot be £0.", field="amount")
    quarter = periods.quarter_of_period(year, month)
    adjustment = periods.is_closed(partnership=partnership, council=council, quarter=quarter)
    if amount_pence < 0 and not adjustment:
        raise Refused("A negative charge is only for a quarter that is already closed.", field="amount")
    subject = f"charge {payer.code} to {receiver.code} {year.label}"
    with act(by=by, at=at, verb="charged", subject=subject) as this, ledger_words():
        charge = Charge.objects.create(
            act=this, partnership=partnership, council=council, payer=payer, receiver=receiver, series=series,
            final=final, year=year.start, month=month, amount_pence=amount_pence, adjustment=adjustment, note=note,
            posted_quarter=periods.open_quarter(partnership=partnership, council=council, at=at),
            external_key=external_key, recorded_by=by, recorded_at=at,
        )  # fmt: skip
    rollups.ring()
    return charge
