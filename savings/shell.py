"""Commands that act for somebody: inside, the database answers as it would to that person signed in."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.utils import timezone

from councils.models import Person, User
from councils.scope import scope


@contextmanager
def as_person(email: str) -> Iterator[tuple[Person, datetime.datetime]]:
    """The person behind the open account `email`, and the moment; raises `CommandError` where there is none."""
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise CommandError(f"There is no account {email}.")
    now = timezone.now()
    with scope(person_id=user.person_id, on=timezone.localdate(now)):
        yield user.person, now
