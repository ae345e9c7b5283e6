"""One figure from one function: what pages, charts, sentences, reports and exports say about councils and partnerships.

Everything here is read from roll-up facts, as far as the reader may see (row-level security decides), at one query a
call. Money is signed pence, nominal; years are financial-year starts. `on` is the day of reading: totals go through
the financial year that contains it, so a promise for later years is not yet owed. The promise for that year counts
whole, though the year is not over: compare year by year, or to the last complete year, before calling anybody late.
`sentence` and `freshness` stand in modules of their own and can be called from here.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from councils import carrying
from councils.succession import Line
from councils.years import FinancialYear
from savings.models import Rollup

from . import added, then
from .amounts import Figures, Named, Point, Year
from .carried import arrived
from .freshness import Freshness, Silent, freshness, last_complete_year
from .sentences import sentence

__all__ = [
    "AreaFigures", "CouncilFigures", "Figures", "Freshness", "Named", "PartnershipFigures", "Point", "Silent", "Year",
    "area_figures", "as_they_were", "by_council", "by_member", "by_partnership", "council_figures", "facts_of",
    "freshness", "last_complete_year", "partnership_figures", "sentence",
]  # fmt: skip


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


class AreaFigures(NamedTuple):
    """Several councils together: what they charge each other cancels, what they charge others remains."""

    total: Figures
    since: int | None
    years: list[Year]
    points: list[Point]
    councils: list[Named]  # in name order; they sum to the total, to the penny
    partnerships: list[Named]  # in name order; they sum to the total too


class Fact(NamedTuple):
    """One member of one partnership in one year."""

    partnership: tuple[int, str, str]  # id, name, slug
    council: tuple[int, str, str]
    year: int
    figures: Figures


def council_figures(council, on: datetime.date) -> CouncilFigures:
    """Where a council stands, over all partnerships that the reader may see."""
    facts, through = facts_of(council=council), FinancialYear.containing(on).start
    return CouncilFigures(*_over_time(facts, through), _named(facts, through, lambda fact: fact.partnership))


def partnership_figures(partnership, on: datetime.date) -> PartnershipFigures:
    """Where a partnership stands, and each of its members."""
    facts, through = facts_of(partnership=partnership), FinancialYear.containing(on).start
    return PartnershipFigures(*_over_time(facts, through), _named(facts, through, lambda fact: fact.council))


def area_figures(sources: Iterable[int], holders: Iterable[int], on: datetime.date) -> AreaFigures:
    """Where several councils stand together: what comes from `sources` and stands with `holders` (ids of councils).

    As it was the two are the same; carried, what the sources had is with those that came after them, and whatever
    these have from elsewhere is not in it.
    """
    known = set(holders)
    facts = [fact for fact in _read(council__in=sorted(sources)) if fact.council[0] in known]
    through = FinancialYear.containing(on).start
    councils = sorted(_named(facts, through, lambda fact: fact.council), key=lambda each: (each.name, each.id))
    return AreaFigures(*_over_time(facts, through), councils, _named(facts, through, lambda fact: fact.partnership))


def by_partnership(partnerships: Iterable, on: datetime.date) -> dict[int, Figures]:
    """Totals by partnership id, for a page of a list (ids or rows); one without facts is not in it."""
    facts, through = facts_of(partnership__in=list(partnerships)), FinancialYear.containing(on).start
    return {each.id: each.figures for each in _named(facts, through, lambda fact: fact.partnership)}


def by_council(councils: Iterable, on: datetime.date) -> dict[int, Figures]:
    """Totals by council id, for a page of a list (ids or rows); one without facts is not in it."""
    facts, through = facts_of(council__in=list(councils)), FinancialYear.containing(on).start
    return {each.id: each.figures for each in _named(facts, through, lambda fact: fact.council)}


def by_member(partnerships: Iterable, on: datetime.date) -> dict[int, list[Named]]:
    """Members with their totals, in name order, by partnership id; one without facts is not in it."""
    facts, through = facts_of(partnership__in=list(partnerships)), FinancialYear.containing(on).start
    ids = {fact.partnership[0] for fact in facts}
    return {
        each: _named([fact for fact in facts if fact.partnership[0] == each], through, lambda fact: fact.council)
        for each in ids
    }


def facts_of(**which) -> list[Fact]:
    """Facts in name order. Of the audiences that show the reader one fact, the first is taken: they say the same.

    `which` names councils (`council`, `council__in`) or partnerships. Read inside `councils.carrying` the facts of a
    council that has ended are its successors', and one more query names those.
    """
    through = carrying.reading()
    if not through:
        return as_they_were(**which)
    asked = _councils(which)
    if asked is not None:
        which = {name: value for name, value in which.items() if name not in ("council", "council__in")}
        which["council__in"] = sorted(carrying.forebears(asked))
    return _carried(as_they_were(**which), through, asked)


def _read(**which) -> list[Fact]:
    """Facts of the councils in `which` only, wherever they have been carried to."""
    through, found = carrying.reading(), as_they_were(**which)
    return _carried(found, through, None) if through else found


def as_they_were(**which) -> list[Fact]:
    """`facts_of`, with the councils it happened to even while figures are read carried."""
    then.work_out(**which)
    key = ("partnership__name", "partnership_id", "council__name", "council_id", "year")
    read = Rollup.objects.filter(**which).order_by(*key, "audience").distinct(*key)
    columns = [each if each in NUMBERS else f"{each}_pence" for each in Figures._fields]
    return [
        Fact((row[1], row[0], row[5]), (row[3], row[2], row[6]), row[4], Figures(*row[7:]))
        for row in read.values_list(*key, "partnership__slug", "council__slug", *columns)
    ]


def _councils(which) -> set[int] | None:
    """Ids of the councils that are asked about; None when all are."""
    if "council" in which:
        return {getattr(which["council"], "pk", which["council"])}
    if "council__in" in which:
        return {getattr(each, "pk", each) for each in which["council__in"]}
    return None


def _carried(facts: list[Fact], through: Line, asked: set[int] | None) -> list[Fact]:
    """`facts` by heir, in name order; of the councils `asked` about only."""
    partnerships = {fact.partnership[0]: fact.partnership for fact in facts}
    councils = {fact.council[0]: fact.council for fact in facts}
    found = arrived({(f.partnership[0], f.council[0], f.year): f.figures for f in facts}, through)
    strangers = {council for _, council, _ in found} - set(councils)
    if strangers:
        councils |= {pk: (pk, each.name, each.slug) for pk, each in carrying.named(strangers).items()}
    carried = [
        Fact(partnerships[partnership], councils[council], year, figures)
        for (partnership, council, year), figures in found.items()
        if asked is None or council in asked
    ]
    return sorted(
        carried,
        key=lambda fact: (fact.partnership[1], fact.partnership[0], fact.council[1], fact.council[0], fact.year),
    )


NUMBERS = {"entries", "unsigned", "returned", "returns_signed_off", "nil_cost_returns"}  # the others are pence


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
