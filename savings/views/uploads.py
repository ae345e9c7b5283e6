"""Getting entries in by file: sending one, what was found in it, applying it, undoing it, and the rows to take away."""

import csv
import datetime

import polars as pl
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.models import Council
from councils.refusals import Refused
from councils.rights import RECORDING
from councils.years import MONTHS, FinancialYear
from savings.forms.refusing import add_refusal
from savings.forms.upload import UndoForm, UploadForm
from savings.models import Entry, Upload
from savings.past import now_only
from savings.uploads import applying, keeping, open_schema, template_rows
from savings.uploads.cells import defused
from savings.uploads.checking import BAD, DUPLICATE, LEFT_OUT, NEW, SAME, Checked
from savings.uploads.entry_columns import NAMES

PER_PAGE = 50
TILES = (
    (NEW, "New", "to be written"),
    (SAME, "Same", "in the ledger already"),
    (DUPLICATE, "Duplicate", "passed over"),
    (BAD, "Bad", "to be put right"),
)


@login_required
@require_http_methods(["GET", "POST"])
def uploads(request):
    """A file to send, and those sent before, the latest first."""
    if not request.rights.records:
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, rights=request.rights)
    if request.method == "POST" and form.is_valid():
        content, name, source = form.content()
        given = form.cleaned_data
        try:
            sent = keeping.send(
                content, name=name, source=source, council=given["council"], allow_extra=given["allow_extra"],
                by=request.person, at=request.now,
            )  # fmt: skip
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return redirect(sent.upload)
    mine = request.rights.councils()
    rows = Upload.objects.filter(council__in=mine).select_related("council", "sent_by", "applied__undone")
    page = Paginator(rows.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    records = Council.objects.filter(pk__in=request.rights.councils(*RECORDING)).order_by("name")
    return render(request, "savings/uploads/list.html", {"form": form, "page": page, "councils": records})


@login_required
@require_http_methods(["GET", "POST"])
def upload(request, public_id):
    """What was found in a file, for good. A POST takes the step `do`: apply, good or undo."""
    found = get_object_or_404(
        Upload.objects.select_related("council", "sent_by", "applied__applied_by", "applied__undone__undone_by"),
        public_id=public_id,
    )
    form = UndoForm(request.POST if request.POST.get("do") == "undo" else None)
    wrong = ""
    if request.method == "POST":
        if not request.rights.may_record(found.council_id):
            raise PermissionDenied
        try:
            if _done(request, found, form):
                return redirect(found)
        except Refused as refusal:
            wrong = str(refusal)
    return render(request, "savings/uploads/page.html", _context(request, found, form, wrong))


def _done(request, found, form) -> bool:
    do, by, at = request.POST.get("do"), request.person, request.now
    if do in ("apply", "good") and not found.refused:
        done = applying.apply(upload=found, found=keeping.again(found), by=by, at=at, good_rows=do == "good")
        messages.success(request, f"{done.new:,} {'entry is' if done.new == 1 else 'entries are'} in the ledger.")
        return True
    if do == "undo" and (applied := getattr(found, "applied", None)):
        if not form.is_valid():
            return False
        undone = applying.undo(applied=applied, reason=form.cleaned_data["reason"], by=by, at=at)
        messages.success(
            request, f"{undone.reversed:,} {'entry is' if undone.reversed == 1 else 'entries are'} reversed."
        )
        return True
    raise Http404


def _context(request, found, form, wrong):
    applied = getattr(found, "applied", None)
    context = {"upload": found, "applied": applied, "form": form, "wrong": wrong,
               "may": request.rights.may_record(found.council_id)}  # fmt: skip
    earlier = Upload.objects.filter(
        council=found.council_id, sha256=found.sha256, applied__isnull=False, pk__lt=found.pk
    ).first()
    if found.refused:
        return context | {"reasons": found.refused.splitlines(), "earlier": earlier}
    checked = keeping.checked_rows(applied.checked_sha256 if applied else found.checked_sha256)
    counts = {each: checked.count(each) for each in (NEW, SAME, DUPLICATE, BAD, LEFT_OUT)}
    show = request.GET.get("show")
    if show not in counts:
        show = next((each for each in (BAD, DUPLICATE, NEW, SAME) if counts[each]), NEW)
    rows = checked.rows.filter(pl.col("outcome") == show)
    page = Paginator(range(rows.height), PER_PAGE).get_page(request.GET.get("page"))
    first = page.start_index() - 1 if rows.height else 0
    return context | {
        "earlier": earlier,
        "counts": counts,
        "tiles": [(each, label, hint, counts[each]) for each, label, hint in TILES],
        "show": show,
        "page": page,
        "rows": shown(rows.slice(first, PER_PAGE), checked, applied),
        "notes": found.notes.splitlines(),
        "new_pence": checked.pence(NEW),
        "handed_back": counts[BAD] + counts[DUPLICATE],
    }  # fmt: skip


def shown(rows: pl.DataFrame, checked: Checked, applied) -> list[dict]:
    """The rows of one page with what is wrong with each, and the entry each became. At most one query."""
    problems: dict[int, list] = {}
    for row, column, _, message in checked.problems.filter(pl.col("row").is_in(rows["row"].to_list())).iter_rows():
        problems.setdefault(row, []).append((column.replace("_", " "), message))
    entries = {}
    if applied:
        written = Entry.objects.filter(act=applied.act_id, upload_row__in=rows["row"].to_list())
        entries = {each.upload_row: each for each in written}
    return [
        row | {
            "period": _period(row["financial_year"], row["month"]),
            "problems": problems.get(row["row"], []),
            "entry": entries.get(row["row"]),
        }
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


def _period(year, month) -> str:
    if year is None:
        return MONTHS[month - 1] if month else ""
    label = FinancialYear(year).label
    return f"{MONTHS[month - 1]} {label}" if month else label


@login_required
@require_safe
@now_only
def annotated(request, public_id, which):
    """The file's rows with what was found at each: `checked` all of them, `rest` those that were not written."""
    found = get_object_or_404(Upload, public_id=public_id, refused="")
    if which not in ("checked", "rest"):
        raise Http404
    applied = getattr(found, "applied", None)
    checked = keeping.checked_rows(applied.checked_sha256 if applied else found.checked_sha256)
    said = checked.problems.group_by("row").agg(
        problem=pl.format("{}: {}", "column", "message").str.strip_prefix(": ").str.join(" ")
    )
    outcomes = checked.rows.select("row", pl.col("outcome").str.replace("_", " ", literal=True))
    if which == "rest":
        outcomes = outcomes.filter(pl.col("outcome").is_in([BAD, DUPLICATE]))
    rows = keeping.again(found).frame.join(outcomes, on="row", maintain_order="left")
    rows = rows.join(said, on="row", how="left", maintain_order="left").rename({"row": "row in file"})
    return _as_file(f"{which}-{found.sent_at:%Y-%m-%d}.csv", rows.columns, rows.iter_rows())


@login_required
@require_safe
@now_only
def template(request):
    """The columns, with a line for each scheme and open month of the council `?council`."""
    if not request.rights.records:
        raise PermissionDenied
    mine = Council.objects.filter(pk__in=request.rights.councils(*RECORDING)).order_by("name")
    asked = request.GET.get("council")
    council = next((each for each in mine if asked in (None, each.code)), None)
    if council is None:
        raise Http404
    today: datetime.date = timezone.localdate(request.now)
    return _as_file(f"entries-{council.code}.csv", NAMES, template_rows.lines(council, today))


@require_safe
@now_only
def entry_schema(request):
    """The columns as a Frictionless table schema, for everybody: nobody needs Banked to write such a file."""
    return HttpResponse(open_schema.written(), content_type="application/json")


def _as_file(name, header, rows) -> HttpResponse:
    """A CSV that a spreadsheet opens with its letters right, and in which it runs nothing."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows(["" if cell is None else defused(str(cell)) for cell in row] for row in rows)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
