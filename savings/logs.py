"""One JSON object for each log line, with the id of the request that caused it.

The same id is on the response as X-Request-ID, on the act a request records, and in the worker's lines for its jobs.
"""

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from councils.requests import request_id

ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")
#: Whoever reads the log must not be able to use a link: what follows these is left out, in every line.
KEYED = re.compile(r"(/accounts/\S*/key/|/confirm/)[^\s\"']+")
log = logging.getLogger("savings.requests")


class JsonFormatter(logging.Formatter):
    """`{"at", "level", "logger", "message", "request_id", …}`; what `extra={"facts": {…}}` holds joins it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": KEYED.sub(r"\1…", record.getMessage()),
            "request_id": request_id.get(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["exception"] = KEYED.sub(r"\1…", "".join(traceback.format_exception(*record.exc_info)))
        return json.dumps(line, ensure_ascii=False, default=str)


class RequestIdMiddleware:
    """Gives every request an id, keeps a proxy's own if it is harmless, and logs one line when it is answered.

    An id from outside is copied into logs and acts, so anything but letters, digits and hyphens is replaced.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if ACCEPTABLE.fullmatch(given) else str(uuid.uuid4())  # type: ignore[attr-defined]
        token = request_id.set(request.request_id)  # type: ignore[attr-defined]
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            facts = {
                "method": request.method,
                "path": KEYED.sub(r"\1…", request.path),  # without the query, which may hold a search for a person
                "status": response.status_code,
                "ms": round((time.monotonic() - started) * 1000),
            }
            log.info("%(method)s %(path)s %(status)s", facts, extra={"facts": facts})
            return response
        finally:
            request_id.reset(token)
