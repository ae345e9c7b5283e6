"""Keeping uploaded files under their SHA-256. A file's own name and claimed type are never trusted.

The type is told from the content, and only kinds an auditor needs are taken. A file is written beside its place and
moved there, so a reader never meets half of one; the same file twice is kept once.
"""

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from councils.refusals import Refused

LARGEST = 20 * 1024 * 1024  # bytes; SECURITY's limit for one upload
ACCEPTED = "PDF, Word, Excel or OpenDocument, CSV or text, PNG or JPEG"
SUFFIXES = {
    "application/pdf": {".pdf"},
    "image/png": {".png"},
    "image/jpeg": {".jpg", ".jpeg"},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {".xlsx"},
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": {".docx"},
    "application/vnd.oasis.opendocument.text": {".odt"},
    "application/vnd.oasis.opendocument.spreadsheet": {".ods"},
    "text/csv": {".csv"},
    "text/plain": {".txt"},
}


class StoredFile(NamedTuple):
    """A file already kept: its digest says where, and nothing about it can change."""

    name: str
    title: str
    media_type: str
    size: int  # bytes
    sha256: str


def path_of(sha256):
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def store(file, *, name, title=""):
    """Keep `file` (readable, binary); returns a `StoredFile`. Raises `Refused`: empty, too large, of no known type.

    Files are kept before the act that names them: one that is never named is only wasted room, while the other way
    round an entry could be left without its proof.
    """
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    name = clean_name(name)
    handle, spooled = tempfile.mkstemp(dir=root, prefix=".incoming-")
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as out:
            while chunk := file.read(1 << 20):
                size += len(chunk)
                if size > LARGEST:
                    raise Refused(
                        f"“{name}” is larger than 20 MB. Attach a smaller file or a part of it.", field="files"
                    )
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise Refused(f"“{name}” is empty.", field="files")
        media_type = type_of(Path(spooled), name)
        place = path_of(digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        Path(spooled).replace(place)
    except BaseException:
        Path(spooled).unlink(missing_ok=True)
        raise
    return StoredFile(name, title.strip(), media_type, size, digest.hexdigest())


def clean_name(name):
    """The last part of a file's name without control characters, at most 120 characters: something to show, no more."""
    shown = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable() and ord(c) not in BIDI)
    return shown.strip()[-120:] or "document"


BIDI = {0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}  # would show a name as another


def type_of(path, name):
    """The media type of the content at `path`; raises `Refused` when it is none we take or not what its name says."""
    suffix = Path(name).suffix.lower()
    found = _sniff(path, suffix)
    if found is None:
        raise Refused(f"“{name}” is not a kind of file we can keep. Attach {ACCEPTED}.", field="files")
    if suffix not in SUFFIXES[found]:
        raise Refused(
            f"“{name}” is named as one kind of file and contains another. Save it again under its own kind.",
            field="files",
        )
    return found


def _sniff(path, suffix):
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if suffix in {".csv", ".txt"} and _is_text(head):
        return "text/csv" if suffix == ".csv" else "text/plain"
    return None


def _office(path):
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if any(part.endswith("vbaProject.bin") for part in names):
                return None  # macros
            if "xl/workbook.xml" in names:
                return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            if "word/document.xml" in names:
                return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                kind = archive.read("mimetype").decode("ascii", "replace")
                return kind if kind in SUFFIXES else None
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return None
    return None


def _is_text(head):
    """UTF-8 without control characters; a character cut off at the end of what was read does not count against it."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
        text = head[: error.start].decode("utf-8")
    return not any(ord(c) < 32 and c not in "\t\r\n\f" for c in text)
