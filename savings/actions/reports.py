"""Asking for an evidence report, keeping what the worker made of it, and noting that somebody took it away."""

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from partnerships.models import Membership
from savings import jobs, locks
from savings.models import Job, Report, ReportFile

KIND = "evidence report"
#: What the person who waits is told, in order.
STEPS = (
    "Bringing the figures up to date and reading the ledger",
    "Checking that the figures and the entries agree",
    "Typesetting the pages",
    "Keeping the files",
)
LOCK = 0x726570  # "rep": the class of our advisory locks
UNDER_WAY = (Job.State.WAITING, Job.State.RUNNING)


@transaction.atomic
def ask(*, partnership, council, by, at, as_at=None):
    """Ask for a report of `partnership` for `council`, one of its members; returns the `Report`, whose job has begun.

    It shows the ledger as it stands when it is made, or as it was at the past moment `as_at`. Asking again while the
    same, asked for by this person, is under way gives that one.
    """
    locks.wait(LOCK, by.pk)  # asked twice at once, the second sees the first
    if as_at and as_at > at:
        raise Refused("Choose a day that has been: the ledger of a day to come is not written yet.", field="as_at")
    if not Membership.objects.filter(partnership=partnership, council=council).exists():
        raise Refused(f"{council} was never a member of {partnership}.", field="partnership")
    going = Report.objects.filter(
        partnership=partnership, council=council, asked_by=by, as_at=as_at, job__state__in=UNDER_WAY
    ).first()
    if going:
        return going
    subject = f"partnership:{partnership.slug}"
    with act(by=by, at=at, verb="asked for a report", subject=subject, access=True) as this:
        return Report.objects.create(
            act=this, partnership=partnership, council=council, asked_by=by, as_at=as_at,
            job=jobs.ask(kind=KIND, by=by, at=at),
        )  # fmt: skip


@transaction.atomic
def keep_files(*, report, files, rows, as_at, heads, by, at):
    """Write down what was made of the snapshot `as_at` with these `heads`: `files` is format to (SHA-256, bytes)."""
    with act(by=by, at=at, verb="made a report", subject=f"report:{report.public_id}") as this:
        return [
            ReportFile.objects.create(
                act=this,
                report=report,
                partnership_id=report.partnership_id,
                council_id=report.council_id,
                format=form,
                sha256=sha256,
                size_bytes=size,
                rows=rows,
                as_at=as_at,
                heads=heads,
            )
            for form, (sha256, size) in sorted(files.items())
        ]


def read(*, file, by, at):
    """Note on the access stream that `by` took `file` away."""
    subject = f"report:{file.report.public_id}.{file.format}"
    with act(by=by, at=at, verb="read", subject=subject, access=True):
        pass  # the event is all it writes
