"""Reading what the ledger said at a moment, from the ledger itself (DESIGN 10.14).

Inside `as_at(moment)` PostgreSQL shows the rows of the acts that the streams held then, and no others: pages, lists and
figures need not know. The first question about a moment settles which acts those are, and the answer is kept.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from django.db import OperationalError, connection, transaction

from .refusals import Refused

LIMIT = "53400"  # PostgreSQL's word for it: configuration_limit_exceeded
SETTINGS = ("banked.as_at", "banked.as_at_acts", "banked.as_at_facts", "search_path")


class Moment(NamedTuple):
    """A moment of the past, and the id under which the stream heads it stands for are kept."""

    at: datetime.datetime
    id: int


class TooManyMoments(Refused):
    """The reader settled as many new moments within the hour as anybody may."""


_reading: ContextVar[Moment | None] = ContextVar("as_at", default=None)


def reading() -> Moment | None:
    """The moment being read; None in the present."""
    return _reading.get()


@contextmanager
def as_at(moment: datetime.datetime) -> Iterator[Moment]:
    """Everything read inside is as it was at `moment`; nothing can be written. Inside an open scope only.

    Raises IntegrityError for a moment to come, and `TooManyMoments`.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}', true)" for name in SETTINGS))
        before = cursor.fetchone()
        opened = Moment(moment, _settled(cursor, moment))
        cursor.execute("SELECT set_config('search_path', 'as_at, public', true)")
        token = _reading.set(opened)
        try:
            yield opened
        finally:
            _reading.reset(token)
        put_back = ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
        cursor.execute(f"SELECT {put_back}", [value or "" for value in before])


def _settled(cursor, moment: datetime.datetime) -> int:
    try:
        cursor.execute("SELECT as_at_open(%s)", [moment])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != LIMIT:
            raise
        raise TooManyMoments("You asked about 60 new moments within an hour. Ask about others later.") from None
    return cursor.fetchone()[0]
