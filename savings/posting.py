"""Mails that are rows: claimed before each try, tried again later each time, and never sent by two workers at once.

The model has `attempts`, `try_after`, `sent_at` and `dropped_at`. A mail server that is away only delays a mail. A
worker killed between the server's yes and our note of it sends that one again, under the same Message-ID.
"""

import datetime
import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
LONGEST_WAIT = 6 * 60  # minutes between two tries


def waiting(model: Any, now: datetime.datetime) -> list[int]:
    """Ids of the mails whose turn it is, the longest waiting first, at most `MOST_AT_ONCE`."""
    due = model._default_manager.filter(sent_at=None, dropped_at=None, try_after__lte=now)
    return list(due.order_by("try_after", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])


def post(model: Any, pk: int, now: datetime.datetime, write: Callable[[Any], EmailMessage | None]) -> bool:
    """Try one mail; returns whether it was sent. `write(row)` makes the message, or None when it is wanted no more."""
    row = _claimed(model, pk, now)
    if row is None:
        return False
    mine = model._default_manager.filter(pk=pk)
    message = write(row)
    if message is None:
        mine.update(dropped_at=now)
        return False
    try:
        message.send()
    except (OSError, SMTPException) as problem:
        facts = {"mail": f"{model._meta.model_name} {pk}", "attempt": row.attempts, "problem": type(problem).__name__}
        log.warning("a mail could not be sent; it will be tried again", extra={"facts": facts})
        return False
    mine.update(sent_at=now)
    return True


def _claimed(model: Any, pk: int, now: datetime.datetime) -> Any:
    """The row, its next try counted and put off before this one begins; None when somebody else has it."""
    with transaction.atomic():
        free = model._default_manager.select_for_update(skip_locked=True, of=("self",))
        row = free.filter(pk=pk, sent_at=None, dropped_at=None, try_after__lte=now).first()
        if row is None:
            return None
        row.attempts += 1
        row.try_after = now + datetime.timedelta(minutes=min(2**row.attempts, LONGEST_WAIT))
        row.save(update_fields=["attempts", "try_after"])
    return row
