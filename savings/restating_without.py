"""A version written out again as it stands once a member has left: the first contents of its restatement.

What was promised to or by the leaver ends with its membership. In the year it leaves, a whole year's amount is kept by
the month (a month begun as a member counts, pence are cut off), a month's amount if the month began before the day.
"""

import datetime
from types import SimpleNamespace

from partnerships.models import LeavingCost
from savings.models.typed import Kind, Recurrence

from .restating import charge_cells, initial_of, line_cells, written


def without(case, notice):
    """What `savings.restating.initial_of` gives, without who leaves by `notice` and with what that costs."""
    lines = [
        _less(line, kept)
        for line in case.lines.select_related("council").order_by("pk")
        if (kept := _kept(line, notice, line.council_id == notice.council_id))
    ]
    charges = [
        _less(charge, kept)
        for charge in case.charges.select_related("payer", "receiver").order_by("pk")
        if (kept := _kept(charge, notice, notice.council_id in (charge.payer_id, charge.receiver_id)))
    ]
    costs = list(notice.costs.select_related("council").order_by("year", "council__name", "pk"))
    return initial_of(case) | {
        "lines": written(line_cells(line) for line in [*lines, *map(_cost, costs)]),
        "charges": written(charge_cells(charge) for charge in charges),
        "restated_for": "boundary",
        "horizon_year": max([case.horizon_year, *(cost.year for cost in costs)]),
        "explanation": f"{notice.council.short_name} leaves on {notice.leaves_on:%-d %B %Y}. What was promised to it "
        "ends with its membership; exit cost and stranded overhead are added as it and the others expect them.",
    }


def months_kept(year, leaves_on):
    """How many months of the financial year (its start) begin before the day `leaves_on`."""
    firsts = [datetime.date(year, month, 1) for month in range(4, 13)]
    firsts += [datetime.date(year + 1, month, 1) for month in range(1, 4)]
    return sum(first < leaves_on for first in firsts)


def _kept(row, notice, theirs):
    """Pence of `row` that still stand."""
    if not theirs:
        return row.amount_pence
    months = months_kept(row.year, notice.leaves_on)
    if month := getattr(row, "month", None):
        return row.amount_pence if month <= months else 0
    return row.amount_pence * months // 12


def _less(row, kept):
    row.amount_pence = kept
    return row


def _cost(cost):
    """A line of a business case: an exit cost is paid once, a stranded overhead while it lasts."""
    exits = cost.what == LeavingCost.What.EXIT
    return SimpleNamespace(
        council=cost.council, scheme_reference=cost.scheme_reference, year=cost.year, month=None, benefit_class=None,
        kind=Kind.ONE_OFF_COST if exits else Kind.RUNNING_COST, amount_pence=cost.amount_pence, funded_by="",
        recurrence=Recurrence.ONE_OFF if exits else Recurrence.TIME_LIMITED,
    )  # fmt: skip
