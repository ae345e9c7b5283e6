"""Choosing a past moment to read a page at."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from savings.forms.past import PastForm


@login_required
@require_safe
def choose(request):
    """Asks for the moment, then leads to the same page as at then. The address of the page comes as `page`."""
    asked = "day_0" in request.GET
    form = PastForm(request.GET if asked else None, initial={"page": request.GET.get("page", "/")}, now=request.now)
    if asked and form.is_valid():
        return redirect(form.cleaned_data["prefix"] + form.cleaned_data["page"])
    return render(request, "savings/past.html", {"form": form})
