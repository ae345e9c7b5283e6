"""Whose eyes are reading. The scope lives in the transaction, and PostgreSQL refuses to answer without one.

`scope_open` in the database works out from roles and memberships what a person may see and do on a date, so a page
cannot get it wrong: a filter that is forgotten still shows only what is theirs (DESIGN rule 9, 10.22, 10.26).
"""

from contextlib import contextmanager

from django.db import connection, transaction
from django.shortcuts import render
from django.utils import timezone

from .as_at import TooManyMoments, as_at
from .rights import rights_of

SETTINGS = (
    "person", "councils", "writes", "leads", "audits", "partnerships", "shown", "fellows", "administers", "limited",
    "limited_years", "limited_acts",
)  # fmt: skip


@contextmanager
def scope(*, person_id, on):
    """Open a transaction in which `person_id` (None: nobody signed in) reads and writes, as of the date `on`.

    Inside another transaction it is a savepoint, and the scope before is put back on the way out.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        before = _settings(cursor) if connection.savepoint_ids else None
        cursor.execute("SELECT scope_open(%s, %s)", [person_id, on])
        yield
        if before:
            _put_back(cursor, before)


def refresh_scope(*, person_id, on):
    """Work the open scope out again, after an act that widened it (founding a partnership, taking a role)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_open(%s, %s)", [person_id, on])


def _settings(cursor):
    names = ", ".join(f"current_setting('banked.{name}', true)" for name in SETTINGS)
    cursor.execute(f"SELECT {names}")
    return cursor.fetchone()


def _put_back(cursor, values):
    cursor.execute(
        "SELECT " + ", ".join(f"set_config('banked.{name}', %s, true)" for name in SETTINGS),
        [value or "" for value in values],
    )


class ScopeMiddleware:
    """Runs each view inside the scope of the person signed in, so that page and database agree on who is asking.

    The view finds `request.now` (one moment for the whole request), `request.person` (None when nobody is signed in)
    and `request.rights` (`councils.rights.Rights`). With `request.as_at` the moment is that one, the ledger is read as
    it was then, and the rights are those of somebody who only reads.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "without_scope", False):
            return None
        user = request.user
        request.now = timezone.now()
        person_id = user.person_id if user.is_authenticated else None
        today = timezone.localdate(request.now)
        with scope(person_id=person_id, on=today):
            request.rights = rights_of(person_id, on=today)
            request.person = user.person if user.is_authenticated else None  # read here: error pages have no scope
            moment = getattr(request, "as_at", None)
            if getattr(request, "carried", False):  # a share of a figure is nobody's row, so there is nothing to do
                request.rights = request.rights.looking_back()
            if moment is None:
                response = view(request, *args, **kwargs)
            else:  # who may read is settled as of now; what they read, and what day it is to them, is as of then
                request.now, request.rights = moment, request.rights.looking_back()
                try:
                    with as_at(moment):
                        response = view(request, *args, **kwargs)
                except TooManyMoments as refusal:
                    response = render(request, "past_enough.html", {"refusal": refusal}, status=429)
        if request.person and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"  # asked for again after signing out
        return response


def without_scope(view):
    """Mark a view that opens its own scopes, or reads nothing guarded (health, static, streaming)."""
    view.without_scope = True
    return view
