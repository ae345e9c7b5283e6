"""The financial year, 1 April to 31 March, its quarters and its months.

Ranges are half-open: `first_day` is inside, `end` is not, so years and quarters tile without overlap.
Months are counted from April: 1 is April, 12 is March. Moments must be turned into a date in the
United Kingdom's time before they come here.
"""

import datetime
import re
from dataclasses import dataclass

MONTHS = (
    "April", "May", "June", "July", "August", "September",
    "October", "November", "December", "January", "February", "March",
)  # fmt: skip

#: Month and day, after the year's end, when its fourth return is due unless a parameter says otherwise.
FOURTH_RETURN_DUE = (6, 30)

#: Days after the last day of a quarter when its return is due, except the fourth. A month is what a finance team needs
#: to close its ledger and hear from its partners; outturn and the year's true-up between members take until June.
RETURN_DUE_DAYS = 30

EARLIEST, LATEST = 1900, 2199  # first calendar years; past them a year is a slip of the keyboard


class YearError(ValueError):
    """The year, quarter or month is impossible. The message says what is wrong and how to mend it."""


@dataclass(frozen=True, order=True)
class FinancialYear:
    """One financial year, named by the calendar year it starts in: `FinancialYear(2024)` is 2024/25."""

    start: int

    def __post_init__(self) -> None:
        if not EARLIEST <= self.start <= LATEST:
            raise YearError(f"{self.start} is not a year we can use. Enter one from {EARLIEST} to {LATEST}.")

    @classmethod
    def parse(cls, text: str) -> "FinancialYear":
        """Reads `2024/25` or `2024-25`. Raises `YearError` for anything else, and for `2024/26`."""
        match = re.fullmatch(r"([0-9]{4})[/-]([0-9]{2})", text.strip())
        if not match:
            raise YearError(f"“{text.strip()[:20]}” is not a financial year. Write it like 2024/25.")
        start, suffix = int(match[1]), int(match[2])
        if suffix != (start + 1) % 100:
            raise YearError(f"“{text.strip()}” is not one year. After {start} write {(start + 1) % 100:02}.")
        return cls(start)

    @classmethod
    def containing(cls, day: datetime.date) -> "FinancialYear":
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def label(self) -> str:
        """`2024/25`."""
        return f"{self.start}/{(self.start + 1) % 100:02}"

    @property
    def slug(self) -> str:
        """`2024-25`, as addresses write it."""
        return self.label.replace("/", "-")

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.start, 4, 1)

    @property
    def end(self) -> datetime.date:
        """The first day of the next year: half-open."""
        return datetime.date(self.start + 1, 4, 1)

    @property
    def last_day(self) -> datetime.date:
        """31 March, for words; compare with `end`."""
        return self.end - datetime.timedelta(days=1)

    @property
    def quarters(self) -> "tuple[Quarter, ...]":
        return tuple(Quarter(self, quarter) for quarter in (1, 2, 3, 4))

    def due_on(self, month_and_day: tuple[int, int] = FOURTH_RETURN_DUE) -> datetime.date:
        """The day the fourth return is due: the first such month and day after the year has ended."""
        month, day = month_and_day
        return datetime.date(self.start + 1 if month >= 4 else self.start + 2, month, day)

    def month_first_day(self, month: int) -> datetime.date:
        """First day of `month`, 1 (April) to 12 (March)."""
        year, index = divmod(_month(month) + 2, 12)
        return datetime.date(self.start + year, index + 1, 1)

    def month_label(self, month: int) -> str:
        """`April 2024`, from 1 (April) to 12 (March)."""
        return f"{MONTHS[_month(month) - 1]} {self.month_first_day(month).year}"

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a financial year: 1 is April to June."""

    year: FinancialYear
    quarter: int

    def __post_init__(self) -> None:
        if not 1 <= self.quarter <= 4:
            raise YearError(f"{self.quarter} is not a quarter. Enter 1 (April to June) to 4 (January to March).")

    @classmethod
    def containing(cls, day: datetime.date) -> "Quarter":
        return cls(FinancialYear.containing(day), quarter_of(month_of(day)))

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Reads an address's `2024-25-q1`. Raises `YearError` for anything else."""
        match = re.fullmatch(r"([0-9]{4}-[0-9]{2})-q([1-4])", text)
        if not match:
            raise YearError(f"“{text[:20]}” is not a quarter. Write it like 2024-25-q1.")
        return cls(FinancialYear.parse(match[1]), int(match[2]))

    @property
    def slug(self) -> str:
        """`2024-25-q1`, as addresses write it."""
        return f"{self.year.slug}-q{self.quarter}"

    @property
    def label(self) -> str:
        """`2024/25 quarter 1`; sorts as text in order of time."""
        return f"{self.year.label} quarter {self.quarter}"

    @property
    def months(self) -> tuple[int, int, int]:
        """Its three months, counted from April = 1."""
        first = 3 * self.quarter - 2
        return first, first + 1, first + 2

    @property
    def months_label(self) -> str:
        """`April to June 2024`."""
        return f"{MONTHS[self.months[0] - 1]} to {self.year.month_label(self.months[2])}"

    @property
    def first_day(self) -> datetime.date:
        return self.year.month_first_day(self.months[0])

    @property
    def end(self) -> datetime.date:
        """The first day of the next quarter: half-open."""
        return self.following.first_day if self.quarter < 4 else self.year.end

    def due_on(self, days: int = RETURN_DUE_DAYS, fourth: tuple[int, int] = FOURTH_RETURN_DUE) -> datetime.date:
        """The last day on which its return is in time: `days` after its own last day, the fourth on `fourth`."""
        return self.year.due_on(fourth) if self.quarter == 4 else self.end + datetime.timedelta(days=days - 1)

    @property
    def following(self) -> "Quarter":
        """The quarter after this one."""
        if self.quarter < 4:
            return Quarter(self.year, self.quarter + 1)
        return Quarter(FinancialYear(self.year.start + 1), 1)

    def __str__(self) -> str:
        return self.label


def month_of(day: datetime.date) -> int:
    """1 for a day in April to 12 for one in March."""
    return (day.month - 4) % 12 + 1


def quarter_of(month: int) -> int:
    """The quarter, 1 to 4, of `month`, 1 (April) to 12 (March)."""
    return (_month(month) + 2) // 3


def _month(month: int) -> int:
    if not 1 <= month <= 12:
        raise YearError(f"{month} is not a month. Enter 1 (April) to 12 (March).")
    return month
