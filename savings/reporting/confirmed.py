"""Confirmed beside proven: how much of what is counted the other members agree with, and what they say sharing did.

Amounts are pence of cash-releasing savings, gross, through the year of reading. What the members were asked about how
much would have happened anyway is a range, never a figure, and what nobody asked is a category of its own (DESIGN
10.11, DOMAIN R13): it is not taken for one.

Carried to successors, what was said of a member's year is shared out as the year's own figures are, each part by
itself, so that what the heirs have sums to what was said, to the penny.
"""

import datetime
from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from councils import carrying
from councils.succession import Line as Succeeded
from councils.succession import carried
from councils.years import FinancialYear, Quarter
from savings.models.confirmation import Without
from savings.models.typed import Series

from . import rows
from .figures import Fact, as_they_were, facts_of

#: Of what is confirmed, the share that needed sharing: lowest and highest for each band of what would have happened
#: without it. "Nearly all" is nine tenths or more.
NEEDED = {
    Without.NONE: (Fraction(1), Fraction(1)),
    Without.UNDER_QUARTER: (Fraction(3, 4), Fraction(1)),
    Without.QUARTER_TO_HALF: (Fraction(1, 2), Fraction(3, 4)),
    Without.OVER_HALF: (Fraction(1, 10), Fraction(1, 2)),
    Without.NEARLY_ALL: (Fraction(0), Fraction(1, 10)),
}


class Confirmed(NamedTuple):
    """Of one member, or of one member in one partnership; they add up."""

    counted: int = 0
    confirmed: int = 0  # every other member agrees; never more than is counted of that year
    disputed: int = 0  # one member says another amount, or none
    partly: int = 0  # some agree and the others have not answered
    low: int = 0  # of confirmed, what needed sharing, at least
    high: int = 0  # and at most
    not_known: int = 0  # of confirmed, where a member could not say

    @property
    def unanswered(self) -> int:
        return max(0, self.counted - self.confirmed - self.disputed - self.partly)

    @property
    def not_asked(self) -> int:
        """Counted, but no member has said how much of it would have happened without sharing."""
        return self.counted - self.confirmed


class Line(NamedTuple):
    partnership: int
    council: int
    year: int
    standing: str  # confirmed, disputed, partly
    bands: list[str]
    pence: int


class Row(NamedTuple):
    """Id, name and slug of a member or a partnership, and what is said of its claims."""

    id: int
    name: str
    slug: str
    said: Confirmed


def of_partnership(partnership, on: datetime.date) -> list[Row]:
    """Each member with something counted, in name order. Two queries; carried, each heir, and two more."""
    return _rows(facts_of(partnership=partnership), on, lambda fact: fact.council, partnership=partnership.pk)


def of_council(council, on: datetime.date) -> list[Row]:
    """Each partnership in which the council has something counted, in name order. Queries as `of_partnership`."""
    return _rows(facts_of(council=council), on, lambda fact: fact.partnership, council=council.pk)


def total(found: list[Row]) -> Confirmed:
    return _sum(each.said for each in found)


def _rows(facts: list[Fact], on, whose, *, partnership=None, council=None) -> list[Row]:
    last, through = FinancialYear.containing(on).start, carrying.reading()
    if through:
        said = _carried(partnership, council, through, last)
    else:
        said = _as_said(facts, last, partnership=partnership, council=council)
    found: defaultdict[tuple[int, str, str], list[Confirmed]] = defaultdict(list)
    for fact in facts:
        if fact.year <= last and fact.figures.counted:
            of_it = said.get((fact.partnership[0], fact.council[0], fact.year), Confirmed())
            found[whose(fact)].append(of_it._replace(counted=fact.figures.counted))
    return [Row(*key, _sum(years)) for key, years in found.items()]


