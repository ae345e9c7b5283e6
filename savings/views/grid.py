"""Entering a grid: schemes by months for one council and year. Checked on a page of its own, then saved as one act."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from councils.models import Act
from councils.refusals import Refused
from councils.years import MONTHS, FinancialYear, Quarter, YearError
from savings import grid_copying, grid_page
from savings.actions import evidence
from savings.actions import grid as action
from savings.forms import grid as forms_of
from savings.forms.files import FilesForm
from savings.forms.grid_place import GridPlace
from savings.forms.refusing import add_refusal
from savings.models import Entry
from savings.models.typed import Kind
from savings.standing_cells import standing_cells

from .grid_screens import check_screen, grid_screen, resembling


@login_required
@require_http_methods(["GET", "POST"])
def grid(request):
    """`?council&partnership&year` choose it; `?copy=2025-26-q2` opens it with that quarter's empty months suggested,
    and where no partnership is named opens one that has something to copy."""
    if not request.rights.records:
        raise PermissionDenied
    today = timezone.localdate(request.now)
    place = GridPlace(request.GET, rights=request.rights, today=today, preferred=_to_copy(request, today))
    if not place.found:
        return render(request, "savings/grid/page.html", {"place": place, "grid": None})
    where = place.where
    try:
        sent = forms_of.read(request.POST)
    except Refused as refusal:
        return grid_screen(request, place, refused=str(refusal))
    do = request.POST.get("do", "")
    if do in ("check", "save"):
        return _check(request, place, sent, save=do == "save")
    if do == "add":
        return grid_screen(request, place, sent, added=_added(request, place))
    if do == "paste":
        return _paste(request, place, sent)
    if wanted := request.POST.get("copy") if do == "copy" else request.GET.get("copy"):
        sent, filled = grid_copying.copied(
            council=where["council"], partnership=where["partnership"], today=today, sent=sent,
            quarter=_quarter(wanted, where["year"]),
        )  # fmt: skip
        return grid_screen(request, place, sent, copied=filled)
    return grid_screen(request, place, sent)


@login_required
@require_POST
def radar(request):
    """What the amounts typed so far would resemble: a part of the grid's page, asked for as it is filled in.

    A POST because a grid is longer than an address may be; it writes nothing.
    """
    if not request.rights.records:
        raise PermissionDenied
    place = GridPlace(request.GET, rights=request.rights, today=timezone.localdate(request.now))
    if not place.found:
        raise Http404
    try:
        changes, _ = forms_of.changes(forms_of.read(request.POST))
        said = resembling(changes, place.where)
    except Refused:
        said = []  # the page is no longer good, and says so when it is sent
    return render(request, "savings/grid/_radar.html", {"place": place, "resembles": said})


def _to_copy(request, today):
    """What chooses the grid when it is to be copied into; None when it is not."""
    if not (wanted := request.GET.get("copy")):
        return None
    return lambda places, year: grid_copying.worth_copying(places, _quarter(wanted, year), today)


def _quarter(text, year):
    try:
        quarter = Quarter.parse(text)
    except YearError:
        raise Http404 from None
    if quarter.year != year:
        raise Http404
    return quarter


def _added(request, place):
    """The row asked for; None when the scheme is none of this partnership's or the kind is none."""
    scheme, kind = request.POST.get("add_scheme", ""), request.POST.get("add_kind", "")
    found = next((each for each in place.where["partnership"].schemes.all() if str(each.public_id) == scheme), None)
    return grid_page.proposed(found, Kind(kind)) if found and kind in Kind.values else None


