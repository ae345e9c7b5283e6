"""Evidence reports: asking for one, following the job that makes it, and taking the files away."""

import logging

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh
from django_tables2 import RequestConfig

from councils.refusals import Refused
from partnerships.sight import sights
from savings.actions import reports as actions
from savings.documents import path_of
from savings.forms.refusing import add_refusal
from savings.forms.report import ReportForm
from savings.models import Job, Report, ReportFile
from savings.past import now_only
from savings.report_table import ReportTable

log = logging.getLogger(__name__)

PER_PAGE = 25
MEDIA_TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}
NONE_YET = (
    "No report has been asked for yet. A report is a PDF that shows where one partnership’s figures come from: the "
    "entries, the documents and the people behind them. What you ask for is kept here for your colleagues too."
)
TO_MAKE_ONE = "To make one, choose “Make an evidence report”, then the partnership it is about."
READ_WITH = ("partnership", "council", "asked_by", "job")


@login_required
@require_safe
def reports(request):
    """Those this person's councils asked for, newest first; row-level security shows no others."""
    table = ReportTable(Report.objects.select_related(*READ_WITH).order_by("-pk"))
    may_ask = bool(request.rights.councils())
    table.empty_text = f"{NONE_YET} {TO_MAKE_ONE}" if may_ask else NONE_YET
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "savings/reports/list.html", {"table": table, "may_ask": may_ask})


@login_required
@require_http_methods(["GET", "POST"])
def new(request):
    """Ask for a report. `?partnership` chooses it beforehand."""
    if not request.rights.councils():
        raise PermissionDenied
    form = ReportForm(
        request.POST or None, initial={"partnership": request.GET.get("partnership", "")}, rights=request.rights
    )
    if request.method == "POST" and form.is_valid():
        try:
            report = actions.ask(by=request.person, at=request.now, **form.facts())
        except Refused as refusal:
            add_refusal(form, refusal, beside={"as_at": "day"})
        else:
            return redirect(report.job)
    return render(request, "savings/reports/new.html", {"form": form})


@login_required
@require_safe
def report(request, public_id):
    """What was made, to take away; until it is, the job tells."""
    found = get_object_or_404(Report.objects.select_related(*READ_WITH), public_id=public_id)
    files = list(found.files.order_by("-format"))
    if not files:
        return redirect(found.job)
    heads = [line.split("=") for line in files[0].heads.splitlines()]
    return render(request, "savings/reports/detail.html", {
        "report": found, "files": files, "heads": heads,
        "sights": sights(request.rights, [found.partnership_id], on=timezone.localdate(request.now)),
    })  # fmt: skip


@login_required
@require_GET
@now_only
def report_file(request, public_id, format):
    """One file, always as a download. Taking it is an act, on the access stream."""
    file = get_object_or_404(
        ReportFile.objects.select_related("report__partnership"), report__public_id=public_id, format=format
    )
    try:
        content = path_of(file.sha256).open("rb")
    except OSError as gone:
        log.error("a report's file cannot be read", extra={"facts": {"sha256": file.sha256, "why": str(gone)}})
        return render(request, "savings/reports/missing.html", {"file": file}, status=500)
    actions.read(file=file, by=request.person, at=request.now)
    name = f"{file.report.partnership.slug}-evidence-{file.as_at:%Y-%m-%d}.{file.format}"
    response = FileResponse(content, as_attachment=True, filename=name, content_type=MEDIA_TYPES[file.format])
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
@never_cache
def job(request, public_id):
    """How far a job is. htmx asks again every second, and is told nothing while nothing changed, so that nobody hears
    the same words over and over; without it the page loads itself anew.
    """
    found = get_object_or_404(
        Job.objects.select_related("person", "report__partnership", "report__council"), public_id=public_id
    )
    if found.state == Job.State.DONE:
        return HttpResponseClientRedirect(found.report.get_absolute_url()) if request.htmx else redirect(found.report)
    under_way, seen = found.state in actions.UNDER_WAY, f"{found.state}-{found.done}"
    if request.htmx and not under_way:
        return HttpResponseClientRefresh()
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {"job": found, "report": found.report, "steps": steps(found), "under_way": under_way, "seen": seen}
    page = "savings/reports/_progress.html" if request.htmx else "savings/reports/job.html"
    return render(request, page, context)


def steps(job):
    """Each step's words and whether it is done, on its way or still to come."""
    running = job.state == Job.State.RUNNING
    return [
        {"words": words, "state": "done" if place < job.done else "now" if running and place == job.done else "waiting"}
        for place, words in enumerate(actions.STEPS)
    ]
