"""One figure from one function: what pages, charts, sentences, reports and exports say about councils and partnerships.

Everything here is read from roll-up facts, as far as the reader may see (row-level security decides), at one query a
call. Money is signed pence, nominal; years are financial-year starts. `on` is the day of reading: totals go through
the financial year that contains it, so a promise for later years is not yet owed.
`sentence` and `freshness` stand in modules of their own and can be called from here.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from councils.years import FinancialYear
from savings.models import Rollup

from . import added
from .freshness import Freshness, Silent, freshness, last_complete_year
from .sentences import sentence

__all__ = [
    "CouncilFigures", "Figures", "Freshness", "Named", "PartnershipFigures", "Point", "Silent", "Year", "by_council",
    "by_partnership", "council_figures", "freshness", "last_complete_year", "partnership_figures", "sentence",
]  # fmt: skip


class Figures(NamedTuple):
    """Sums of roll-up facts. Savings are cash-releasing ones; `counted` is after the duplicate rules."""

    promised: int = 0  # cash savings of the business case in force
    promised_cost: int = 0
    promised_charges: int = 0  # received less paid
    forecast: int = 0
    forecast_cost: int = 0
    claimed: int = 0
    counted: int = 0
    proven: int = 0
    grade_0: int = 0  # of counted: self-declared, documented, signed off, audited
    grade_1: int = 0
    grade_2: int = 0
    grade_3: int = 0
    disputed: int = 0  # of counted, openly disputed
    one_off_cost: int = 0
    running_cost: int = 0
    charges_paid: int = 0
    charges_received: int = 0  # as the payers report it
    charges_unreconciled: int = 0  # what receivers report less what payers report
    non_cash: int = 0  # beside cash, never added to it
    avoidance: int = 0
    reduction: int = 0
    funding_shift: int = 0
    income: int = 0
    recurring: int = 0  # of counted
    entries: int = 0  # banked entries, reversals too: a number of rows
    unsigned: int = 0  # banked entries that stand below grade 2: a number of rows

    @property
    def costs(self) -> int:
        return self.one_off_cost + self.running_cost

    @property
    def charges(self) -> int:
        """Received less paid; nothing for a whole partnership, where charges cancel."""
        return self.charges_received - self.charges_paid

    @property
    def net_promised(self) -> int:
        return self.promised - self.promised_cost + self.promised_charges

    @property
    def net_forecast(self) -> int:
        return self.forecast - self.forecast_cost

    @property
    def net_claimed(self) -> int:
        return self.claimed - self.costs + self.charges

    @property
    def net_counted(self) -> int:
        return self.counted - self.costs + self.charges

    @property
    def net_proven(self) -> int:
        return self.proven - self.costs + self.charges

    @property
    def excluded(self) -> int:
        """Claimed but not counted: transfers and double claims."""
        return self.claimed - self.counted

    @property
    def recorded(self) -> bool:
        """Whether anything was banked or charged; without it the figures are not nought but unknown."""
        return bool(self.entries or self.charges_paid or self.charges_received or self.charges_unreconciled)


class Year(NamedTuple):
    year: int
    figures: Figures

    @property
    def label(self) -> str:
        return FinancialYear(self.year).label


class Point(NamedTuple):
    """The end of one year on the cumulative curve, all net pence; what was banked is None after the year of reading."""

    year: int
    promised: int
    claimed: int | None
    counted: int | None
    proven: int | None


class Named(NamedTuple):
    """One council or partnership with its figures; `slug` is its address."""

    id: int
    name: str
    slug: str
    figures: Figures


class CouncilFigures(NamedTuple):
    total: Figures  # through the year of reading
    since: int | None  # first year with anything banked or charged
    years: list[Year]  # ascending, without gaps, to the end of the promise
    points: list[Point]  # one per year
    partnerships: list[Named]  # in name order, through the year of reading


class PartnershipFigures(NamedTuple):
    total: Figures  # charges cancel in it
    since: int | None
    years: list[Year]
    points: list[Point]
    members: list[Named]  # in name order; they sum to the total, to the penny

    @property
    def losing(self) -> list[Named]:
        """Members whose counted net is below nought."""
        return [member for member in self.members if member.figures.net_counted < 0]


class Fact(NamedTuple):
    """One member of one partnership in one year."""

    partnership: tuple[int, str, str]  # id, name, slug
    council: tuple[int, str, str]
    year: int
    figures: Figures


def council_figures(council, on: datetime.date) -> CouncilFigures:
    """Where a council stands, over all partnerships that the reader may see."""
    facts, through = _facts(council=council), FinancialYear.containing(on).start
    return CouncilFigures(*_over_time(facts, through), _named(facts, through, lambda fact: fact.partnership))


def partnership_figures(partnership, on: datetime.date) -> PartnershipFigures:
    """Where a partnership stands, and each of its members."""
    facts, through = _facts(partnership=partnership), FinancialYear.containing(on).start
    return PartnershipFigures(*_over_time(facts, through), _named(facts, through, lambda fact: fact.council))


def by_partnership(partnerships: Iterable, on: datetime.date) -> dict[int, Figures]:
    """Totals by partnership id, for a page of a list (ids or rows); one without facts is not in it."""
    facts, through = _facts(partnership__in=list(partnerships)), FinancialYear.containing(on).start
    return {each.id: each.figures for each in _named(facts, through, lambda fact: fact.partnership)}


def by_council(councils: Iterable, on: datetime.date) -> dict[int, Figures]:
    """Totals by council id, for a page of a list (ids or rows); one without facts is not in it."""
    facts, through = _facts(council__in=list(councils)), FinancialYear.containing(on).start
    return {each.id: each.figures for each in _named(facts, through, lambda fact: fact.council)}


def _facts(**which) -> list[Fact]:
    """Facts in name order. Of the audiences that show the reader one fact, the first is taken: they say the same."""
    key = ("partnership__name", "partnership_id", "council__name", "council_id", "year")
    read = Rollup.objects.filter(**which).order_by(*key, "audience").distinct(*key)
    columns = ("partnership__slug", "council__slug", *(FIELDS.get(name, f"{name}_pence") for name in Figures._fields))
    return [
        Fact((row[1], row[0], row[5]), (row[3], row[2], row[6]), row[4], Figures(*row[7:]))
        for row in read.values_list(*key, *columns)
    ]


FIELDS = {"entries": "entries", "unsigned": "unsigned"}  # the others are columns in pence


def _over_time(facts: list[Fact], through: int) -> tuple[Figures, int | None, list[Year], list[Point]]:
    by_year: defaultdict[int, list[Figures]] = defaultdict(list)
    for fact in facts:
        by_year[fact.year].append(fact.figures)
    every = range(min(by_year), max(by_year) + 1) if by_year else range(0)
    years = [Year(each, added(Figures, by_year[each])) for each in every]
    due = [year for year in years if year.year <= through]
    since = next((year.year for year in due if year.figures.recorded), None)
    return added(Figures, [year.figures for year in due]), since, years, _points(years, through)


def _points(years: list[Year], through: int) -> list[Point]:
    points, so_far = [], Figures()
    for year, figures in years:
        so_far = added(Figures, [so_far, figures])
        banked = (so_far.net_claimed, so_far.net_counted, so_far.net_proven) if year <= through else (None, None, None)
        points.append(Point(year, so_far.net_promised, *banked))
    return points


def _named(facts: list[Fact], through: int, whose: Callable[[Fact], tuple[int, str, str]]) -> list[Named]:
    found: defaultdict[tuple[int, str, str], list[Figures]] = defaultdict(list)
    for fact in facts:
        found[whose(fact)] += [fact.figures] if fact.year <= through else []
    return [Named(*key, added(Figures, parts)) for key, parts in found.items()]
