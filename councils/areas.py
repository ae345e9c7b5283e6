"""Areas with more than one council: a county with its districts, a combined authority with its constituents.

Each council belongs once, whichever tier it is of, so that what its members have can be added up.
"""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q

from . import carrying
from .models import Council
from .succession import ancestry, heirs

COMBINED = (Council.Kind.COMBINED_AUTHORITY, Council.Kind.GREATER_LONDON_AUTHORITY)
KINDS = (Council.Kind.COUNTY, *COMBINED)


class Area(NamedTuple):
    """Everybody in the area of `council`, `council` itself first, then the others in name order."""

    council: Council
    within: Sequence[Council]

    @property
    def everybody(self) -> list[Council]:
        return [self.council, *self.within]

    @property
    def combined(self) -> bool:
        return self.council.kind in COMBINED

    @property
    def other_tier(self) -> list[Council]:
        """Counties among the constituents whose districts are no constituents, or not all of them as far as known."""
        return [each for each in self.within if each.kind == Council.Kind.COUNTY]

    @property
    def sources(self) -> set[int]:
        """Ids of those whose figures the area is made of: everybody; carried, everybody that came before them too."""
        return carrying.forebears(each.pk for each in self.everybody)

    @property
    def holders(self) -> set[int]:
        """Ids of those with whom the figures stand: everybody; carried, those who are there for them."""
        through = carrying.reading()
        own = {each.pk for each in self.everybody}
        return own if through is None else {heir for each in own for heir in heirs(each, through)}

    @property
    def follow_others(self) -> set[int]:
        """Holders, read carried, that follow councils outside the area as well: their own pages hold more."""
        through = carrying.reading()
        if through is None:
            return set()
        known = self.sources
        return {each for each in self.holders if ancestry([each], through) - known - {each}}


def has_area(council: Council) -> bool:
    return council.kind in KINDS


def area_of(council: Council) -> Area:
    """Districts and constituents there are or were, each with its end. One query."""
    found = Council.objects.with_end().filter(Q(county=council) | Q(combined_authority=council)).distinct()
    return Area(council, list(found.order_by("name")))


def parted(councils: Sequence[Council], *, on: datetime.date) -> tuple[list[Council], list[Council]]:
    """Those that are there on the day `on`, and those that have ended by then."""
    return [each for each in councils if not each.has_ended(on)], [each for each in councils if each.has_ended(on)]
