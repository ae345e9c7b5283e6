"""In-year, full-year effect and cumulative, which are never added together (DOMAIN R11).

A saving that starts in October saves for six months of its first year. What the second year brings on top is the
full-year effect of last year's start, and no new saving.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple


class InYear(NamedTuple):
    """What one member banked on one scheme in one year, in pence net of reversals, and the months it is live in."""

    year: int
    banked: int
    recurring: int  # part of it
    months_live: int  # 0 to 12


class YearEffect(NamedTuple):
    """One year. `new`, `carried` and `continuing` add up to `in_year`."""

    year: int
    new: int = 0  # of savings that started in the year, one-offs, and growth past any full-year effect
    carried: int = 0  # full-year effect of last year's start: what the year brings on top of it
    continuing: int = 0  # everything else that went on
    in_year: int = 0
    run_rate: int = 0  # recurring only: in-year x 12 / months live
    cumulative: int = 0


def full_year_effect(in_year: int, months_live: int) -> int:
    """Pence a year of a recurring saving that brought `in_year` in `months_live` months; 0 when it was not live."""
    return round(Fraction(in_year * 12, months_live)) if months_live else 0


def _still_to_come(first: InYear) -> int:
    """What a full year of last year's start brings on top of what it brought in its first."""
    return max(0, full_year_effect(first.recurring, first.months_live) - first.recurring)


def effects(members: Iterable[list[InYear]]) -> list[YearEffect]:
    """One `YearEffect` a year, ascending, over `members`: each a list of one member's years on one scheme."""
    by_year: dict[int, YearEffect] = {}
    for years in members:
        first = min((each.year for each in years if each.banked), default=None)
        before = {each.year: each for each in years}
        for each in years:
            last = before.get(each.year - 1)
            more = max(0, each.recurring - last.recurring) if last else each.recurring
            carried = min(more, _still_to_come(last)) if last and last.year == first else 0
            continuing = each.recurring - more
            old = by_year.get(each.year, YearEffect(each.year))
            by_year[each.year] = YearEffect(
                each.year, old.new + each.banked - carried - continuing, old.carried + carried,
                old.continuing + continuing, old.in_year + each.banked,
                old.run_rate + full_year_effect(each.recurring, each.months_live),
            )  # fmt: skip
    found, so_far = [], 0
    for year in sorted(by_year):
        so_far += by_year[year].in_year
        found.append(by_year[year]._replace(cumulative=so_far))
    return found
