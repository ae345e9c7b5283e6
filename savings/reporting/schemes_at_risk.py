"""Which schemes of somebody's councils are rated red while they are still to be delivered."""

import datetime
from typing import Any

from partnerships.models import Membership
from savings.analysis.rag import Rating
from savings.models import Scheme, SchemeStatus

from .schemes import rated, scheme_years

MOST = 300  # schemes looked at; whoever has more finds them rated in the list
GOING_ON = (SchemeStatus.Status.APPROVED, SchemeStatus.Status.DELIVERING)


def rated_red(councils, today: datetime.date) -> list[tuple[Any, Rating]]:
    """Of partnerships of `councils` (ids), as they stand, by partnership and reference. Two queries.

    What is undeliverable is red as well, but its funding was replaced, so nothing waits.
    """
    if not councils:
        return []
    mine = Membership.objects.current().filter(council__in=councils).values("partnership")
    schemes = list(Scheme.objects.as_they_stand().filter(partnership__in=mine, now_status__in=GOING_ON)[:MOST])
    if not schemes:
        return []
    years = scheme_years([each.pk for each in schemes], today)
    found = [(each, rated(each.now_status, each.now_score, years.get(each.pk, []))) for each in schemes]
    return [(each, rating) for each, rating in found if rating.colour == "Red"]
