"""A promise: drafted whole, read by its members, approved by each for itself, and frozen."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.refusals import Refused
from councils.rights import LEAD, RECORDING
from partnerships import actions as arrangement
from partnerships.memberships import members_of
from partnerships.models import BusinessCase, Partnership
from savings import promise_tables
from savings.actions import promise as promises
from savings.forms.business_case import BusinessCaseForm
from savings.forms.refusing import add_refusal
from savings.models import Scheme
from savings.reporting.promised import promise
from savings.reporting.replacing import in_force, replacing


def case_seen(slug, version):
    """The case, or 404: the database shows it to the partnership's members only."""
    cases = BusinessCase.objects.select_related("partnership", "drafted_by")
    return get_object_or_404(cases, partnership__slug=slug, version=version)


@login_required
@require_safe
def business_case(request, slug, version):
    case = case_seen(slug, version)
    lines = list(case.lines.select_related("council").order_by("council__name", "scheme_reference", "year", "pk"))
    charges = list(case.charges.select_related("payer", "receiver").order_by("year", "pk"))
    baselines = list(case.baselines.select_related("council").order_by("council__name", "year"))
    approvals = list(case.approvals.select_related("council", "approved_by").order_by("approved_at"))
    missing = [m.council for m in arrangement.approvals_missing(case, timezone.localdate(request.now))]
    found = promise(lines, charges)
    forces = in_force(case.partnership)
    may_approve_for = [council for council in missing if council.pk in request.rights.councils(LEAD)]
    return render(
        request,
        "savings/business_cases/page.html",
        {
            "case": case,
            "total": found.of(),
            "by_year": promise_tables.by_year(found),
            "by_member": promise_tables.by_member(found),
            "lines": promise_tables.lines(lines),
            "baselines": promise_tables.baselines(baselines),
            "approvals": approvals,
            "missing": missing,
            "drafted_it": case.drafted_by_id == request.person.pk,
            "may_approve_for": may_approve_for,
            "replacing": replacing(case, found, may_approve_for, forces),
            "replaced": [
                (approval.council, later)
                for approval in approvals
                if (later := forces[approval.council_id]).version > case.version
            ],
        },
    )


@login_required
@require_POST
def approve(request, slug, version):
    """Approve for the council named in the form; what the action refuses is said in its own words."""
    case = case_seen(slug, version)
    members = {m.council.slug: m.council for m in members_of(case.partnership, on=timezone.localdate(request.now))}
    council = members.get(request.POST.get("council", ""))
    if council is None or council.pk not in request.rights.councils(LEAD):
        raise PermissionDenied
    try:
        promises.approve(case=case, council=council, by=request.person, at=request.now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Approved for {council.name}. Its promise is posted and frozen.")
    return redirect(case)


@login_required
@require_http_methods(["GET", "POST"])
def new(request, slug):
    """Draft the next version; nothing is promised until somebody else approves it."""
    partnership = get_object_or_404(Partnership, slug=slug)
    today = timezone.localdate(request.now)
    members = [each.council for each in members_of(partnership, on=today)]
    if not request.rights.councils() & {council.pk for council in members}:
        raise Http404  # it may be shown to them, but its promises are its members'
    if not request.rights.councils(*RECORDING) & {council.pk for council in members}:
        raise PermissionDenied
    schemes = Scheme.objects.filter(partnership=partnership).order_by("reference")
    version = partnership.business_cases.count() + 1
    form = BusinessCaseForm(
        request.POST or None, members=members, schemes=schemes, on=today, version=version,
    )  # fmt: skip
    if form.is_valid():
        try:
            case = arrangement.draft(partnership=partnership, by=request.person, at=request.now, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Drafted. A finance lead of each member who did not draft it can now approve it.")
            return redirect(case)
    return render(
        request,
        "savings/business_cases/new.html",
        {"form": form, "partnership": partnership, "version": version, "schemes": schemes, "members": members},
    )
