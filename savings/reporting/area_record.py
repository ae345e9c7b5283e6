"""What stands beside the figures of an area: how old they are, who said nothing, who keeps no ledger that is shown."""

import datetime
from collections.abc import Iterable

from councils.as_at import reading
from councils.models import Council
from partnerships.models import Membership

from . import rows, then
from .freshness import Freshness, Silent, last_complete_year


def kept_by(councils: Iterable[int]) -> set[int]:
    """Of `councils` (ids), those in a partnership that keeps a ledger and is shown to the reader. One query."""
    shown = Membership.objects.current().kept().filter(council__in=list(councils))
    return set(shown.values_list("council", flat=True))


def of_the_past(councils: Iterable[int]) -> dict:
    """Whether figures that are only shown to the reader are still to come, or come only for the end of a day.

    Call it when the figures have been read. Two queries at a past moment, else none.
    """
    shared = Membership.objects.filter(council__in=list(councils)).values_list("partnership", flat=True)
    waiting = bool(reading() and then.waiting(sorted(set(shared))))
    return {"past_waiting": waiting, "past_by_the_day": then.only_by_the_day()}


def record_of(members: Iterable[Council], holders: Iterable[Council], on: datetime.date) -> dict:
    """`fresh`: of all that the reader may see, with those of the area only that said nothing. Two queries.

    Call it when the figures have been read: at a past moment they are worked out then.
    """
    year = last_complete_year(on)
    own = {each.slug for each in [*members, *holders]}
    asked = {"council": None, "partnership": None}
    silent = rows("silent_members", Silent, year=year.start, first_day=year.first_day, end=year.end, **asked)
    (found,) = rows("freshness", Freshness, **asked)
    fresh = found._replace(silent=tuple(each for each in silent if each.council_slug in own))
    return {"fresh": fresh, "as_at": fresh.as_at}