def _as_said(facts: list[Fact], last: int, *, partnership=None, council=None) -> dict[tuple[int, int, int], Confirmed]:
    """What was said of each member's year to `last` (a financial-year start), by partnership, council and year."""
    lines: defaultdict[tuple[int, int, int], list[Line]] = defaultdict(list)
    for line in rows("confirmed", Line, partnership=partnership, council=council):
        lines[line.partnership, line.council, line.year].append(line)
    keyed = {(fact.partnership[0], fact.council[0], fact.year): fact.figures.counted for fact in facts}
    return {key: _of_year(pence, lines[key]) for key, pence in keyed.items() if key[2] <= last and pence}


def _carried(partnership, council, through: Succeeded, last: int) -> dict[tuple[int, int, int], Confirmed]:
    """`_as_said` of everybody of whom a part came to `council` (its id; all when None), by heir: two queries each."""
    if council is None:
        said = _as_said(as_they_were(partnership=partnership), last, partnership=partnership)
    else:
        said = {}
        for each in sorted(carrying.forebears([council])):
            said |= _as_said(as_they_were(council=each), last, council=each)
    found: defaultdict[tuple[int, int, int], list[Confirmed]] = defaultdict(list)
    for (where, whom, year), of_it in said.items():
        for heir, part in parted(of_it, whom, through).items():
            found[where, heir, year].append(part)
    return {key: _sum(parts) for key, parts in found.items()}


def parted(said: Confirmed, council: int, through: Succeeded) -> dict[int, Confirmed]:
    """`said` by heir. Only what cannot be taken apart further is shared out, so that no heir's range turns round."""
    told = said.confirmed - said.high - said.not_known
    parts = {
        name: carried(pence, council, through)
        for name, pence in {
            "counted": said.counted, "disputed": said.disputed, "partly": said.partly, "low": said.low,
            "between": said.high - said.low, "not_known": said.not_known, "without": told,
        }.items()
    }  # fmt: skip
    return {heir: _made_up({name: part[heir] for name, part in parts.items()}) for heir in parts["counted"]}


def _made_up(part: dict[str, int]) -> Confirmed:
    high = part["low"] + part["between"]
    return Confirmed(
        part["counted"], high + part["not_known"] + part["without"], part["disputed"], part["partly"], part["low"],
        high, part["not_known"],
    )  # fmt: skip


def _of_year(counted: int, lines: list[Line]) -> Confirmed:
    """One member and year: what is confirmed, cut in proportion where a rule lets less of it count."""
    by_standing: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        by_standing[line.standing] += line.pence
    claimed = by_standing["confirmed"]
    confirmed = max(0, min(claimed, counted))
    share = Fraction(confirmed, claimed) if claimed > 0 else Fraction(0)
    low = high = unknown = Fraction(0)
    for line in lines:
        if line.standing == "confirmed" and Without.NOT_KNOWN in line.bands:
            unknown += line.pence * share
        elif line.standing == "confirmed":
            ranges = [NEEDED[Without(band)] for band in line.bands]
            low += line.pence * share * min(each[0] for each in ranges)
            high += line.pence * share * max(each[1] for each in ranges)
    return Confirmed(
        counted, confirmed, by_standing["disputed"], by_standing["partly"], round(low), round(high), round(unknown)
    )


def _sum(parts) -> Confirmed:
    parts = list(parts)
    return Confirmed(*(sum(column) for column in zip(*parts, strict=True))) if parts else Confirmed()


class SaidOfEntry(NamedTuple):
    """What one other member says of an entry; `answer` is empty while it says nothing."""

    council: str
    answer: str
    stated_pence: int | None
    reason: str
    answered_at: datetime.datetime | None
    person: str
    confirmation: UUID | None
    asked_at: datetime.datetime | None
    request: UUID | None


def of_entry(entry) -> list[SaidOfEntry]:
    """What each other member says of a banked entry, in name order; none for any other entry. One query."""
    if entry.series != Series.BANKED or entry.reverses_id:
        return []
    year = FinancialYear(entry.year)
    quarter = year.quarters[3] if entry.month is None else Quarter.containing(year.month_first_day(entry.month))
    return rows(
        "said_of_entry", SaidOfEntry, entry=entry.pk, partnership=entry.partnership_id, council=entry.council_id,
        quarter=quarter.first_day,
    )  # fmt: skip
