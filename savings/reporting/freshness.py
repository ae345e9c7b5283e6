"""How old the figures are and what they leave out: stated beside every figure (DESIGN rule 10)."""

import datetime
from typing import NamedTuple

from councils.years import FinancialYear

from . import rows, then


class Silent(NamedTuple):
    """A member that has said nothing for a year that is complete: neither an entry nor a return, not even nil."""

    council: str
    council_slug: str
    partnership: str
    partnership_slug: str
    year: int

    @property
    def year_label(self) -> str:
        return FinancialYear(self.year).label


class Freshness(NamedTuple):
    as_at: datetime.datetime | None  # when the newest fact was computed; None without any
    oldest_at: datetime.datetime | None  # when the oldest was; it is right all the same unless something waits
    last_event: int  # highest event included
    waiting: int  # changes recorded but not yet counted
    parked: int  # partnership-years that failed five times and wait for somebody to look
    silent: tuple[Silent, ...] = ()  # in name order


def freshness(*, on: datetime.date, council=None, partnership=None) -> Freshness:
    """Of one council's figures, of one partnership's, or (with neither) of all that the reader may see. Two queries."""
    scope = {"council": getattr(council, "pk", None), "partnership": getattr(partnership, "pk", None)}
    then.work_out(**{name: pk for name, pk in scope.items() if pk})
    year = last_complete_year(on)
    silent = rows("silent_members", Silent, year=year.start, first_day=year.first_day, end=year.end, **scope)
    (found,) = rows("freshness", Freshness, **scope)
    return found._replace(silent=tuple(silent))


def last_complete_year(on: datetime.date) -> FinancialYear:
    """The latest financial year whose fourth return was due by the day `on` (DESIGN 10.9)."""
    year = FinancialYear(FinancialYear.containing(on).start - 1)
    return year if on >= year.due_on() else FinancialYear(year.start - 1)
