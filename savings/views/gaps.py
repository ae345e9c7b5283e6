"""The page of a council's budget gaps: what is entered, how much of it sharing meets, and for its leads the form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils import carrying, register
from councils.models import Council
from councils.money import pounds
from councils.refusals import Refused
from councils.rights import LEAD
from councils.years import FinancialYear
from savings import gap_tables
from savings.actions import gaps as actions
from savings.forms.gap import GapForm
from savings.forms.refusing import add_refusal
from savings.reporting import figures
from savings.reporting.gaps import by_year, gaps_of


@login_required
@require_http_methods(["GET", "POST"])
def gaps(request, slug):
    """For everybody who acts for the council; carried, its predecessors' gaps by share, and no form."""
    council = get_object_or_404(Council, slug=slug)
    if not request.rights.may_see(council.pk):
        raise Http404
    today = timezone.localdate(request.now)
    carries = carrying.matters([council.pk], on=today)
    if request.carried and council.has_ended(today):
        entry = register.register_entry(council, on=today)
        return render(request, "savings/councils/passed_on.html", {"council": council, "register": entry})
    leads = council.pk in request.rights.councils(LEAD) and not request.carried
    form = GapForm(request.POST or None, today=today)
    if request.method == "POST":
        if not leads:
            raise PermissionDenied
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = actions.set_gap(
                    council=council, year=given["year"], amount_pence=given["amount"], reason=given["reason"],
                    by=request.person, at=request.now,
                )  # fmt: skip
                gap = pounds(made.amount_pence)
                messages.success(request, f"Entered: the gap of {given['year'].label} is {gap}.")
                return redirect("councils:budget-gap", council.slug)
            except Refused as refusal:
                add_refusal(form, refusal)
    entered = gaps_of(council)
    through = FinancialYear.containing(today).start
    years = figures.council_figures(council, today).years if entered else []
    return render(request, "savings/gaps/page.html", {
        "council": council, "form": form, "leads": leads, "carries": carries,
        "met": gap_tables.gap_met(by_year(entered), years, through=through), "entered": entered,
    })  # fmt: skip
