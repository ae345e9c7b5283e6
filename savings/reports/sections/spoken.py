"""How the report says dates, periods, kinds and people: the same in every section."""

import datetime

from django.utils import timezone

from councils.years import FinancialYear
from savings.models.typed import BenefitClass, Kind

from ..content import Content
from ..entries import Row


def day(date: datetime.date) -> str:
    return f"{date.day} {date:%B %Y}"


def moment(at: datetime.datetime) -> str:
    """`23 November 2026 at 16:04`, in the United Kingdom's time."""
    local = timezone.localtime(at)
    return f"{day(local.date())} at {local:%H:%M}"


def short_day(at: datetime.datetime | None) -> str:
    """`23 Nov 2026`, or a dash where there is no moment."""
    if at is None:
        return "–"
    local = timezone.localtime(at)
    return f"{local.day} {local:%b %Y}"


def year(start: int) -> str:
    return FinancialYear(start).label


def period(row: Row) -> str:
    return year(row.year) if row.month is None else FinancialYear(row.year).month_label(row.month)


def what(row: Row) -> str:
    kind = str(Kind(row.kind).label)
    return f"{kind}, {str(BenefitClass(row.benefit_class).label).lower()}" if row.benefit_class else kind


def numbers(content: Content) -> dict[int, int]:
    """The number of each entry: its line in the attached file, the first entry being 1."""
    return {row.pk: place for place, row in enumerate(content.entries, start=1)}


def share(part: int, whole: int) -> str:
    """`62.5%`, half away from zero; a dash when there is nothing to share."""
    if whole == 0:
        return "–"
    tenths = (abs(part) * 2000 + abs(whole)) // (2 * abs(whole))
    sign = "−" if (part < 0) != (whole < 0) and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}%"
