"""Makes the report somebody asked for: the job behind it, in the worker."""

import hashlib
import logging
import time

from django.utils import timezone

from councils.models import Person
from councils.refusals import Refused
from savings import jobs
from savings.actions import reports as actions
from savings.models import Job, Report

from . import chart, spreadsheet, typesetting
from .content import Content, gather
from .controls import Control, DoesNotAddUp, controls
from .keeping import keep
from .snapshot import settled_snapshot
from .wording import document

log = logging.getLogger(__name__)

ENTRIES, CHARGES = "entries.csv", "charges.csv"  # as they are called inside the PDF
NOT_ADDED_UP = (
    "The figures and the entries behind them differ, so no report was made of them. Nothing is lost. An administrator "
    "can find out why with the command roll_up --check."
)


@jobs.kind(actions.KIND)
def build(job: Job, progress) -> None:
    """Do the job. When a worker died after keeping the files and before saying so, there is nothing left to do."""
    report = Report.objects.select_related("partnership", "council").get(job=job)
    if report.files.exists():
        return
    began = time.monotonic()
    step = _steps(progress)
    step(0)
    with settled_snapshot(report.partnership, report.as_at) as taken:
        content = gather(report.partnership, report.council, taken)
    step(1)
    agreed = checked(content)
    step(2)
    files = made(content, agreed)
    step(3)
    actions.keep_files(
        report=report,
        by=Person.objects.get(system=True),
        at=timezone.now(),
        as_at=taken.as_at,
        heads=taken.heads_text,
        files={form: (keep(file), len(file)) for form, file in files.items()},
        rows=len(content.entries),
    )
    facts = {"report": str(report.public_id), "entries": len(content.entries), "seconds": time.monotonic() - began}
    log.info("a report was made", extra={"facts": facts})


def checked(content: Content) -> list[Control]:
    """The control totals; raises `Refused` when one is not met, which trying again would not mend."""
    try:
        return controls(content)
    except DoesNotAddUp as difference:
        log.error("a report does not add up", extra={"facts": {"why": str(difference)}})
        raise Refused(NOT_ADDED_UP) from difference


def made(content: Content, agreed: list[Control]) -> dict[str, bytes]:
    """The files by format. A function of `content` alone: the same snapshot gives the same bytes."""
    entries, charges = spreadsheet.entries_csv(content), spreadsheet.charges_csv(content)
    attached = {ENTRIES: entries, CHARGES: charges}
    digests = {name: hashlib.sha256(file).hexdigest() for name, file in attached.items()}
    curves = chart.cumulative(content.figures.points) if content.figures.points else ""
    pdf = typesetting.pdf(document(content, agreed, digests), chart=curves, attached=attached)
    return {"pdf": pdf, "csv": entries}


def _steps(progress):
    def step(number: int) -> None:
        progress(number, len(actions.STEPS), actions.STEPS[number])

    return step
