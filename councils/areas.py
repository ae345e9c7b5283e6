"""Who belongs to a county or a combined authority, past ones too."""

import datetime
from collections.abc import Sequence

from django.db.models import Q

from .models import Council


def within(council: Council) -> list[Council]:
    """Its districts or constituents there are or were, each with its end, in name order. One query."""
    found = Council.objects.with_end().filter(Q(county=council) | Q(combined_authority=council))
    return list(found.distinct().order_by("name"))


def parted(councils: Sequence[Council], *, on: datetime.date) -> tuple[list[Council], list[Council]]:
    """Those that are there on the day `on`, and those that have ended by then."""
    return [each for each in councils if not each.has_ended(on)], [each for each in councils if each.has_ended(on)]
