"""The volumes a promise's cost follows: each member records its own, year by year; the latest holds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.refusals import Refused
from councils.rights import RECORDING
from councils.years import FinancialYear
from partnerships import case_steps
from partnerships.memberships import members_of
from partnerships.models import Baseline, Volume
from savings import promise_tables
from savings.forms.case_steps import VolumeForm
from savings.forms.refusing import add_refusal

from .business_cases import case_seen
from .sent_before import written_once


@login_required
@require_http_methods(["GET", "POST"])
def volumes(request, slug, version):
    case = case_seen(slug, version)
    if not case.volume_driver:
        raise Http404
    today = timezone.localdate(request.now)
    mine = request.rights.councils(*RECORDING)
    councils = [each.council for each in members_of(case.partnership, on=today) if each.council.pk in mine]
    recorded = Volume.objects.filter(partnership=case.partnership, driver=case.volume_driver)
    rows = list(recorded.select_related("council", "recorded_by").order_by("council__name", "year", "pk"))
    form = None
    if councils:
        form = _form(request, case, councils, rows, FinancialYear.containing(today).start)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _record(request, case, councils, rows, form):
            return redirect("partnerships:business-case-volumes", slug, version)
    return render(
        request,
        "savings/business_cases/volumes.html",
        {"case": case, "form": form, "volumes": promise_tables.volumes(rows)},
    )


def _form(request, case, councils, rows, this_year):
    first = Baseline.objects.filter(case=case).order_by("year").values_list("year", flat=True).first()
    return VolumeForm(
        request.POST or None, councils=councils, driver=case.volume_driver, unit=rows[0].unit if rows else "",
        first_year=min(first or this_year, this_year), this_year=this_year,
    )  # fmt: skip


def _record(request, case, councils, rows, form):
    said = dict(form.cleaned_data)
    said["public_id"] = said.pop("token")
    council = next(each for each in councils if each.slug == said["council"])
    unit = rows[0].unit if rows else said["unit"]
    try:
        _, before = written_once(request, Volume.objects, lambda: case_steps.record_volume(
            case=case, by=request.person, at=request.now, **said | {"council": council, "unit": unit}
        ))  # fmt: skip
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    if before:
        messages.info(request, "That form was sent before. Its volume was recorded once; nothing new was recorded.")
        return True
    label = FinancialYear(said["year"]).label
    messages.success(request, f"Recorded for {council.short_name}, {label}: {said['quantity']:,f} {unit}.")
    return True
