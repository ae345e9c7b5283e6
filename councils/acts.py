"""Doing something: an act is opened, its rows are written, and it is sealed, all in one transaction or not at all."""

import uuid
from contextlib import contextmanager

from django.db import connection, transaction

from .models import Act
from .requests import request_id


@contextmanager
def act(*, by, at, verb, subject="", reason="", register=False, access=False):
    """Open an act by the person `by` at the moment `at`; rows written inside carry it, and leaving seals it.

    The event goes on the stream of each council whose rows were written; `register` and `access` add those streams.
    Costs two statements and one lock, however many rows. Raises IntegrityError when the act wrote nothing and is on
    no stream.
    """
    public_id = uuid.uuid4()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT act_open(%s, %s, %s, %s, %s, %s, %s)",
                [public_id, by.pk, verb, subject, reason, request_id.get(), at],
            )
            (pk,) = cursor.fetchone()
        yield Act(pk=pk, public_id=public_id, person=by, verb=verb, subject=subject, reason=reason, at=at)
        with connection.cursor() as cursor:
            cursor.execute("SELECT act_seal(%s, %s, %s)", [pk, register, access])
