"""Keeps what the worker made where uploads are kept, under its SHA-256: written beside its place, then moved."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from savings.documents import path_of


def keep(content: bytes) -> str:
    """Store `content`; returns its SHA-256. The same content twice is kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = path_of(sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, spooled = tempfile.mkstemp(dir=settings.MEDIA_ROOT, prefix=".made-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(spooled).replace(place)
    except BaseException:
        Path(spooled).unlink(missing_ok=True)
        raise
    return sha256
