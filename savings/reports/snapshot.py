"""One moment of the ledger: everything a report says is read in one transaction that sees one state."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from councils import checkpoints
from councils.as_at import as_at
from councils.models import Checkpoint
from councils.refusals import Refused
from partnerships.models import Partnership
from savings.models import Mark
from savings.reporting import rollups, rows

ROUNDS = 5  # how often the figures are brought up to date before a ledger counts as too busy


class Head(NamedTuple):
    """How far one stream had come, and the hash of its newest event: whoever keeps it can tell later tampering."""

    key: str
    sequence: int
    hash: str  # hexadecimal; empty before the first event


class Snapshot(NamedTuple):
    as_at: datetime.datetime
    heads: list[Head]  # in key order
    checkpoint: Checkpoint | None = None  # the last one made by then

    @property
    def on(self) -> datetime.date:
        return timezone.localdate(self.as_at)

    @property
    def heads_text(self) -> str:
        """As `ReportFile.heads` keeps them."""
        return "\n".join(f"{head.key}={head.sequence}" for head in self.heads)


@contextmanager
def settled_snapshot(partnership: Partnership, moment: datetime.datetime | None = None) -> Iterator[Snapshot]:
    """A read-only REPEATABLE READ transaction in which no figure of `partnership` is stale.

    With `moment` it reads the ledger as it was then. Raises `Refused` when the ledger changes faster than the figures
    can follow. Must not be called inside another transaction, which would already have its own snapshot.
    """
    if moment:
        with past_snapshot(partnership, moment) as taken:
            yield taken
        return
    for _ in range(ROUNDS):
        bring_up_to_date(partnership)
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            taken = take(partnership)
            if not stale_years(partnership):
                yield taken
                return
    raise Refused(
        f"So much is being recorded for {partnership} at this moment that its figures do not stand still. Try again."
    )


@contextmanager
def past_snapshot(partnership: Partnership, moment: datetime.datetime) -> Iterator[Snapshot]:
    """The same of the ledger as it was: nothing can be stale, because every figure is worked out from its rows."""
    with transaction.atomic(durable=True), as_at(moment):
        pass  # a moment asked about for the first time is settled now: the transaction below could not keep it
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with as_at(moment):
            yield take(partnership)._replace(as_at=moment, checkpoint=checkpoints.last(by=moment))


def bring_up_to_date(partnership: Partnership) -> None:
    """Recompute every stale year; a year that was parked is tried once more, and raises if it still cannot be done."""
    for year in stale_years(partnership):
        rollups.recompute(rollups.Key(partnership.pk, year))


def stale_years(partnership: Partnership) -> list[int]:
    marks = Mark.objects.filter(partnership=partnership)
    return sorted(set(marks.values_list("year", flat=True)))


def take(partnership: Partnership) -> Snapshot:
    """What the open transaction sees: the first statement of it, so that nothing is older than the moment it states."""
    found = rows(
        "stream_heads", lambda key, sequence, digest, at: (Head(key, sequence, digest), at), partnership=partnership.pk
    )
    return Snapshot(as_at=found[0][1], heads=[head for head, _ in found], checkpoint=checkpoints.last())
