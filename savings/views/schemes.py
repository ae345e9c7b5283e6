"""Schemes: what one is, what it has come to so far, and adding one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.refusals import Refused
from councils.rights import RECORDING
from councils.years import FinancialYear
from partnerships.models import Membership
from savings.actions import schemes
from savings.forms.refusing import add_refusal
from savings.forms.scheme import SchemeForm
from savings.models import Entry, Scheme, SchemeStatus
from savings.reporting.listing import TOTAL_HEADERS, listed, listing, totals
from savings.reporting.notes import notes_about
from savings.tables import SchemeEntryTable

NEWEST = 20


@login_required
@require_safe
def detail(request, public_id):
    scheme = get_object_or_404(
        Scheme.objects.select_related("partnership", "service", "indicator", "proposed_by"), public_id=public_id
    )
    found = listing(Entry.objects.filter(scheme=scheme).order_by("-pk"))
    table = SchemeEntryTable(listed(found.ids[:NEWEST]), orderable=False)
    table.caption = "Newest entries"
    mine = request.rights.councils(*RECORDING)
    context = {
        "scheme": scheme,
        "notes": notes_about("scheme", str(scheme.public_id), scheme=scheme),
        "status": scheme.statuses.order_by("-pk").first(),
        "totals": totals(found.ids) if found.ids and not found.overflows else [],
        "headers": TOTAL_HEADERS,
        "table": table if found.ids else None,
        "more": len(found.ids) > NEWEST,
        "may_record": bool(mine)
        and Membership.objects.current().filter(partnership=scheme.partnership, council__in=mine).exists(),
    }
    return render(request, "savings/schemes/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request):
    """`?then=record` comes back to the entry form with the new scheme chosen."""
    if not request.rights.records:
        raise PermissionDenied
    form = SchemeForm(
        request.POST or None,
        rights=request.rights,
        this_year=FinancialYear.containing(timezone.localdate(request.now)),
        initial={"then": request.GET.get("then", ""), "partnership": request.GET.get("partnership", "")},
    )
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        then = facts.pop("then")
        try:
            scheme = schemes.propose(by=request.person, at=request.now, status=SchemeStatus.Status.PROPOSED, **facts)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Added: {scheme}.")
            if then == "record":
                return redirect(f"{reverse('savings:entry-new')}?{urlencode({'scheme': scheme.public_id})}")
            return redirect(scheme)
    return render(request, "savings/schemes/new.html", {"form": form})
