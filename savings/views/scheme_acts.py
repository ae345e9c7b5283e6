"""Following a scheme up: what it says of itself, where it stands, and what is still to come of a year."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.models import Council
from councils.refusals import Refused
from councils.rights import RECORDING
from councils.years import FinancialYear, YearError
from partnerships.models import Membership
from savings.actions import forecasts, schemes
from savings.forms.refusing import add_refusal
from savings.forms.scheme_follow_up import ChangeSchemeForm, ForecastForm, StandForm
from savings.models import Scheme

from .scheme_page import may

YEARS_AHEAD = 5


def scheme_seen(public_id):
    """The scheme, if the open scope shows it to whoever asks; 404 otherwise."""
    return get_object_or_404(Scheme.objects.select_related("partnership", "indicator"), public_id=public_id)


def asked(request, scheme, form, do, *, done, title, button, lead="", **more):
    """A page that is one form about a scheme: shows it, or does it and goes back to the scheme."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect(scheme)
    page = {"scheme": scheme, "form": form, "title": title, "button": button, "lead": lead, **more}
    return render(request, "savings/schemes/act.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def change(request, public_id):
    scheme = scheme_seen(public_id)
    records, _ = may(request, scheme)
    if not records:
        raise PermissionDenied
    now = schemes.current(scheme)
    form = ChangeSchemeForm(
        request.POST or None, scheme=scheme, this_year=FinancialYear.containing(timezone.localdate(request.now)),
        initial={
            **{name: getattr(now, name, None) for name in schemes.CHANGEABLE},
            "indicator": now.indicator.public_id if now.indicator_id else None,
        },
    )  # fmt: skip
    return asked(
        request, scheme, form,
        lambda given: schemes.change(scheme=scheme, by=request.person, at=request.now, **given),
        done="Changed. What it said before stays in its history.", title="Change what it says", button="Save",
        lead="Nothing is overwritten: this becomes a new version, and the one before stays to be read.",
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def stand(request, public_id):
    scheme = scheme_seen(public_id)
    records, leads = may(request, scheme)
    if not records:
        raise PermissionDenied
    last = scheme.statuses.order_by("-sequence").first()
    form = StandForm(request.POST or None, status=last.status, leads=leads)
    return asked(
        request, scheme, form,
        lambda given: schemes.stand(scheme=scheme, by=request.person, at=request.now, **given),
        done="Saved. It is in its history.", title="Say where it stands", button="Save",
        lead="" if leads else "Approving, delivering in full, withdrawing and giving up are for a finance lead.",
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def forecast(request, public_id):
    """One member's forecast of one year: `?council=` (code) and `?year=` (start) say which."""
    scheme = scheme_seen(public_id)
    mine = request.rights.councils(*RECORDING)
    held = Membership.objects.current().filter(partnership=scheme.partnership_id, council__in=mine)
    members = list(Council.objects.filter(pk__in=held.values("council")).order_by("name"))
    if not members:
        raise PermissionDenied
    today = timezone.localdate(request.now)
    council, year = _which(request, members, FinancialYear.containing(today))
    standing = forecasts.held(scheme, council, year)
    form = ForecastForm(request.POST or None, year=year, standing=standing, today=today)
    this_year = FinancialYear.containing(today)
    return asked(
        request, scheme, form,
        lambda given: forecasts.revise(
            scheme=scheme, council=council, year=year, months=form.months(), by=request.person, at=request.now,
            reason=given["reason"],
        ),
        done=f"Forecast for {council.short_name}, {year.label}. What it replaced is reversed and stays to be seen.",
        title=f"Forecast {year.label} for {council.short_name}", button="Forecast it",
        lead="What you expect each month still to save. It needs no proof and is never added to what is banked; a "
        "later forecast replaces it and leaves it to be read.",
        council=council, year=year, members=members, replaces_whole=sum(
            entry.amount_pence for entry in standing.get(None, [])
        ), years=[FinancialYear(this_year.start + ahead) for ahead in range(YEARS_AHEAD + 1)],
    )  # fmt: skip


def _which(request, members, this_year):
    code, start = request.GET.get("council"), request.GET.get("year", str(this_year.start))
    council = next((each for each in members if each.code == code), None if code else members[0])
    try:
        year = FinancialYear(int(start))
    except (ValueError, YearError):
        raise Http404
    if council is None or not this_year.start <= year.start <= this_year.start + YEARS_AHEAD:
        raise Http404
    return council, year
