"""Opening a confirmation link: what it is good for, and the scope that goes with it, which is one request wide."""

import datetime
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction

from councils.models import Person


class Opened(NamedTuple):
    """What PostgreSQL found for a link (`confirmation_open`); everything but the state is None for an unknown one."""

    state: str  # open, answered, used, replaced, revoked, expired, unknown
    request: int | None
    link: int | None
    person_id: int | None
    contact: str | None
    partnership: str | None
    council: int | None
    quarter: datetime.date | None
    asked_at: datetime.datetime | None
    expires_at: datetime.datetime | None

    @property
    def person(self):
        """The contact, as acts take a person."""
        return Person(pk=self.person_id, name=self.contact or "")


@contextmanager
def opened(digest, *, at):
    """A transaction in which the link with this digest may do what it may at the moment `at`; yields the `Opened`.

    While it is open one request can be read and answered by its contact, once answered it can be read, and otherwise
    nothing can: the scope is narrower than that of anybody who signs in.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM confirmation_open(%s, %s)", [digest, at])
        yield Opened(*cursor.fetchone())
        if not connection.needs_rollback:
            cursor.execute("SELECT set_config('banked.confirming', '', true)")
