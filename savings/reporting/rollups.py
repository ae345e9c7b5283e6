"""Keeps the facts: takes the marks of a partnership and year, reads its ledger, and replaces what was known about it.

Why a fact is never left stale, however many drainers run (each sentence is a statement of its own, READ COMMITTED):

1. lock the shard; 2. take its marks; 3. read the ledger; 4. replace its facts; commit.

An act commits its rows and its mark together. If it commits before 2, its rows are read in 3. If it commits after 2,
its mark is still there afterwards, and whoever finds it does the shard again. So a mark is only ever taken by somebody
who then reads its rows. Two drainers cannot cross because of 1: the second waits, and its statements begin, with new
snapshots, only after the first has committed. Locking in the statement that reads would not do: that statement's
snapshot is older than the wait. Nor would taking the marks after reading. tests/savings/reporting/test_races.py
scripts the wrong ways beside the right one.

Attempts are counted in a transaction that is committed before the work, so that a key that kills its worker is counted
too; after five the key is parked, left out and shown. The broker only rings: the marks are the queue.
"""

import logging
import time
from collections.abc import Callable
from typing import NamedTuple

from django.db import OperationalError, connection, transaction

from partnerships.models import Audience
from savings.analysis.parameters import CURRENT
from savings.models import Attempt, ClaimLine, DoubleClaim, Mark, Rollup

from . import lines, rows, run
from .claim_lines import kept_lines
from .facts import judged

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
LONGEST_LOCK_WAIT = "5s"  # a drainer that was cut off keeps its lock until PostgreSQL notices; nobody waits for that
SHOWN_TO = {
    Audience.Who.MEMBERS: ["members"],
    Audience.Who.SECTOR: ["members", "sector"],
    Audience.Who.PUBLIC: ["members", "sector", "public"],
}


class Key(NamedTuple):
    """What is recomputed as one: a shard of the ledger."""

    partnership: int
    year: int

    @property
    def lock(self) -> int:
        """The number of its advisory lock; years stay below 4096."""
        return self.partnership << 12 | self.year

    def __str__(self):
        return f"partnership {self.partnership}, {self.year}"


class Drained(NamedTuple):
    recomputed: int
    more: bool  # time ran out before the work did


def drain(*, seconds: float = float("inf"), progress: Callable[[int, int], None] = lambda done, left: None) -> Drained:
    """Bring every stale key up to date; returns after `seconds` at the latest, between two keys.

    Finding nothing costs one query, so any number of doorbells may ring. Keys somebody else is working on are passed
    over and looked at once more in the end, when their marks are gone or new. `progress(done, left)` follows each key.
    """
    ends = time.monotonic() + seconds
    done, busy, failed = 0, set[Key](), set[Key]()
    while keys := [key for key in stale() if key not in failed]:
        for number, key in enumerate(keys, start=1):
            if time.monotonic() >= ends:
                return Drained(done, more=True)
            try:
                if not _begin(key, wait=key in busy):
                    (failed if key in busy else busy).add(key)
                    continue
                done += recompute(key)
            except Exception as error:
                log.exception("a roll-up failed", extra={"facts": {"key": str(key)}})
                _note(key, error)
                failed.add(key)
            busy.discard(key)
            progress(done, len(keys) - number)
    return Drained(done, more=False)


def recompute(key: Key) -> bool:
    """Replace the facts of `key` if any mark says they are stale; returns whether one did."""
    shard = key._asdict()
    with transaction.atomic():
        _lock(key)
        stale_here = run("take_marks", **shard)
        if stale_here:
            _replace(key)
        Attempt.objects.filter(partnership_id=key.partnership, year=key.year).delete()
    return bool(stale_here)


def stale() -> list[Key]:
    """Keys that wait, without those that are parked; the longest waiting first."""
    return rows("stale_keys", Key)


def known() -> list[Key]:
    """Every key the ledger or the facts say anything about."""
    return rows("known_keys", Key)


def parked() -> list[Key]:
    return [Key(*key) for key in Attempt.objects.filter(parked_at__isnull=False).values_list("partnership_id", "year")]


@transaction.atomic
def mark_all() -> list[Key]:
    """Make every known key stale, parked ones too; draining then rebuilds all facts from nothing but the ledger.

    The totals of claims on budgets are made anew at once.
    """
    from django.utils import timezone

    with connection.cursor() as cursor:
        cursor.execute("SELECT budget_totals_rebuild()")
    keys, now = known(), timezone.now()
    Attempt.objects.all().delete()
    Mark.objects.bulk_create(Mark(partnership_id=key.partnership, year=key.year, made_at=now) for key in keys)
    return keys


def _begin(key: Key, *, wait: bool) -> bool:
    """Count an attempt; False when somebody else is working on the key, or when it has just been parked."""
    try:
        with transaction.atomic():
            if not _lock(key) if wait else not _try_lock(key):
                return False
            (may_try,) = rows("begin_attempt", bool, **key._asdict(), most=MOST_ATTEMPTS)
            return may_try
    except OperationalError as busy:
        if getattr(busy.__cause__, "sqlstate", "") == "55P03":  # lock_not_available
            return False
        raise


def _note(key: Key, error: Exception) -> None:
    words = f"{type(error).__name__}: {error}"[:2000]
    with transaction.atomic():
        run("fail_attempt", **key._asdict(), error=words, most=MOST_ATTEMPTS)


def _lock(key: Key) -> bool:
    """Hold the shard until the transaction ends; a statement of its own, see above."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_LOCK_WAIT}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.lock])
    return True


def _try_lock(key: Key) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key.lock])
        return cursor.fetchone()[0]


def _replace(key: Key) -> None:
    """Delete the key's facts and insert what the ledger says now, once for each audience that may see them."""
    with connection.cursor() as cursor:  # before the ledger is read, so that at least these events are included
        cursor.execute("SELECT coalesce(max(id), 0), clock_timestamp() FROM councils_event")
        last_event, computed_at = cursor.fetchone()
    ledger = lines.read(key.partnership, key.year)
    found, verdict = judged(ledger)
    said = Audience.objects.filter(partnership_id=key.partnership).order_by("-pk").values_list("who", flat=True).first()
    shown_to = Audience.Who(said or Audience.Who.MEMBERS)
    shard = {"partnership_id": key.partnership, "year": key.year}
    DoubleClaim.objects.filter(**shard).delete()
    DoubleClaim.objects.bulk_create(DoubleClaim(**shard, **caught._asdict()) for caught in verdict.caught)
    ClaimLine.objects.filter(**shard).delete()
    ClaimLine.objects.bulk_create(ClaimLine(**shard, **kept) for kept in kept_lines(ledger))
    Rollup.objects.filter(**shard).delete()
    Rollup.objects.bulk_create(
        Rollup(
            audience=audience, partnership_id=key.partnership, council_id=council, year=key.year,
            last_event=last_event, computed_at=computed_at, **columns,
        )
        for audience in SHOWN_TO[shown_to]
        for council, columns in sorted(found.items())
    )  # fmt: skip


class Difference(NamedTuple):
    """One figure of one fact that is not what the ledger says."""

    partnership: str  # slug
    council: str  # code
    year: int
    audience: str
    figure: str
    fact: int
    ledger: int
    waiting: bool  # marks of the key still wait, so the next drain will put it right


def check() -> list[Difference]:
    """Every figure in which facts and ledger differ at this moment, by a statement that shares nothing with `drain`."""
    tolerance = {"tolerance_bps": CURRENT.tolerance_bps, "tolerance_pence": CURRENT.tolerance_pence}
    return rows("check_rollups", Difference, **tolerance)
