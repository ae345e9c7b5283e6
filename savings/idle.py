"""Sessions end after `SESSION_COOKIE_AGE` of idleness, not after that long at work."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

NOTED_EVERY = 5 * 60  # seconds; so that reading ten pages is not ten writes to the session


class IdleMiddleware:
    """Notes now and then that somebody is there; storing the note moves the session's end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get("seen", 0) > NOTED_EVERY:
            request.session["seen"] = now
        return self.get_response(request)
