"""Recurring savings over the years: which go on, which lapsed, what the restated cumulative leaves out (R10 to R12).

Read from the ledger at the moment of asking, so a lapse needs nobody to notice it: the day the fourth return of a year
is due, what was not attested for that year has lapsed.
"""

import datetime
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from councils.models import Council
from councils.years import FinancialYear
from partnerships.models import Membership, Partnership
from savings.analysis.persistence import InYear, Spell, reversed_by_year, reversed_spells, run_rate, spells
from savings.models import SavingEnded, Scheme
from savings.models.typed import BenefitClass

from . import rows
from .freshness import last_complete_year


class Standing(StrEnum):
    LIVE = "live"  # banked for the year of reading or the one before, or there is time left to attest it
    ENDED = "ended"  # its council said so
    LEFT = "left"  # its council is no longer a member, or the partnership has ended
    LAPSED = "lapsed"  # a year became complete without it


class Saving(NamedTuple):
    """The recurring savings of one council, scheme and class."""

    partnership: Partnership
    council: Council
    scheme: Scheme
    benefit_class: str
    years: dict[int, InYear]
    whole: bool  # the latest year was recorded as a whole, not by month
    standing: Standing
    reason: str  # why it ended, where its council said so
    complete: int  # the latest year whose fourth return was due on the day of reading

    @property
    def last(self) -> Spell:
        return spells(self.pence)[-1]

    @property
    def pence(self) -> dict[int, int]:
        return {year: found.pence for year, found in self.years.items()}

    @property
    def gone(self) -> bool:
        return self.standing != Standing.LIVE

    @property
    def gone_label(self) -> str:
        return FinancialYear(self.last.next).label

    @property
    def gone_slug(self) -> str:
        return FinancialYear(self.last.next).slug

    @property
    def cash(self) -> bool:
        return self.benefit_class == BenefitClass.CASH_RELEASING

    @property
    def run_rate(self) -> int:
        """Pence a year; nought when it no longer goes on."""
        return run_rate(self.years[self.last.last]) if self.standing == Standing.LIVE else 0

    @property
    def taken_back(self) -> list[Spell]:
        return reversed_spells(self.pence, complete=self.complete, gone=self.gone)

    @property
    def class_label(self) -> str:
        return BenefitClass(self.benefit_class).label


class Restated(NamedTuple):
    """One year of the two cumulative series, in pence: as recorded, and without what failed too soon."""

    year: int
    recorded: int
    taken_back: int  # cumulative
    restated: int

    @property
    def label(self) -> str:
        return FinancialYear(self.year).label


def savings(on: datetime.date, *, council=None, partnership=None) -> list[Saving]:
    """Of one council or one partnership, in the order of partnership, council and reference. At most five queries."""
    found: dict[tuple, dict[int, InYear]] = {}
    whole = {}
    scope = {"council": getattr(council, "pk", None), "partnership": getattr(partnership, "pk", None)}
    for *key, year, pence, months, is_whole in rows("recurring", lambda *row: row, **scope):
        found.setdefault(tuple(key), {})[year] = InYear(pence, months)
        whole[tuple(key)] = is_whole
    found = {key: years for key, years in found.items() if any(each.pence > 0 for each in years.values())}
    if not found:
        return []
    schemes = Scheme.objects.select_related("partnership__ending").in_bulk({key[2] for key in found})
    councils = Council.objects.in_bulk({key[1] for key in found})
    judge = _Judge(found, on)
    savings = []
    for (pair, member, scheme, benefit_class), years in found.items():
        standing, reason = judge.of(schemes[scheme], member, benefit_class, years)
        savings.append(
            Saving(
                schemes[scheme].partnership, councils[member], schemes[scheme], benefit_class, years,
                whole[pair, member, scheme, benefit_class], standing, reason, judge.complete,
            )
        )  # fmt: skip
    return sorted(savings, key=lambda one: (one.partnership.name, one.council.name, one.scheme.reference))


class _Judge:
    """Tells the standing of each saving on a day; reads endings and memberships once."""

    def __init__(self, keys: Iterable[tuple], on: datetime.date):
        self.on, self.complete = on, last_complete_year(on).start
        partnerships = {key[0] for key in keys}
        self.ended = {
            (row.council_id, row.scheme_id, row.benefit_class): row
            for row in SavingEnded.objects.filter(partnership__in=partnerships).order_by("year")
        }
        self.left: dict[tuple[int, int], datetime.date] = {}
        for each in Membership.objects.current().filter(partnership__in=partnerships):
            key = (each.partnership_id, each.council_id)
            self.left[key] = max(self.left.get(key, datetime.date.min), each.ends_on or datetime.date.max)

    def of(self, scheme, council: int, benefit_class: str, years: dict[int, InYear]) -> tuple[Standing, str]:
        following = max(year for year, found in years.items() if found.pence > 0) + 1
        said = self.ended.get((council, scheme.pk, benefit_class))
        if said and said.year >= following:
            return Standing.ENDED, said.reason
        ending = getattr(scheme.partnership, "ending", None)
        left = min(
            self.left.get((scheme.partnership_id, council), datetime.date.max),
            ending.ended_on if ending else datetime.date.max,
        )
        begins = FinancialYear(following).first_day
        if left <= begins <= self.on:
            return Standing.LEFT, ""
        return (Standing.LAPSED if following <= self.complete else Standing.LIVE), ""


def restated(points, found: list[Saving]) -> list[Restated]:
    """Beside `points` (cumulative net claimed, by year, from `figures`) the series without what failed too soon.

    Empty when nothing failed. Cash-releasing savings only, as in the headline.
    """
    out: dict[int, int] = {}
    for one in found:
        if one.cash:
            for year, pence in reversed_by_year(one.pence, complete=one.complete, gone=one.gone).items():
                out[year] = out.get(year, 0) + pence
    if not out:
        return []
    return [
        Restated(point.year, point.claimed, taken, point.claimed - taken)
        for point in points
        if point.claimed is not None
        for taken in [sum(pence for year, pence in out.items() if year <= point.year)]
    ]
