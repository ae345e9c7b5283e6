"""The demonstration's mailbox: every letter it has sent, so that links in them can be followed. Nowhere else."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from councils.models import Council

MOST = 50


class Letter(NamedTuple):
    to: str
    subject: str
    sent: str
    text: str


def has_mailbox():
    """Whether this is the demonstration and keeps its letters as files; it refuses a database with real people."""
    kept = settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
    return kept and Council.objects.filter(invented=True).exists()


@require_safe
def mailbox(request):
    if not has_mailbox():
        raise Http404
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", ""))  # set where letters are kept as files, and only there
    return render(request, "savings/mailbox.html", {"letters": letters(folder), "most": MOST})


def letters(folder):
    """The letters in `folder`, newest first, at most `MOST`. Django parts those of one file by a line of dashes."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)[:MOST]
    found = []
    for file in files:
        raw = [part.strip(b"\n") for part in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n")]
        found += [_letter(part) for part in reversed(raw) if part]
    return found[:MOST]


def _letter(raw):
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",))
    return Letter(message["To"], message["Subject"], message["Date"], body.get_content() if body else "")
