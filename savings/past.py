"""Any page as at a past moment: `/as-at/2026-09-30/ledger/` is the ledger as it was at the end of that day.

The prefix is taken off before the address is looked up and put before every address the page makes, so whoever
follows a link, a filter or a page number stays in that moment, and the address can be sent to somebody else.
"""

import datetime
import re
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from .prefixes import answered_under

PREFIX = "/as-at/"
# To the minute: each moment asked about is kept for ever, and a year of minutes is more than anybody asks for.
WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2}))?")
FIRST_YEAR = 1990
DAY_ENDS = datetime.time(23, 59, 59, 999999)


def written_moment(day, time=None):
    """The address of any page as at then: `/as-at/2026-09-30T17:00`, to be followed by the page's own."""
    return PREFIX + day.isoformat() + (f"T{time:%H:%M}" if time else "")


def end_of(day):
    """The last moment of a day, in London."""
    return timezone.make_aware(datetime.datetime.combine(day, DAY_ENDS))


def read_moment(text):
    """`2026-09-30` as the end of that day and `2026-09-30T17:00` as that moment, in London; ValueError otherwise."""
    found = WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no moment")
    day = datetime.date.fromisoformat(found[1])
    if day.year < FIRST_YEAR:
        raise ValueError(f"{text!r} is before anything recorded here")
    if not found[2]:
        return end_of(day)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(int(found[2]), int(found[3]))))


def now_only(view):
    """A view whose reading is noted as an act (a file taken away) is read in the present only, and as it was: a file
    never changes, and no figure in it is carried to successors."""

    @wraps(view)
    def in_the_present(request, *args, **kwargs):
        if getattr(request, "as_at", None):
            return HttpResponseRedirect(request.in_the_present)
        if request.carried:
            return HttpResponseRedirect(request.as_it_was)
        return view(request, *args, **kwargs)

    return in_the_present


class PastMiddleware:
    """Takes the prefix off, and sees to it that nothing can be done in the past. Stands just before the scope."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        written, _, rest = request.path_info.removeprefix(PREFIX).partition("/")
        if not request.path_info.startswith(PREFIX) or not written:
            return self.get_response(request)
        try:
            moment = read_moment(written)
        except ValueError:
            return self.get_response(request)  # an address like any other: it will not be found
        present = f"/{rest}" + (f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else "")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if rest.startswith("accounts/"):  # signing out is done now, from wherever
            request.path_info = f"/{rest}"
            return self.get_response(request)
        if moment > timezone.now() or rest.startswith(PREFIX.strip("/")):
            return HttpResponseRedirect(present)
        request.as_at, request.in_the_present = moment, present
        if request.method not in ("GET", "HEAD"):
            return render(request, "past.html", status=405)
        return answered_under(request, f"{PREFIX}{written}/", f"/{rest}", self.get_response)
