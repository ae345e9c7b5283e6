"""The lines of the template: a council's schemes by the months that can be banked, for somebody to fill in."""

import datetime
from collections.abc import Iterator

from councils.years import MONTHS, FinancialYear, Quarter
from partnerships.models import Membership
from savings.actions.periods import closed_quarters
from savings.models import Scheme
from savings.models.typed import Kind, Series

from .entry_columns import NAMES


def lines(council, today: datetime.date) -> Iterator[list[str]]:
    """One for each scheme of a partnership the council is in and each month that has begun and is not closed."""
    closed = closed_quarters(council)
    now = Quarter.containing(today)
    before = Quarter.containing(now.first_day - datetime.timedelta(days=1))
    members = Membership.objects.on(today).filter(council=council).values("partnership")
    schemes = Scheme.objects.filter(partnership__in=members).select_related("partnership")
    for scheme in schemes.order_by("partnership__slug", "reference"):
        for quarter in (before, now):
            if (scheme.partnership_id, quarter.first_day) in closed:
                continue
            year = FinancialYear(quarter.year.start)
            for month in quarter.months:
                if year.month_first_day(month) <= today:
                    yield _line(council, scheme, year, month)


def _line(council, scheme, year, month) -> list[str]:
    said = {
        "council": council.code, "partnership": scheme.partnership.slug, "scheme": scheme.reference,
        "series": Series.BANKED.value, "kind": Kind.SAVING.value, "class": scheme.benefit_class,
        "recurrence": scheme.recurrence, "financial_year": year.slug, "month": MONTHS[month - 1],
    }  # fmt: skip
    return [said.get(name, "") for name in NAMES]
