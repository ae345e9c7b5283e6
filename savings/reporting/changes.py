"""What changed since the last quarter: for one council, scheme and kind, banked amounts net of reversals, side by side.

A month is compared by its quarter with the quarter before; a whole year, which closes with its fourth quarter, with the
year before. Amounts in signed pence.
"""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Q, Sum

from councils.money import pounds
from councils.years import quarter_of
from savings.analysis.rounding import half_away
from savings.models import Entry, Scheme
from savings.models.typed import Kind

Period = tuple[int, int]  # year, and its quarter or 0 for the whole


class Change(NamedTuple):
    """One line in one period and in the one before it."""

    period: str  # "quarter" or "year"
    before: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.before

    @property
    def percent(self) -> str:
        """`+12%`; empty where there is nothing to compare with."""
        return f"{half_away(Fraction(self.difference * 100, abs(self.before))):+}%" if self.before else ""

    @property
    def word(self) -> str:
        """`new`, `stopped`, `unchanged` or empty."""
        if not self.before:
            return "new" if self.now else "unchanged"
        if not self.now:
            return "stopped"
        return "" if self.difference else "unchanged"

    @property
    def said(self) -> str:
        """In words, for a line of a list."""
        if self.word == "new":
            return f"New: nothing last {self.period}, {pounds(self.now)} this {self.period}"
        if self.word == "stopped":
            return f"Stopped: {pounds(self.before)} last {self.period}, nothing this {self.period}"
        if self.word == "unchanged":
            return f"Unchanged from last {self.period}"
        way = "more" if self.difference > 0 else "less"
        return (
            f"{pounds(abs(self.difference))} {way} than last {self.period} ({self.percent}): {pounds(self.before)} "
            f"then, {pounds(self.now)} now"
        )


class LineChange(NamedTuple):
    """A line of a member's quarter, for its page."""

    scheme: Scheme
    kind: str
    change: Change


def changes_of(entries: Iterable[Entry]) -> dict[int, Change]:
    """By entry id, for the rows of a list. One query, whatever their number."""
    entries = list(entries)
    if not entries:
        return {}
    years = {year for entry in entries for year in (entry.year - 1, entry.year)}
    sums = _sums(
        Q(
            council__in={entry.council_id for entry in entries}, scheme__in={entry.scheme_id for entry in entries},
            year__in=years,
        )
    )  # fmt: skip
    found = {}
    for entry in entries:
        key, period = (entry.council_id, entry.scheme_id, entry.kind), _period(entry.year, entry.month)
        found[entry.pk] = _change(sums, key, period)
    return found


def changes_in(one) -> list[LineChange]:
    """Every line of a `MemberQuarter` or the quarter before, in the order of reference; the year's with the fourth.

    Two queries.
    """
    quarter = one.quarter
    year, number = quarter.year.start, quarter.quarter
    periods = [(year, number), *([(year, 0)] if number == 4 else [])]
    sums = _sums(Q(council=one.council, partnership=one.partnership, year__in=[year - 1, year]))
    lines = {
        (key, period)
        for key, own in {(each[:3], each[3]) for each in sums}
        for period in periods
        if own in (period, _before(period))
    }
    schemes = Scheme.objects.in_bulk({key[1] for key, _ in lines})
    found = [LineChange(schemes[key[1]], Kind(key[2]).label, _change(sums, key, period)) for key, period in lines]
    return sorted(found, key=lambda line: (line.scheme.reference, line.kind, line.change.period))


def _sums(which: Q) -> Counter:
    """Pence by council, scheme, kind and period."""
    sums: Counter = Counter()
    rows = Entry.objects.banked().filter(which).values("council", "scheme", "kind", "year", "month")
    for row in rows.annotate(pence=Sum("amount_pence")).order_by():
        sums[row["council"], row["scheme"], row["kind"], _period(row["year"], row["month"])] += row["pence"]
    return sums


def _period(year: int, month: int | None) -> Period:
    return year, 0 if month is None else quarter_of(month)


def _before(period: Period) -> Period:
    year, quarter = period
    if quarter in (0, 1):
        return year - 1, 4 if quarter else 0
    return year, quarter - 1


def _change(sums: Counter, key: tuple, period: Period) -> Change:
    words = "quarter" if period[1] else "year"
    return Change(words, sums[*key, _before(period)], sums[*key, period])
