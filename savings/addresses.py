"""Reads the addresses of services from URLs. Standard library only, no Django.

Every function raises `BadAddress` with a message for whoever set the variable; the password is never repeated in it.
"""

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit


class BadAddress(ValueError):
    """An address in the environment cannot be understood."""


def database(url: str) -> dict[str, Any]:
    """Turn `postgresql://user:password@host:port/name?sslmode=require` into Django's dictionary.

    A unix socket is written `postgresql://user@/name?host=/folder`. Other query parameters go to libpq as they are.
    """
    parts = _split(url, {"postgres", "postgresql"})
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or _text(parts.hostname)
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise BadAddress("A database address must end in the name of the database, as in postgresql://user@host/banked")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": _text(parts.username),
        "PASSWORD": _text(parts.password),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def cache(url: str) -> dict[str, Any]:
    """Turn `redis://host:port/0`, `rediss://…`, `unix:///path?db=1` or `locmem://` into an entry of CACHES."""
    parts = _split(url, {"redis", "rediss", "valkey", "unix", "locmem"})
    if parts.scheme == "locmem":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": parts.netloc or "banked"}
    location = "redis" + url.removeprefix("valkey") if parts.scheme == "valkey" else url
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location, "KEY_PREFIX": "banked"}


def email(url: str) -> dict[str, Any]:
    """Turn `smtp://user:password@host:587?tls=starttls`, `smtps://…`, `file:///folder`, `console:` or `memory:` into
    Django's EMAIL_ settings. `smtp` without `tls=none` always asks for STARTTLS."""
    parts = _split(url, {"smtp", "smtps", "file", "console", "memory"})
    backends = {"file": "filebased", "console": "console", "memory": "locmem"}
    if parts.scheme in backends:
        settings = {"EMAIL_BACKEND": f"django.core.mail.backends.{backends[parts.scheme]}.EmailBackend"}
        if parts.scheme == "file":
            settings["EMAIL_FILE_PATH"] = unquote(parts.path)
        return settings
    if not parts.hostname:
        raise BadAddress("A mail address needs the name of the server, as in smtp://user:password@host:587")
    encrypted = parts.scheme == "smtps"
    plain = dict(parse_qsl(parts.query)).get("tls") == "none"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if encrypted else 587),
        "EMAIL_HOST_USER": _text(parts.username),
        "EMAIL_HOST_PASSWORD": _text(parts.password),
        "EMAIL_USE_SSL": encrypted,
        "EMAIL_USE_TLS": not encrypted and not plain,
        "EMAIL_TIMEOUT": 20,
    }


def _split(url: str, schemes: set[str]) -> SplitResult:
    """Split and check the scheme and the port; the message names neither user nor password."""
    parts = urlsplit(url)
    if parts.scheme not in schemes:
        raise BadAddress(f"An address beginning {parts.scheme or 'without a scheme'!r} is not one of {sorted(schemes)}")
    try:
        _ = parts.port
    except ValueError as problem:
        raise BadAddress("The port in an address must be a whole number up to 65535") from problem
    return parts


def _text(part: str | None) -> str:
    return unquote(part or "")
