"""Budget gaps as a table: each year's gap, and the share of it that counted cash-releasing savings meet."""

from councils.money import pounds
from councils.years import FinancialYear
from savings.cells import Cell, FigureTable
from savings.reporting.figures import Year

NO_GAP, NOT_YET = "no gap", "not yet"


def gap_met(gaps: dict[int, int], years: list[Year], *, through: int) -> FigureTable | None:
    """`gaps` is pence by year; `through` the year of reading (a start year). None where no gap is entered.

    Savings are gross of costs and charges, as in the year-by-year table. Years after `through` have met nothing yet.
    """
    if not gaps:
        return None
    known = {each.year: each.figures for each in years}
    rows = []
    for year, gap in sorted(gaps.items()):
        head = [Cell(FinancialYear(year).label), Cell(pounds(gap))]
        if year > through:
            rows.append([*head, *[Cell(NOT_YET)] * 3])
            continue
        counted, proven = (known[year].counted, known[year].proven) if year in known else (0, 0)
        rows.append([*head, Cell(pounds(counted)), Cell(pounds(proven)), Cell(share(counted, gap))])
    return FigureTable(
        caption="The budget gap, and how much of it sharing meets",
        headers=["Year", "Gap", "Counted savings", "Proven savings", "Met by counted savings"],
        rows=rows,
        stacked=True,
    )


def share(counted: int, gap: int) -> str:
    """`12.5%`, of exact pence and rounded half up; nothing below nought is said to be met."""
    if gap == 0:
        return NO_GAP
    tenths = max(0, (2 * counted * 1000 + gap) // (2 * gap))
    return f"{tenths // 10}.{tenths % 10}%"
