"""Each member of a partnership in each year: the finest figures there are, which add up to all the others."""

from collections import defaultdict
from typing import NamedTuple

from . import figures
from .amounts import Year


class MemberYears(NamedTuple):
    id: int
    name: str
    slug: str
    years: list[Year]  # ascending; only those in which something is known of the member


def member_years(partnership) -> list[MemberYears]:
    """In name order. Year by year the members sum to `partnership_figures(...).years`, to the penny. One query."""
    found: defaultdict[tuple[int, str, str], list[Year]] = defaultdict(list)
    for fact in figures.facts_of(partnership=partnership):
        found[fact.council].append(Year(fact.year, fact.figures))
    return [MemberYears(*council, years) for council, years in found.items()]
