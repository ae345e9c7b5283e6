"""Whether recurring savings last (R10 to R12): spells, run-rate, and what is taken out of the restated cumulative.

Pure: amounts in signed pence by financial-year start. A year counts as delivered when its net is above nought.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from .rounding import half_away

FULL_YEARS = 2  # a saving that fails within so many full years after the year it first accrued is taken back (R12)


class InYear(NamedTuple):
    pence: int
    months: int  # live in the year: 12 where it was recorded as a whole


class Spell(NamedTuple):
    """Years without a gap in which a recurring saving was delivered."""

    first: int
    last: int
    pence: int  # all of its years

    @property
    def next(self) -> int:
        """The first year without it."""
        return self.last + 1

    @property
    def lasted(self) -> bool:
        """Whether it outlived the full years after the one in which it first accrued, should it have ended now."""
        return self.next > self.first + FULL_YEARS


def spells(years: Mapping[int, int]) -> list[Spell]:
    """Oldest first. A year of nought or below breaks a spell, as a missing one does; its amount is in none."""
    found: list[Spell] = []
    for year in sorted(year for year, pence in years.items() if pence > 0):
        before = found[-1] if found else None
        if before and before.next == year:
            found[-1] = Spell(before.first, year, before.pence + years[year])
        else:
            found.append(Spell(year, year, years[year]))
    return found


def reversed_spells(years: Mapping[int, int], *, complete: int, gone: bool) -> list[Spell]:
    """Spells that failed too soon. A year up to `complete` without it is known; `gone`: so is the end of the latest."""
    every = spells(years)
    return [spell for spell in every if not spell.lasted and (spell.next <= complete or (gone and spell is every[-1]))]


def reversed_by_year(years: Mapping[int, int], *, complete: int, gone: bool) -> dict[int, int]:
    """What the restated series leaves out, in pence by the year in which it was banked."""
    out = reversed_spells(years, complete=complete, gone=gone)
    return {year: years[year] for spell in out for year in range(spell.first, spell.next)}


def run_rate(year: InYear) -> int:
    """The full-year effect of what a year shows, in pence: in-year x 12 / months live."""
    return half_away(Fraction(year.pence * 12, year.months))
