"""A deflator release made up for the demonstration, because the published one ends before the story does."""

from decimal import Decimal

from savings.models import Deflator, DeflatorRelease

from .dates import CURRENT

GROWTH = Decimal("1.025")  # a year; prices in the demonstration rise evenly
FIRST, LAST = 0, 10  # years of the story
BASE = CURRENT - 1  # the last year that is over


def add_release(this, dates):
    """Index 100 in the last year that is over; later years are forecasts. Within the act `this`."""
    base = dates.year(BASE)
    release = DeflatorRelease.objects.create(
        act=this,
        name=f"Invented deflator for the demonstration, {base.label} = 100",
        released_on=dates.day(BASE, 3, 30),
        index_base=f"{base.label}=100, invented",
        invented=True,
    )
    Deflator.objects.bulk_create(
        Deflator(
            act=this,
            release=release,
            year=dates.year(index).start,
            index=(100 * GROWTH ** (index - BASE)).quantize(Decimal("0.000001")),
            forecast=index > BASE,
        )
        for index in range(FIRST, LAST + 1)
    )
    return release
