"""The doorbell: after the commit a worker is told that there is something to do.

Rows in the database are the queue. A broker that is away costs nothing: a sweep finds what nobody rang for.
"""

import logging
from collections.abc import Callable
from functools import lru_cache

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring(task: str, *given: int) -> None:
    """Once the transaction has committed, wake a worker for `task`, by its name so that actions need not know it.

    However many acts one transaction holds, it rings once for the same thing.
    """
    bell = _bell(task, *given)
    if not any(bell in waiting for waiting in connection.run_on_commit):
        transaction.on_commit(bell, robust=True)


@lru_cache(maxsize=128)  # the same bell for the same thing, so that one that waits already is known again
def _bell(task: str, *given: int) -> Callable[[], None]:
    def sound() -> None:
        _send(task, given)

    return sound


def _send(task: str, given: tuple[int, ...]) -> None:
    try:
        current_app.send_task(task, given)
    except (OSError, OperationalError) as away:
        facts = {"task": task, "error": str(away)}
        log.warning("the broker did not answer; the sweep will find the work", extra={"facts": facts})