def _paste(request, place, sent):
    """Lay the pasted lines over the saving rows of the schemes they name; wrong lines are said, and nothing is laid."""
    text = request.POST.get("block", "")[:200_000]
    schemes = {scheme.reference: scheme for scheme in place.where["partnership"].schemes.all()}
    read = forms_of.block(text, schemes, [month.casefold() for month in MONTHS])
    if read.complaints:
        return grid_screen(request, place, sent, complaints=read.complaints, pasted=text)
    values, marks = dict(sent.values), dict(sent.marks)
    cells = standing_cells(**place.where)
    for line in read.rows:
        key = grid_page.proposed(schemes[line["scheme"]])
        for month, name in enumerate(MONTHS, start=1):
            if line[name.casefold()] is not None:
                values[key, month] = line[name.casefold()]
                standing = cells.get(key, {}).get(month)
                marks.setdefault((key, month), standing.mark if standing else "")
    return grid_screen(request, place, sent._replace(values=values, marks=marks), copied=None)


def _check(request, place, sent, *, save):
    """What saving would do, or what stands in its way at each cell; with `save` it is done."""
    changes, wrong = forms_of.changes(sent)
    if wrong:
        return grid_screen(request, place, sent, errors=wrong)
    form = forms_of.CheckForm(request.POST if save else None, codes=request.POST.getlist("code"))
    if save and (sent.unanswered or not form.is_valid()):
        return check_screen(request, place, sent, changes, form)
    if not save:
        return check_screen(request, place, sent, changes, form)
    try:
        booked = action.book(
            by=request.person, at=request.now, changes=changes, reason=form.cleaned_data["reason"],
            reductions=form.reductions(), **place.where,
        )  # fmt: skip
    except action.NotBooked as refusal:
        if refusal.cells:
            return grid_screen(request, place, sent, errors=refusal.cells)
        return check_screen(request, place, sent, changes, form)
    except Refused as refusal:
        add_refusal(form, refusal)
        return check_screen(request, place, sent, changes, form)
    if not booked.act:
        messages.info(request, "Nothing is left to save: the grid says what the ledger says.")
        return redirect(f"{reverse('savings:grid')}?{place.query}")
    return redirect("savings:grid-saved", booked.act.public_id)


class CoverForm(FilesForm):
    name = "cover"


@login_required
@require_http_methods(["GET", "POST"])
def saved(request, public_id):
    """What one save did, for good; entries without a document can be given one together."""
    booked = get_object_or_404(Act.objects.filter(verb="booked").select_related("person"), public_id=public_id)
    entries = list(
        Entry.objects.filter(act=booked)
        .select_related("scheme", "council", "partnership", "state", "reverses", "reversed_by")
        .order_by("scheme__reference", "month", "pk")
    )
    if not entries:
        raise Http404
    first = entries[0]
    new = [entry for entry in entries if not entry.reverses_id]
    bare = [
        entry for entry in new
        if not hasattr(entry, "reversed_by") and not (getattr(entry, "state", None) and entry.state.grade)
    ]  # fmt: skip
    may = request.rights.may_record(first.council_id)
    form = CoverForm(request.POST, request.FILES) if request.method == "POST" else CoverForm()
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if form.is_valid() and _covered(form, bare, request):
            return redirect("savings:grid-saved", public_id)
        form.ask_for_files_again()
    again = {
        "council": first.council.code,
        "partnership": first.partnership.slug,
        "year": FinancialYear(first.year).start,
    }
    return render(request, "savings/grid/saved.html", {
        "booked": booked, "first": first, "new": new, "reversals": [entry for entry in entries if entry.reverses_id],
        "bare": bare, "may": may, "form": form, "again": again,
        "replaced": len({(e.scheme_id, e.kind, e.month) for e in entries if e.reverses_id}),
    })  # fmt: skip


def _covered(form, bare, request):
    files = form.stored_files()
    try:
        if not files:
            raise Refused("Choose a file.", field="files")
        if not bare:
            raise Refused("Each of these has a document by now.")
        evidence.cover(entries=bare, file=files[0], by=request.person, at=request.now)
    except Refused as refusal:
        add_refusal(form, refusal, beside={"files": "file_1"})
        return False
    many = f"{len(bare)} entries" if len(bare) > 1 else "the entry"
    messages.success(request, f"“{files[0].title or files[0].name}” is attached to {many}.")
    return True
