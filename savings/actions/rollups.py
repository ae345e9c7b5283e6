"""The doorbell: after the commit the worker is told that something is stale. The marks themselves are the queue."""

import logging

from django.db import connection, transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring():
    """Once the transaction has committed, wake a worker. A broker that is away costs nothing: the sweep finds marks.

    However many acts one transaction holds, it rings once.
    """
    if not any(_send in waiting for waiting in connection.run_on_commit):
        transaction.on_commit(_send, robust=True)


def _send():
    from savings.tasks import drain  # the door to the worker stands above actions and may know Celery

    try:
        drain.delay()
    except (OSError, OperationalError) as away:
        log.warning("the broker did not answer; the sweep will find the marks", extra={"facts": {"error": str(away)}})
