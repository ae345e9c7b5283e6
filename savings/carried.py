"""Any page carried to successors: `/carried/councils/westvale/` is what Westvale has with what came to it.

The prefix works as that of a past moment does (`savings.past`), and inside it: `/as-at/2026-09-30/carried/…`. Nothing
is done there: a figure that was shared out is nobody's row.
"""

from functools import wraps

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils import timezone

from councils import carrying

from .prefixes import answered_under

PREFIX = "carried/"


def not_carried(view):
    """A view of what stays with whom it happened to: under the prefix it leads back to the page as it was."""

    @wraps(view)
    def as_it_was(request, *args, **kwargs):
        return HttpResponseRedirect(request.as_it_was) if request.carried else view(request, *args, **kwargs)

    return as_it_was


class CarriedMiddleware:
    """Takes the prefix off and reads figures carried. Stands between the past and the scope."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        path = request.path_info
        request.carried = False
        if not path.startswith(f"/{PREFIX}"):
            request.carried_address = get_script_prefix() + PREFIX + _rest(request, path)
            return self.get_response(request)
        rest = path.removeprefix(f"/{PREFIX}").lstrip("/")
        as_it_was = get_script_prefix() + _rest(request, f"/{rest}")
        if rest.startswith(("accounts/", PREFIX)):  # signing out is done now, and carrying twice is carrying once
            return HttpResponseRedirect(as_it_was)
        request.carried, request.as_it_was = True, as_it_was
        if request.method not in ("GET", "HEAD"):
            return render(request, "carried.html", status=405)
        with carrying.carrying(on=timezone.localdate(getattr(request, "as_at", None))) as asked:
            request.carrying = asked  # the banner says whether the page followed any succession
            return answered_under(request, get_script_prefix() + PREFIX, f"/{rest}", self.get_response)


def _rest(request, path):
    asked = request.META.get("QUERY_STRING")
    return path.lstrip("/") + (f"?{asked}" if asked else "")
