"""Claims that somebody found to be different savings, with who and why; and taking that back."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import CharField, Value
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from councils.as_at import reading
from councils.refusals import Refused
from councils.rights import LEAD
from councils.years import FinancialYear
from savings.actions import distinctions
from savings.forms.acts import WithdrawDistinctionForm
from savings.forms.refusing import add_refusal
from savings.models import Distinction, DistinctionAcross
from savings.reporting.double_claim_list import partnerships_of

PER_PAGE = 20
KINDS: dict[str, Any] = {"within": Distinction, "across": DistinctionAcross}


@login_required
@require_http_methods(["GET", "POST"])
def settled(request):
    """The last word about each pair, the latest first, and the words before it."""
    form = _withdraw(request) if request.method == "POST" else None
    if request.method == "POST" and form is None:
        return redirect("savings:distinctions")
    pages = Paginator(_seen(request), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    found = [each for name, model in KINDS.items() for each in _rows(name, model, page.object_list)]
    found.sort(key=lambda each: each.decided_at, reverse=True)
    led = request.rights.councils(LEAD) if reading() is None else set()
    leading = partnerships_of(led) if led else set()
    for each in found:
        each.label = FinancialYear(each.year).label
        each.form = None
        may = each.council_id in led if each.kind == "across" else each.partnership_id in leading
        if may and each.apart:
            refused = form is not None and form.of == str(each.public_id)
            each.form = form if refused else WithdrawDistinctionForm(of=each.public_id)
    return render(request, "savings/double_claims/settled.html", {"page": page, "rows": found, "form": form})


def _seen(request):
    """(kind, id, when) of the latest word about every pair that the reader may see, the latest first."""
    mine = request.rights.councils()
    which = {"within": {"partnership__in": partnerships_of(mine)}, "across": {"council__in": mine}}
    parts = [
        model.objects.last_words()
        .filter(**which[name])
        .order_by()
        .values_list(Value(name, output_field=CharField()), "pk", "decided_at")
        for name, model in KINDS.items()
    ]
    return parts[0].union(parts[1], all=True).order_by("-decided_at", "-pk")


def _rows(name, model, wanted):
    related = ["council", "scheme", "other_scheme", "decided_by", "partnership"]
    related += ["other_council"] if model is Distinction else ["other_partnership"]
    found = list(model.objects.filter(pk__in=[pk for kind, pk, _ in wanted if kind == name]).select_related(*related))
    before = _before(model, found)
    for each in found:
        each.kind = name
        each.before = before.get(_pair(each), [])
    return found


def _before(model, found):
    """{pair: earlier words, the latest first}. One query, and none when nothing was withdrawn."""
    again = [each for each in found if each.sequence > 1]
    if not again:
        return {}
    rows = model.objects.filter(
        year__in={each.year for each in again}, scheme__in={each.scheme_id for each in again}
    ).select_related("decided_by").order_by("-sequence")  # fmt: skip
    told: dict[tuple, list] = {}
    last = {_pair(each): each.sequence for each in again}
    for row in rows:
        if row.sequence < last.get(_pair(row), 0):
            told.setdefault(_pair(row), []).append(row)
    return told


def _pair(row):
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in row.PAIR)


def _withdraw(request):
    """None when it was withdrawn; otherwise the form with what is wrong."""
    model = KINDS.get(request.POST.get("kind", ""))
    try:
        found = model and model.objects.filter(public_id=uuid.UUID(request.POST.get("distinction", ""))).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    led = request.rights.councils(LEAD)
    if not (found.council_id in led if model is DistinctionAcross else found.partnership_id in partnerships_of(led)):
        raise PermissionDenied
    form = WithdrawDistinctionForm(request.POST, of=found.public_id)
    if form.is_valid():
        try:
            distinctions.withdraw(
                distinction=found, by=request.person, at=request.now, reason=form.cleaned_data["reason"]
            )
            messages.success(request, "Withdrawn: the rules decide again. The figures follow within seconds.")
            return None
        except Refused as refusal:
            add_refusal(form, refusal)
    return form
