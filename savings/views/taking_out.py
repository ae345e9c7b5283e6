"""The ledger list as a file: the rows somebody sees, in the order they see them."""

import tempfile
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from councils.chips import chips
from councils.refusals import Refused
from savings import exporting
from savings.filters import EntryFilter
from savings.models import Entry
from savings.past import now_only
from savings.reporting.listing import MOST
from savings.tables import EntryTable

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


@login_required
@require_safe
@now_only
def entries(request, form):
    """Filters, search and order are those of the list, from the same address."""
    if form not in MEDIA_TYPES:
        raise Http404
    narrowed = EntryFilter(
        request.GET, Entry.objects.order_by("-pk"), person=request.person, rights=request.rights,
        today=timezone.localdate(request.now),
    )  # fmt: skip
    table = EntryTable(narrowed.qs)
    if order := request.GET.get(table.prefixed_order_by_field):
        table.order_by = order
    ids = list(table.data.data.values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        return render(
            request, "savings/ledger/too_many.html", {"most": MOST, "query": request.GET.urlencode()}, status=413
        )
    filters = {each.label.partition(": ")[0]: each.label.partition(": ")[2] for each in chips(narrowed.form, request)}
    with tempfile.TemporaryDirectory(prefix="banked-out-") as folder:
        place = Path(folder) / f"entries.{form}"
        try:
            exporting.export(place, form, by=request.person, at=request.now, ids=ids, filters=filters)
        except Refused as refusal:
            raise Http404 from refusal
        name = f"banked-entries-{timezone.localdate(request.now):%Y-%m-%d}.{form}"
        response = FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type=MEDIA_TYPES[form])
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
