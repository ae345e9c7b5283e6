"""Which quarter an amount is posted in, and whether the one it relates to is already closed."""

from django.utils import timezone

from councils.years import Quarter
from savings.models import Return


def quarter_of_period(year, month):
    """The `Quarter` that closes a period: a month its own, a whole year (`month` None) its fourth."""
    return year.quarters[3] if month is None else Quarter.containing(year.month_first_day(month))


def is_closed(*, partnership, council, quarter):
    step = (
        Return.objects.filter(partnership=partnership, council=council, quarter=quarter.first_day)
        .order_by("-sequence")
        .values_list("step", flat=True)
        .first()
    )
    return step == Return.Step.CLOSED


def closed_quarters(council):
    """(partnership id, first day) of every quarter of the council that is closed. One query."""
    latest = (
        Return.objects.filter(council=council)
        .order_by("partnership_id", "quarter", "-sequence")
        .distinct("partnership_id", "quarter")
    )
    return {(each.partnership_id, each.quarter) for each in latest if each.step == Return.Step.CLOSED}


def open_quarter(*, partnership, council, at):
    """First day of the quarter an amount recorded at the moment `at` is posted in: today's, or the next not closed."""
    quarter = Quarter.containing(timezone.localdate(at))
    while is_closed(partnership=partnership, council=council, quarter=quarter):
        quarter = quarter.following
    return quarter.first_day
