"""Schemes: the list of them, the page of one, and adding one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.chips import chips
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import schemes
from savings.analysis.rag import rule
from savings.filters import SchemeFilter
from savings.forms.refusing import add_refusal
from savings.forms.scheme import SchemeForm
from savings.models import Scheme, SchemeStatus
from savings.reporting.schemes import rated, scheme_years
from savings.scheme_tables import scheme_rows

from .scheme_page import about

MOST, PER_PAGE = 1000, 50


@login_required
@require_safe
def schemes_list(request):
    """Every scheme this person may see. A rating is worked out, not kept, so it is looked for among `MOST` at most."""
    today = timezone.localdate(request.now)
    narrowed = SchemeFilter(request.GET, Scheme.objects.as_they_stand(), rights=request.rights)
    colour = narrowed.form.is_valid() and narrowed.form.cleaned_data.get("rag")
    found = narrowed.qs
    too_many = False
    if colour:
        candidates = list(found[: MOST + 1])
        too_many, candidates = len(candidates) > MOST, candidates[:MOST]
        years = scheme_years([each.pk for each in candidates], today)
        found = [
            each
            for each in candidates
            if rated(each.now_status, each.now_score, years.get(each.pk, [])).colour == colour
        ]  # fmt: skip
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    applied = chips(narrowed.form, request)
    context = {
        "page": page, "rows": scheme_rows(list(page.object_list), today), "filter_form": narrowed.form,
        "chips": applied, "too_many": too_many, "most": MOST, "rule": rule(), "records": request.rights.records,
        "nothing_yet": not page.paginator.count and not applied, "today": today,
    }  # fmt: skip
    return render(request, "savings/schemes/list.html", context)


@login_required
@require_safe
def detail(request, public_id):
    scheme = get_object_or_404(
        Scheme.objects.select_related("partnership", "service", "indicator", "proposed_by"), public_id=public_id
    )
    return render(request, "savings/schemes/detail.html", about(request, scheme))


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
