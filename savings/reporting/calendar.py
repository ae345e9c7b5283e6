"""The closing calendar: by when a member records, submits, signs off and closes a quarter.

Days are counted from the last day of the quarter; for the fourth from 31 May, because outturn and the year's true-up
between members take until June, so that thirty days end on 30 June (DESIGN 10.9). A date on a weekend is brought
forward to the Friday before; bank holidays are not known here. When a return is *due* is the same for everybody.
"""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from councils.years import RETURN_DUE_DAYS, Quarter
from savings.models import ClosingDays


class Days(NamedTuple):
    """How many days after the quarter each is done at the latest."""

    record: int = 15
    submit: int = 20
    sign_off: int = 25
    close: int = 30


DEFAULT = Days()


class Dates(NamedTuple):
    """The last working day for each."""

    record: datetime.date
    submit: datetime.date
    sign_off: datetime.date
    close: datetime.date


def dates_of(quarter: Quarter, days: Days = DEFAULT) -> Dates:
    begins = quarter.due_on() - datetime.timedelta(days=RETURN_DUE_DAYS)
    return Dates(*(working_day(begins + datetime.timedelta(days=each)) for each in days))


def working_day(day: datetime.date) -> datetime.date:
    """The day itself, or the Friday before a weekend."""
    return day - datetime.timedelta(days=max(0, day.weekday() - 4))


def days_of(councils: Iterable[int]) -> dict[int, Days]:
    """By council id; one that has set none has the default. One query."""
    councils = list(councils)
    latest = ClosingDays.objects.filter(council__in=councils).order_by("council_id", "-pk").distinct("council_id")
    found = {
        row.council_id: Days(row.record_days, row.submit_days, row.sign_off_days, row.close_days) for row in latest
    }
    return {council: found.get(council, DEFAULT) for council in councils}
