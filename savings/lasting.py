"""What a council's and a partnership's page say of recurring savings: run-rate, lapses, and what failed too soon."""

from typing import NamedTuple

from councils.money import pounds
from councils.years import FinancialYear
from savings.cells import Cell, FigureTable
from savings.reporting.recurring import Saving, Standing, restated, savings


class TakenBack(NamedTuple):
    """A recurring saving that failed within two full years: what was banked of it, and since when it is gone."""

    saving: Saving
    pence: int
    banked: str  # `2023/24`, or `2023/24 to 2024/25`
    failed: str


class Lasting(NamedTuple):
    run_rate: int  # pence a year, cash-releasing, gross
    live: int  # how many savings it comes from
    lapsed: list[Saving]
    ended: list[Saving]
    taken_back: list[TakenBack]
    sentence: str  # of the restated series; empty where nothing failed
    table: FigureTable | None


def lasting(points, *, on, council=None, partnership=None) -> Lasting | None:
    """None without any recurring saving. `points` are those of the curve on the same page. At most five queries."""
    found = savings(on, council=council, partnership=partnership)
    if not found:
        return None
    taken = [
        TakenBack(one, spell.pence, _years(spell), FinancialYear(spell.next).label)
        for one in found if one.cash
        for spell in one.taken_back
    ]  # fmt: skip
    series = restated(points, found)
    live = [one for one in found if one.cash and one.standing == Standing.LIVE]
    return Lasting(
        run_rate=sum(one.run_rate for one in live),
        live=len(live),
        lapsed=[one for one in found if one.standing == Standing.LAPSED],
        ended=[one for one in found if one.standing == Standing.ENDED],
        taken_back=taken,
        sentence=_sentence(taken, series),
        table=_table(series) if series else None,
    )


def _years(spell) -> str:
    first, last = FinancialYear(spell.first).label, FinancialYear(spell.last).label
    return first if first == last else f"{first} to {last}"


def _sentence(taken, series) -> str:
    if not series:
        return ""
    many, total = len(taken), pounds(sum(one.pence for one in taken))
    last = series[-1]
    return (
        f"{many} recurring saving{' was' if many == 1 else 's were'} not delivered for two full years after the first: "
        f"{total} of cash-releasing savings. Restated without {'it' if many == 1 else 'them'}, what is claimed to the "
        f"end of {last.label} is {pounds(last.restated)} net, not {pounds(last.recorded)}. The entries stay as they "
        "were."
    )


def _table(series) -> FigureTable:
    return FigureTable(
        "Restated: cumulative net claimed, nominal, without recurring savings that failed within two full years",
        ["To the end of", "As recorded", "Reversed", "Restated"],
        [
            [Cell(one.label), Cell(pounds(one.recorded)), Cell(pounds(-one.taken_back)), Cell(pounds(one.restated))]
            for one in series
        ],
    )
