"""Budget reductions: the list, a new one, and the page of one with its claims and its correction."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from councils.chips import chips
from councils.money import pounds
from councils.refusals import Refused
from savings.actions import budgets as actions
from savings.budget_list import BudgetFilter, BudgetTable
from savings.forms.budget import BudgetForm, CorrectionForm
from savings.forms.refusing import add_refusal
from savings.marked import marks
from savings.models import BudgetReduction, Entry, with_amounts

PER_PAGE = 50
MOST = 200  # claims shown on the page of one


@login_required
@require_safe
def budgets(request):
    """Those of the reader's councils, the latest year first."""
    rows = with_amounts(BudgetReduction.objects.select_related("council")).order_by("-year", "council__name", "code")
    narrowed = BudgetFilter(request.GET, rows, rights=request.rights, today=timezone.localdate(request.now))
    table = BudgetTable(narrowed.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    many = table.paginator.count
    table.caption = f"{many:,} budget{'' if many == 1 else 's'}"
    table.empty_text = "No budget matches. Remove a filter, or record one."
    applied = chips(narrowed.form, request)
    return render(request, "savings/budgets/list.html", {
        "table": table, "filter_form": narrowed.form, "chips": applied, "nothing_yet": not many and not applied,
        "records": request.rights.records,
    })  # fmt: skip


def beginning(query):
    """What a new one starts with, where another page sent somebody here for it."""
    return {name: query[name][:80] for name in ("council", "year", "code") if query.get(name)}


@login_required
@require_http_methods(["GET", "POST"])
def new(request):
    if not request.rights.records:
        raise PermissionDenied
    choices = {"rights": request.rights, "today": timezone.localdate(request.now)}
    form = (
        BudgetForm(request.POST, **choices)
        if request.method == "POST"
        else BudgetForm(initial=beginning(request.GET), **choices)
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.reduce(by=request.person, at=request.now, **form.facts())
            messages.success(request, f"Recorded: {pounds(made.amount_pence)} was taken out of budget {made.code}.")
            return redirect("savings:budget", made.public_id)
        except Refused as refusal:
            add_refusal(form, refusal, beside={"ledger_code": "code"})
    return render(request, "savings/budgets/new.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def budget(request, public_id):
    """One reduction: what it came to and why, who claims it, and, for who records for its council, its correction."""
    found = get_object_or_404(
        with_amounts(BudgetReduction.objects.select_related("council", "recorded_by", "act")), public_id=public_id
    )
    may_correct = request.rights.may_record(found.council_id)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST":
        if not may_correct:
            raise PermissionDenied
        if form.is_valid():
            given = form.cleaned_data
            try:
                actions.correct(
                    reduction=found, by=request.person, at=request.now, amount_pence=given["amount"],
                    reason=given["reason"],
                )  # fmt: skip
                messages.success(request, f"Corrected: {pounds(given['amount'])} was taken out of {found.code}.")
                return redirect("savings:budget", found.public_id)
            except Refused as refusal:
                add_refusal(form, refusal)
    claims = (
        Entry.objects.banked().filter(budget_reduction=found).select_related("scheme", "partnership", "recorded_by")
    )
    return render(request, "savings/budgets/detail.html", {
        "budget": found, "form": form, "may_correct": may_correct, "most": MOST,
        "claims": claims.select_related("scheme", "partnership", "recorded_by").order_by("-pk")[:MOST],
        "steps": _steps(found),
    })  # fmt: skip


def _steps(budget):
    """(amount in pence, who, moment or None, reason, mark) of what was recorded first and of each correction."""
    steps = [
        (each.amount_pence, each.recorded_by, each.recorded_at, each.reason)
        for each in budget.corrections.select_related("recorded_by").order_by("sequence")
    ]
    first = (budget.amount_pence, budget.recorded_by, budget.act.at if budget.act else None, "")
    found = marks(budget.council, [(who.pk, at) for _, who, at, _ in [first, *steps] if at])
    return [(*each, found.get((each[1].pk, each[2]), "")) for each in [first, *steps]]
