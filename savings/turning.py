"""The day a financial year is complete: what was not attested for it has lapsed, and its figures are marked as stale.

No act makes a saving lapse; the date does (DESIGN 10.30). Each year is marked once.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from savings.actions import rollups
from savings.models import Mark, YearTurned
from savings.reporting.freshness import last_complete_year
from savings.reporting.recurring import Standing, savings


@transaction.atomic
def turn(now: datetime.datetime) -> int:
    """Mark what lapsed with the latest complete year; returns how many partnerships that was. As the worker."""
    today = timezone.localdate(now)
    year = last_complete_year(today).start
    _, new = YearTurned.objects.get_or_create(year=year, defaults={"at": now})
    if not new:
        return 0
    lapsed = {one.partnership.pk for one in savings(today) if one.standing == Standing.LAPSED and one.last.next == year}
    Mark.objects.bulk_create(Mark(partnership_id=each, year=year, made_at=now) for each in sorted(lapsed))
    rollups.ring()
    return len(lapsed)
