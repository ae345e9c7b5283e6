"""One at a time: advisory locks, each of a class of its own (`LOCK` in the module it guards) and a key in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

KEYS = 2**31  # PostgreSQL takes keys below it; two rows so far apart would only wait for each other


@contextmanager
def taken(lock: int, key: int = 0) -> Iterator[bool]:
    """Whether nobody else is in the same block, without waiting.

    It goes with the block or the connection, so a worker that dies leaves it free at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock, key % KEYS])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock, key % KEYS])


def wait(lock: int, key: int = 0) -> None:
    """Until nobody else holds the same; then it is ours until the transaction ends, so the second sees the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock, key % KEYS])
