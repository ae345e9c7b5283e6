"""The five financial years of the demonstration, counted back from the moment it is told for.

Year 5 is the year that contains the moment, so nothing here is fixed in the past. Years 1 to 4 are over at whatever
date of year 5 the world is made; what the story needs at any date happens before 1 April of year 5.
"""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from councils.years import FinancialYear

CURRENT = 5
LONDON = ZoneInfo("Europe/London")
FIRST_MINUTE = 9 * 60 + 5  # the working day begins at 9:05
APART = 2  # minutes between two acts of one day


@dataclass(frozen=True)
class Dates:
    """`today` is the day of the moment, in the United Kingdom."""

    today: datetime.date

    def year(self, index):
        """The `FinancialYear` number `index`; 5 is the current one, 0 the year before the story."""
        return FinancialYear(FinancialYear.containing(self.today).start - CURRENT + index)

    def day(self, index, month, day):
        """That day of that calendar month within financial year `index`: `day(3, 2, 11)` is 11 February of year 3."""
        return datetime.date(self.year(index).start + (month < 4), month, day)

    def after(self, index, month, day):
        """`day` of the calendar month after the financial month `month` (1 is April) of year `index`."""
        year = self.year(index)
        following = year.end if month == 12 else year.month_first_day(month + 1)
        return following.replace(day=day)


def working_day(day):
    """`day`, or the Monday after it: nobody signs anything off on a Sunday. Bank holidays are not known here."""
    return day + datetime.timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def moment_on(day, nth):
    """When the `nth` act of a day (from 0) happens."""
    minutes = FIRST_MINUTE + APART * nth
    return datetime.datetime.combine(day, datetime.time(minutes // 60, minutes % 60), LONDON)
