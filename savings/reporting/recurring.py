"""Recurring savings over the years: which go on, which lapsed, what the restated cumulative leaves out (R10 to R12).

Read from the ledger at the moment of asking, so a lapse needs nobody to notice it: the day the fourth return of a year
is due, what was not attested for that year has lapsed.
"""

import datetime
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from councils.models import Council
from councils.succession import line
from councils.years import FinancialYear
from partnerships.models import Membership, Partnership
from savings.analysis.persistence import InYear, Spell, reversed_spells, run_rate, spells
from savings.models import SavingEnded, Scheme
from savings.models.typed import BenefitClass

from . import rows
from .freshness import last_complete_year
from .inherited import Inheritance, Inherited, Key, family


class Standing(StrEnum):
    LIVE = "live"  # banked for the year of reading or the one before, or there is time left to attest it
    ENDED = "ended"  # its council said so
    LEFT = "left"  # its council is no longer a member, or the partnership has ended
    PASSED = "passed"  # its council passed on: its successors go on with it, or have time left to attest it
    LAPSED = "lapsed"  # a year became complete without it


class Saving(NamedTuple):
    """The recurring savings of one council, scheme and class."""

    partnership: Partnership
    council: Council
    scheme: Scheme
    benefit_class: str
    years: dict[int, InYear]  # what it banked; in the last year of its predecessors also its shares of theirs
    whole: bool  # the latest year was recorded as a whole, not by month
    standing: Standing
    reason: str  # why it ended, where its council said so
    complete: int  # the latest year whose fourth return was due on the day of reading
    inheritance: Inheritance | None = None

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
    def own(self) -> dict[int, int]:
        """Pence that the council banked itself, by year."""
        found = self.pence
        if self.inheritance:
            year = self.inheritance.year
            found[year] -= sum(part.pence for part in self.inheritance.parts)
        return found

    def asked_in(self, year: FinancialYear) -> bool:
        """Whether the council attests it for the year: something was banked in the year before, by itself or for it."""
        own = self.own.get(year.start - 1, 0) > 0
        return own or bool(self.inheritance and self.inheritance.year == year.start - 1)

    def open_in(self, year: FinancialYear) -> bool:
        """Asked for the year and not answered yet; also after it lapsed, since attesting late is better than never."""
        answered = self.years.get(year.start) is not None
        return self.asked_in(year) and not answered and self.standing in (Standing.LIVE, Standing.LAPSED)

    @property
    def taken_back(self) -> list[Spell]:
        """Spells that failed too soon, with what this council banked in them; a predecessor's years count as lived."""
        history = self.own
        if self.inheritance:
            for year, pence in self.inheritance.pence.items():
                history[year] = history.get(year, 0) + pence
        failed = reversed_spells(history, complete=self.complete, gone=self.gone)
        if self.standing == Standing.PASSED:
            failed = [spell for spell in failed if spell.next != self.last.next]
        own = [spell._replace(pence=sum(self._within(spell).values())) for spell in failed]
        return [spell for spell in own if spell.pence]

    @property
    def taken_back_by_year(self) -> dict[int, int]:
        return {year: pence for spell in self.taken_back for year, pence in self._within(spell).items()}

    def _within(self, spell: Spell) -> dict[int, int]:
        return {year: pence for year, pence in self.own.items() if spell.first <= year < spell.next and pence}

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
    """Of one council or one partnership, in the order of partnership, council and reference. At most six queries.

    A successor has its shares of what its predecessors banked in their last year, to attest from its first whole year.
    """
    through = line(on=on)
    found: dict[Key, dict[int, InYear]] = {}
    whole: dict[Key, bool] = {}
    related = family(council.pk, through) if council else None
    scope = {"councils": related, "partnership": getattr(partnership, "pk", None)}
    for pair, member, scheme, benefit_class, year, pence, months, is_whole in rows("recurring", lambda *r: r, **scope):
        key = (pair, member, scheme, benefit_class)
        found.setdefault(key, {})[year] = InYear(pence, months)
        whole[key] = is_whole
    found = {key: years for key, years in found.items() if any(each.pence > 0 for each in years.values())}
    inherited = Inherited(found, whole, through, on)
    keys = [key for key in {**found, **inherited.all} if not council or key[1] == council.pk]
    if not keys:
        return []
    schemes = Scheme.objects.select_related("partnership__ending").in_bulk({key[2] for key in keys})
    councils = Council.objects.with_end().in_bulk({key[1] for key in keys})
    judge = _Judge(keys, on)
    savings = []
    for key in keys:
        _, member, scheme, benefit_class = key
        years = inherited.years(key)
        standing, reason = judge.of(schemes[scheme], councils[member], benefit_class, years)
        if standing == Standing.LEFT and inherited.heirs.get(key):
            standing = Standing.PASSED
            if max(year for year, each in years.items() if each.pence > 0) < judge.complete:
                standing = Standing.PASSED if inherited.gone_on(key) else Standing.LAPSED
        savings.append(
            Saving(
                schemes[scheme].partnership, councils[member], schemes[scheme], benefit_class, years,
                whole[key] if key in whole else inherited.all[key].whole, standing, reason, judge.complete,
                inherited.all.get(key),
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

    def of(self, scheme, council: Council, benefit_class: str, years: dict[int, InYear]) -> tuple[Standing, str]:
        following = max(year for year, found in years.items() if found.pence > 0) + 1
        said = self.ended.get((council.pk, scheme.pk, benefit_class))
        if said and said.year >= following:
            return Standing.ENDED, said.reason
        ending = getattr(scheme.partnership, "ending", None)
        left = min(
            self.left.get((scheme.partnership_id, council.pk), datetime.date.max),
            council.ends_on or datetime.date.max,
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
            for year, pence in one.taken_back_by_year.items():
                out[year] = out.get(year, 0) + pence
    if not out:
        return []
    return [
        Restated(point.year, point.claimed, taken, point.claimed - taken)
        for point in points
        if point.claimed is not None
        for taken in [sum(pence for year, pence in out.items() if year <= point.year)]
    ]
