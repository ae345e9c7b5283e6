"""The whole report as plain data: what `typst/report.typ` sets, nothing in it still to be worked out."""

import datetime
from typing import Any

from .content import Content
from .controls import Control
from .printable import printable
from .sections import checking, conclusion, disagreement, ledger, missing, money, people, scope, years
from .sections.spoken import moment

NAMED_HEADS = 6  # streams named in the footer; more are counted, and all stand in the last section


def document(content: Content, controls: list[Control], files: dict[str, str]) -> dict[str, Any]:
    """`files` are the attached files' names and their SHA-256."""
    moment_utc = content.taken.as_at.astimezone(datetime.UTC)  # a PDF's own date carries no zone
    return printable({
        "title": f"Evidence report: {content.partnership.name}",
        "partnership": content.partnership.name,
        "council": content.council.name,
        "demonstration": content.partnership.invented,
        "as_at": moment(content.taken.as_at),
        "date": list(moment_utc.timetuple()[:6]),
        "heads": heads(content),
        "checkpoint": checkpoint(content),
        "attached": list(files),
        "sections": [
            conclusion.conclusion(content),
            scope.scope(content),
            money.totals(content),
            years.by_year(content),
            disagreement.disagreement(content),
            people.people(content),
            missing.missing(content),
            checking.checking(content, controls, files),
            ledger.entries(content),
            ledger.documents(content),
        ],
    })  # fmt: skip


def checkpoint(content: Content) -> str:
    """For the foot of each page, short enough for it: the last section gives it whole. Empty when there was none."""
    found = content.taken.checkpoint
    return f"{moment(found.moment)}, root {found.root[:16]}…, key {found.key[:16]}…" if found else ""


def heads(content: Content) -> str:
    """For the foot of each page: `NFD 128 · STM 64 · register 12`."""
    named = [f"{head.key.removeprefix('council:')} {head.sequence}" for head in content.taken.heads]
    more = len(named) - NAMED_HEADS
    return " · ".join(named[:NAMED_HEADS]) + (f" and {more} more, see “How to check this report”" if more > 0 else "")
