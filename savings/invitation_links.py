"""Opening an invitation's link: what it is good for, and a scope that sees no more than a stranger's."""

import datetime
import uuid
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction

from councils.models import Council, Role


class Invited(NamedTuple):
    """What PostgreSQL found for a link (`invitation_open`); everything but the state is None for an unknown one."""

    state: str  # open, accepted, revoked, replaced, expired, over (the council has ended), led (it has a lead), unknown
    public_id: uuid.UUID | None
    council_id: int | None
    name: str | None
    email: str | None
    what: str | None
    ends_on: datetime.date | None  # first day the role no longer holds
    invited_by: str | None
    expires_at: datetime.datetime | None
    owner: int | None  # id of the person whose account has that address

    @property
    def council(self):
        return Council.objects.filter(pk=self.council_id or 0).first()

    @property
    def role(self):
        return Role.What(self.what).label.lower() if self.what else ""

    @property
    def last_day(self):
        return self.ends_on - datetime.timedelta(days=1) if self.ends_on else None


@contextmanager
def opened(digest, *, at):
    """A transaction with a stranger's eyes; yields what the link with this digest is good for at the moment `at`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM invitation_open(%s, %s)", [digest, at])
        yield Invited(*cursor.fetchone())
