"""How schemes are doing: promised, forecast and banked by year, rated, and in-year apart from full-year effect.

All of it is savings of every class, before costs, nominal, net of reversals. One statement for a page of schemes.
"""

import datetime
from collections import defaultdict
from typing import NamedTuple

from councils.years import FinancialYear, month_of
from savings.analysis.full_year import InYear, YearEffect, effects
from savings.analysis.rag import Rating, rag
from savings.models import Entry
from savings.models.typed import BenefitClass, Kind

from . import added, rows


class SchemeYear(NamedTuple):
    """One member's year on one scheme, in pence."""

    scheme: int
    council: int
    year: int
    promised: int
    promised_to_date: int
    forecast: int
    banked: int
    recurring: int  # part of banked
    first_month: int | None
    last_month: int | None
    whole: bool


class Sums(NamedTuple):
    promised: int = 0
    promised_to_date: int = 0
    forecast: int = 0
    banked: int = 0

    @property
    def variance(self) -> int | None:
        """Banked less promised to date: negative is short. None where no saving is promised to date."""
        return self.banked - self.promised_to_date if self.promised_to_date else None


def ended_months(today: datetime.date) -> int:
    """How many months of the year that contains `today` have ended: 0 in April, 11 in March."""
    return month_of(today) - 1


def scheme_years(ids, today) -> dict[int, list[SchemeYear]]:
    """By scheme id, its members' years in order. One query."""
    found: defaultdict[int, list[SchemeYear]] = defaultdict(list)
    year = FinancialYear.containing(today).start
    for each in rows("scheme_years", SchemeYear, schemes=list(ids), year=year, months=ended_months(today)):
        found[each.scheme].append(each)
    return found


def kinds_of(ids) -> dict[int, set[str]]:
    """By scheme id, the kinds of its entries of any series; a scheme without entries is left out. One query."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for scheme, kind in Entry.objects.filter(scheme__in=ids).order_by().values_list("scheme", "kind").distinct():
        found[scheme].add(kind)
    return found


def only_costs(kinds: set[str]) -> bool:
    """Whether what is recorded on a scheme has no class at all: costs and income have none."""
    return bool(kinds) and Kind.SAVING not in kinds


def class_words(benefit_class: str, kinds: set[str]) -> str:
    """The class a scheme proposes; of one that only costs or earns, that it has none, and what it is instead."""
    if not only_costs(kinds):
        return str(BenefitClass(benefit_class).label)
    return f"No class: {', '.join(str(kind.label).lower() for kind in Kind if kind in kinds)}"


def sums(years) -> Sums:
    return added(Sums, [Sums(each.promised, each.promised_to_date, each.forecast, each.banked) for each in years])


def by_year(years) -> list[tuple[int, Sums]]:
    """(financial-year start, `Sums`) over the members, ascending."""
    starts = sorted({each.year for each in years})
    return [(start, sums(each for each in years if each.year == start)) for start in starts]


def rated(status, score, years) -> Rating:
    """The colour of a scheme whose latest status and score these are."""
    found = sums(years)
    return rag(status, found.promised_to_date, found.banked, score)


def year_effects(years, *, live_on=None, today) -> list[YearEffect]:
    """In-year, full-year effect and cumulative of one scheme. `live_on`, when stated, is the first day it saves."""
    members = sorted({each.council for each in years})
    this_year = FinancialYear.containing(today).start
    return effects(
        [
            _in_year(each, _live_from(mine, live_on), this_year)
            for each in mine
            if each.banked or each.recurring
        ]
        for mine in ([each for each in years if each.council == member] for member in members)
    )  # fmt: skip


def _live_from(years, live_on):
    """(year, month) from which one member saves: as stated, or the first month it banked anything."""
    if live_on:
        return FinancialYear.containing(live_on).start, month_of(live_on)
    first = min((each for each in years if each.banked), key=lambda each: each.year, default=None)
    return (first.year, 1 if first.whole or not first.first_month else first.first_month) if first else (0, 1)


def _in_year(each, live_from, this_year):
    """A whole year runs to March; of the running year only the months banked so far are live."""
    year, month = live_from
    first = month if each.year == year else 1
    last = each.last_month if each.year >= this_year and not each.whole and each.last_month else 12
    live = 0 if each.year < year else max(0, last - first + 1)
    return InYear(each.year, each.banked, each.recurring, live)
