"""The ledger: every entry this person may see, searched, narrowed, sorted and paged. The address holds the view."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from councils.chips import chips
from savings.filters import EntryFilter
from savings.models import Scheme
from savings.reporting.listing import MOST, TOTAL_HEADERS, BoundedPaginator, listed, totals
from savings.tables import EntryTable

PER_PAGE = 50


@login_required
@require_safe
def entries(request):
    """Newest first. Past `MOST` rows the list is neither sorted nor added up: it asks to be narrowed."""
    found = EntryFilter(
        request.GET, listed().order_by("-pk"), person=request.person, rights=request.rights,
        today=timezone.localdate(request.now),
    )  # fmt: skip
    rows = found.qs
    counted = BoundedPaginator(rows, PER_PAGE)
    overflows = counted.count and counted.overflows
    table = EntryTable(rows, orderable=not overflows)
    table.caption = f"{'More than ' if overflows else ''}{counted.count:,} entr{'y' if counted.count == 1 else 'ies'}"
    table.empty_text = "No entry matches. Remove a filter, or search for something else."
    RequestConfig(request, paginate={"per_page": PER_PAGE, "paginator_class": _of(counted)}).configure(table)
    applied = chips(found.form, request)
    context = {
        "table": table,
        "filter_form": found.form,
        "chips": _named(applied, found.form),
        "overflows": overflows,
        "most": MOST,
        "totals": [] if overflows else totals(rows),
        "headers": TOTAL_HEADERS,
        "nothing_yet": not counted.count and not applied,
        "records": request.rights.records,
    }
    return render(request, "savings/ledger/list.html", context)


def _of(counted):
    """A paginator for the table that does not count again what `counted` has counted."""

    class Counted(BoundedPaginator):
        _counted = counted._counted

    return Counted


def _named(applied, form):
    """A scheme's chip says its title, not its id."""
    public_id = form.is_valid() and form.cleaned_data.get("scheme")
    scheme = public_id and Scheme.objects.filter(public_id=public_id).first()
    return [
        chip._replace(label=f"Scheme: {scheme}") if scheme and chip.label.startswith("Scheme: ") else chip
        for chip in applied
    ]
