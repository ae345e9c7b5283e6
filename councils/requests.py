"""The id of the request (or job) being served, so that acts, log lines and answers can name the same one."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
