"""Charges between members, as the payer or the receiver reports them."""

import uuid

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.models import Charge
from savings.models.typed import Series

from . import periods, rollups
from .entries import refuse_stranger
from .ledger_words import ledger_words


@transaction.atomic
def report_charge(*, by, at, council, partnership, payer, receiver, year, amount_pence, month=None,
                  series=Series.BANKED, final=True, note="", external_key=None, public_id=None):  # fmt: skip
    """What `council` (one of the two) says `payer` owed `receiver` in a period, in positive pence; returns it.

    `public_id` is given by a form that may be sent twice: the second time raises IntegrityError. Raises `Refused`,
    naming the field.
    """
    if council not in (payer, receiver):
        raise Refused("A charge is reported by its payer or its receiver.", field="council")
    if payer == receiver:
        raise Refused("A council cannot charge itself.", field="receiver")
    if amount_pence == 0:
        raise Refused("An amount cannot be £0.", field="amount")
    for side in (payer, receiver):
        refuse_stranger(council=side, partnership=partnership, year=year, month=month, cost=False)
    adjustment = _adjusts(partnership=partnership, council=council, year=year, month=month)
    if amount_pence < 0 and not adjustment:
        raise Refused(
            "A negative charge is only for a quarter that is already closed. To undo a charge, reverse it.",
            field="amount",
        )
    subject = f"charge {payer.code} to {receiver.code} {year.label}"
    with ledger_words(), act(by=by, at=at, verb="charged", subject=subject) as this:
        charge = _create(
            this, by=by, at=at, council=council, partnership=partnership, payer=payer, receiver=receiver, year=year,
            month=month, series=series, final=final, amount_pence=amount_pence, adjustment=adjustment, note=note,
            external_key=external_key, public_id=public_id,
        )  # fmt: skip
    rollups.ring()
    return charge


@transaction.atomic
def finalise_charge(*, charge, by, at, amount_pence, note="", public_id=None):
    """Replace a provisional `charge` by its final amount in one act: reversed, and reported anew; returns the new one.

    `public_id` is given by a form that may be sent twice. Raises `Refused`, naming the field.
    """
    if charge.final:
        raise Refused("This charge is final already. To change it, reverse it and report it again.")
    _refuse_settled(charge)
    if amount_pence <= 0:
        raise Refused("Enter the final amount, more than £0. If nothing is owed after all, reverse it.", field="amount")
    year = FinancialYear(charge.year)
    adjustment = _adjusts(partnership=charge.partnership, council=charge.council, year=year, month=charge.month)
    subject = f"charge:{charge.public_id}"
    with ledger_words(), act(by=by, at=at, verb="finalised", subject=subject, reason=note) as this:
        _reverse(this, charge=charge, by=by, at=at, reason="Replaced by the final amount")
        final = _create(
            this, by=by, at=at, council=charge.council, partnership=charge.partnership, payer=charge.payer,
            receiver=charge.receiver, year=year, month=charge.month, series=charge.series, final=True,
            amount_pence=amount_pence, adjustment=adjustment, note=note, external_key=None, public_id=public_id,
        )  # fmt: skip
    rollups.ring()
    return final


@transaction.atomic
def reverse_charge(*, charge, by, at, reason):
    """Report the equal and opposite of `charge`, once, with a reason; returns the reversing `Charge`."""
    if not reason.strip():
        raise Refused("Say why this charge is reversed.", field="reason")
    _refuse_settled(charge)
    subject = f"charge:{charge.public_id}"
    with ledger_words(), act(by=by, at=at, verb="reversed", subject=subject, reason=reason) as this:
        reversal = _reverse(this, charge=charge, by=by, at=at, reason=reason)
    rollups.ring()
    return reversal


def _refuse_settled(charge):
    if charge.series == Series.PROJECTED:
        raise Refused("A planned charge is part of an approved business case. Restate the case instead.")
    if charge.reverses_id:
        raise Refused("This charge is itself a reversal. Report the charge again instead.")
    if Charge.objects.filter(reverses=charge).exists():
        raise Refused("This charge is already reversed.")


def _adjusts(*, partnership, council, year, month):
    quarter = periods.quarter_of_period(year, month)
    return periods.is_closed(partnership=partnership, council=council, quarter=quarter)


def _create(this, *, by, at, partnership, council, year, public_id, **facts):
    """Within the act `this`, one charge as `council` reports it."""
    return Charge.objects.create(
        act=this, partnership=partnership, council=council, year=year.start, recorded_by=by, recorded_at=at,
        posted_quarter=periods.open_quarter(partnership=partnership, council=council, at=at),
        public_id=public_id or uuid.uuid4(), **facts,
    )  # fmt: skip


def _reverse(this, *, charge, by, at, reason):
    """Within the act `this`, the equal and opposite of `charge`."""
    copied = {
        field: getattr(charge, field)
        for field in (
            "council_id", "partnership_id", "payer_id", "receiver_id", "series", "final", "year", "month", "adjustment",
        )
    }  # fmt: skip
    return Charge.objects.create(
        **copied,
        act=this,
        posted_quarter=periods.open_quarter(partnership=charge.partnership, council=charge.council, at=at),
        amount_pence=-charge.amount_pence,
        note=reason,
        reverses=charge,
        recorded_by=by,
        recorded_at=at,
    )
