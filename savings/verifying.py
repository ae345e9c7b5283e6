"""The product verifies itself every night and writes down what it found, for /readyz and for people."""

import datetime
import logging

from django.utils import timezone

from councils.models import Verification
from councils.verification import verify

from . import locks
from .balances import balances, stored_files

log = logging.getLogger(__name__)

HOUR = 2  # o'clock, when hardly anybody works
TRIES = 3  # a night, so that one that cannot end does not begin for ever
LOCK = 0x76_6572  # advisory: one at a time
MOST_NAMED = 100


def verify_when_due(now: datetime.datetime) -> Verification | None:
    """Verify the whole ledger if this night's run has not ended yet and nobody is at it; None otherwise."""
    with locks.taken(LOCK) as mine:
        if not mine or not due(now):
            return None
        run = Verification.objects.create(started_at=now)
        found = verify()
        problems = [*found.problems, *balances(), *stored_files()]
        run.rows, run.acts, run.events = found.rows, found.acts, found.events
        run.problem_count, run.problems = len(problems), "\n".join(problems[:MOST_NAMED])
        run.ended_at = timezone.now()
        run.save()
    if problems:
        log.error("the ledger does not verify", extra={"facts": {"problems": len(problems), "first": problems[0]}})
    return run


def due(now: datetime.datetime) -> bool:
    """Whether the run that belongs to the last two o'clock has still to be made."""
    local = timezone.localtime(now)
    night = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if night > local:
        night -= datetime.timedelta(days=1)
    runs = list(Verification.objects.filter(started_at__gte=night).values_list("ended_at", flat=True))
    return not any(runs) and len(runs) < TRIES
