"""The pages for an address that is not there and for a fault of ours, with the header of whoever is asking.

Django calls these after the scope has closed, and for an unknown address there never was one. Neither may raise: what
goes wrong on the way leaves the page as a stranger sees it.
"""

import logging

from django.http import HttpResponseNotFound, HttpResponseServerError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.views import defaults

from councils.requests import request_id
from councils.rights import rights_of
from councils.scope import scope
from savings.context import name_the_reader

log = logging.getLogger(__name__)


def not_found(request, exception):
    """404. Two or three queries for somebody signed in whose address no view answered, otherwise none of its own."""
    try:
        if getattr(request, "rights", None) is None:
            _read_the_reader(request)
        return HttpResponseNotFound(render_to_string("404.html", request=request))
    except Exception:
        log.exception("the header of a page not found could not be made")
        return HttpResponseNotFound(render_to_string("404.html"))


def server_error(request):
    """500. Asks the database nothing, because that may be what failed; says the id under which it was logged."""
    try:
        if getattr(request, "rights", None) is not None:
            name_the_reader(request)
        request.request_id = request_id.get() or getattr(request, "request_id", "")
        page = render_to_string("500.html", {"request": request, "csrf_token": get_token(request)})
        return HttpResponseServerError(page)
    except Exception:
        log.exception("the page for a fault could not be made")
        return defaults.server_error(request)


def _read_the_reader(request):
    """What `councils.scope.ScopeMiddleware` would have read, had there been a view; nothing for a stranger."""
    if not request.user.is_authenticated:
        return
    today = timezone.localdate()
    with scope(person_id=request.user.person_id, on=today):
        rights, request.person = rights_of(request.user.person_id, on=today), request.user.person
    request.rights = rights
