"""Forecasting what is still to come of a year, month by month. A forecast is superseded, never edited.

Superseding is the reversal of the old forecast and a new entry in one act, so that what was expected when can always be
read. A forecast needs no proof and is never added to what is banked.
"""

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from savings.models import Entry
from savings.models.typed import Kind, Series

from . import entries, rollups
from .ledger_words import ledger_words
from .schemes import current


def held(scheme, council, year):
    """The forecast savings of one member and year that stand, by month (None is the whole year)."""
    found = Entry.objects.filter(
        scheme=scheme, council=council, year=year.start, series=Series.FORECAST, kind=Kind.SAVING,
        reverses__isnull=True, reversed_by__isnull=True,
    ).order_by("pk")  # fmt: skip
    by_month: dict[int | None, list[Entry]] = {}
    for entry in found:
        by_month.setdefault(entry.month, []).append(entry)
    return by_month


def remaining(year, today):
    """The months of `year` that have not ended on `today`, 1 (April) to 12."""
    return [
        month
        for month in range(1, 13)
        if (year.month_first_day(month + 1) if month < 12 else year.end) > today
    ]  # fmt: skip


@transaction.atomic
def revise(*, scheme, council, year, months, by, at, reason=""):
    """Forecast what `scheme` will save `council` in `months` of `year`: pence by month (1 is April), None for nothing.

    Months that say what is forecast already are left alone; a forecast for the whole year gives way to months. Returns
    (how many were recorded, how many were taken back). Raises `Refused` for a month that has ended.
    """
    open_months = remaining(year, timezone.localdate(at))
    if over := [month for month in months if month not in open_months]:
        raise Refused(f"{year.month_label(over[0])} is over. What it brought is banked, not forecast.")
    standing, facts = held(scheme, council, year), current(scheme)
    changed = {
        month: pence
        for month, pence in months.items()
        if (pence or 0) != sum(entry.amount_pence for entry in standing.get(month, []))
    }
    if not changed:
        raise Refused("Nothing is changed: this is what is forecast already.")
    if any(pence is not None and pence < 0 for pence in changed.values()):
        raise Refused("A forecast saving is a positive amount.")
    why = reason.strip() or "Superseded by a later forecast."
    back = [entry for month in (*changed, None) for entry in standing.get(month, [])]
    verb = {"verb": "forecast", "subject": f"scheme:{scheme.public_id}", "reason": reason}
    with act(by=by, at=at, **verb) as this, ledger_words():
        for entry in back:
            entries.reverse(entry=entry, by=by, at=at, reason=why, within=this)
        new = [(month, pence) for month, pence in changed.items() if pence]
        for month, pence in new:
            entries.record(
                by=by, at=at, council=council, partnership=scheme.partnership, scheme=scheme, kind=Kind.SAVING,
                series=Series.FORECAST, year=year, month=month, amount_pence=pence, note=reason,
                benefit_class=facts.benefit_class, recurrence=facts.recurrence, within=this,
            )  # fmt: skip
    rollups.ring()
    return len(new), len(back)
