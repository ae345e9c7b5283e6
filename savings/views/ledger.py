"""The ledger: every entry this person may see, searched, narrowed, sorted and paged. The address holds the view."""

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from councils import carrying
from councils.chips import chips
from councils.succession import carried
from councils.years import Quarter
from partnerships.sight import sights
from savings.filters import EntryFilter
from savings.models import Entry, Scheme
from savings.reporting.listing import MOST, TOTAL_HEADERS, listing, totals
from savings.tables import EntryTable

PER_PAGE = 50
FORMATS = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"), ("parquet", "Parquet"))
PARTS_OF_A_WHOLE = 100_000_000  # fine enough for shares of shares: two decimals of a percentage are shown


@login_required
@require_safe
def entries(request):
    """Newest first. Past `MOST` entries the list is neither sorted nor added up: it asks to be narrowed."""
    narrowed = EntryFilter(
        request.GET, Entry.objects.order_by("-pk"), person=request.person, rights=request.rights,
        today=timezone.localdate(request.now),
    )  # fmt: skip
    found = listing(narrowed.qs)
    table = EntryTable(narrowed.qs, orderable=not found.overflows)
    if request.GET.get(table.prefixed_order_by_field) and not found.overflows:
        RequestConfig(request, paginate=False).configure(table)
        found = listing(table.data.data)
    table.show(found, page=request.GET.get("page"), per_page=PER_PAGE)
    applied = chips(narrowed.form, request)
    context = {
        "table": table,
        "filter_form": narrowed.form,
        "chips": _named(applied, narrowed.form),
        "overflows": found.overflows,
        "most": MOST,
        "totals": totals(found.ids) if found.ids and not found.overflows else [],
        "headers": TOTAL_HEADERS,
        "nothing_yet": not found.ids and not applied,
        "carried_shares": shares_of(narrowed.form),
        "records": request.rights.records and not request.carried,
        "takes_out": FORMATS if found.ids and not found.overflows and not looking_back(request) else (),
        "sights": sights(request.rights, on=timezone.localdate(request.now)),
        "this_quarter": Quarter.containing(timezone.localdate(request.now)).slug,
    }
    return render(request, "savings/ledger/list.html", context)


def looking_back(request):
    """Whether another reading than the present one, as it was, is open: taking a file out is noted as of now."""
    return bool(request.carried or getattr(request, "as_at", None))


def shares_of(form):
    """While reading carried, of which council's rows the one that is asked for has what share: (name, percentage)."""
    council = form.is_valid() and form.cleaned_data.get("council")
    through = carrying.reading()
    if not council or not through:
        return []
    before = carrying.named(carrying.forebears([council.pk]) - {council.pk})
    shares = {pk: carried(PARTS_OF_A_WHOLE, pk, through).get(council.pk, 0) for pk in before}
    named = [(before[pk].name, f"{Decimal(share) / 1_000_000:.2f}%") for pk, share in shares.items() if share]
    return sorted(named)


def _named(applied, form):
    """A scheme's chip says its title, not its id."""
    public_id = form.is_valid() and form.cleaned_data.get("scheme")
    scheme = public_id and Scheme.objects.filter(public_id=public_id).first()
    return [
        chip._replace(label=f"Scheme: {scheme}") if scheme and chip.label.startswith("Scheme: ") else chip
        for chip in applied
    ]
