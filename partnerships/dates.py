"""Dates as exactly as they are known: `2016`, `October 2010`, `1 December 2020`."""

from .models.arrangement import Precision


def dated(day, precision):
    """The date in words, no more exact than `precision` (a `Precision`) says it is known; empty for None."""
    if day is None:
        return ""
    if precision == Precision.YEAR:
        return f"{day:%Y}"
    return f"{day:%B %Y}" if precision == Precision.MONTH else f"{day:%-d %B %Y}"


def span(first, first_precision, end, end_precision):
    """`October 2010 to 1 December 2020`, or `since 2016`."""
    if end is None:
        return f"since {dated(first, first_precision)}"
    return f"{dated(first, first_precision)} to {dated(end, end_precision)}"
