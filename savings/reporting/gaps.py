"""What savings a council's budget needs, year by year: as entered, or carried from the councils it follows.

A predecessor's gap of a year is shared out like its figures and added to what the heir entered for itself, so that the
gaps of all heirs sum to the gaps that were entered. Money is pence; years are financial-year starts.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from councils import carrying
from councils.models import BudgetGap
from councils.succession import Line, carried
from councils.years import FinancialYear


class Gap(NamedTuple):
    """One row in force, as far as it is the asked council's: all of it, or while carrying its share."""

    year: int
    pence: int
    entered: BudgetGap  # with its council, its act and who did it

    @property
    def label(self) -> str:
        return FinancialYear(self.year).label


def gaps_of(council) -> list[Gap]:
    """Rows in force for `council`, latest year first, its own before others'. One query, two while carrying."""
    through = carrying.reading()
    rows = (
        BudgetGap.objects.filter(council__in=carrying.forebears({council.pk}))
        .select_related("council", "act__person")
        .order_by("council_id", "year", "-pk")
        .distinct("council_id", "year")
    )
    found = arrived(rows, through or {}, council.pk)
    return sorted(
        found, key=lambda each: (-each.year, each.entered.council_id != council.pk, each.entered.council.name)
    )


def arrived(rows: Iterable[BudgetGap], through: Line, council: int) -> list[Gap]:
    """Of each row the part that comes to `council` (its id); rows of which nothing comes are left out."""
    found = []
    for row in rows:
        parts = carried(row.amount_pence, row.council_id, through)
        if council in parts:
            found.append(Gap(row.year, parts[council], row))
    return found


def by_year(gaps: Iterable[Gap]) -> dict[int, int]:
    """Pence by year, ascending; several predecessors' gaps of a year are added."""
    found: defaultdict[int, int] = defaultdict(int)
    for each in gaps:
        found[each.year] += each.pence
    return dict(sorted(found.items()))
