"""Copying the quarter before into a grid: what would be suggested, and which grid has anything to suggest."""

from councils.years import Quarter
from savings.forms.grid import Sent, shown
from savings.grid_page import NOTHING
from savings.models import Entry
from savings.standing_cells import WHOLE, begun, closed_months, standing_cells


def copied(*, council, partnership, quarter: Quarter, today, sent: Sent = NOTHING) -> tuple[Sent, int]:
    """`sent` with the empty months of `quarter` filled from the same months of the quarter before, and how many were.

    What was typed stays as it was. Nothing is saved: the cells are suggestions, marked so.
    """
    before = _before(quarter)
    there = standing_cells(council=council, partnership=partnership, year=before.year)
    here = there if before.year == quarter.year else standing_cells(
        council=council, partnership=partnership, year=quarter.year)  # fmt: skip
    values, marks, suggested = dict(sent.values), dict(sent.marks), set(sent.suggested)
    closed = closed_months(council=council, partnership=partnership, year=quarter.year)
    filled = 0
    for key, months in there.items():
        whole = any(row[:2] == key[:2] and WHOLE in held for row, held in here.items())
        for source, target in zip(before.months, quarter.months, strict=True):
            place = (key, target)
            taken = whole or target in closed or here.get(key, {}).get(target) or values.get(place)
            if source in months and begun(quarter.year, target, today) and not taken:
                values[place], marks[place] = shown(months[source].pence), ""
                suggested.add(place)
                filled += 1
    return sent._replace(values=values, marks=marks, suggested=suggested), filled


def worth_copying(places, quarter: Quarter, today):
    """The first of `places`, (council, partnership) pairs, of which a month of the quarter before `quarter` can be
    copied; None when there is none. One query, and five for each place that has an amount then."""
    before = _before(quarter)
    held = set(
        Entry.objects.banked()
        .in_year(before.year)
        .filter(
            council__in={council.pk for council, _ in places}, partnership__in={each.pk for _, each in places},
            month__in=before.months, reverses__isnull=True, reversed_by__isnull=True,
        )
        .order_by()
        .values_list("council", "partnership")
        .distinct()
    )  # fmt: skip
    likely = [(council, partnership) for council, partnership in places if (council.pk, partnership.pk) in held]
    return next(
        (
            (council, partnership) for council, partnership in likely
            if copied(council=council, partnership=partnership, quarter=quarter, today=today)[1]
        ),
        None,
    )  # fmt: skip


def _before(quarter):
    return Quarter(quarter.year, quarter.quarter - 1) if quarter.quarter > 1 else _last_of(quarter.year)


def _last_of(year):
    return type(year)(year.start - 1).quarters[3]
