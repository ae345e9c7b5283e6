"""Drafting the next version of a promise, from nothing or from the version it restates."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.refusals import Refused
from councils.rights import RECORDING
from partnerships.drafting import superseded_by
from partnerships.memberships import members_of
from partnerships.models import BusinessCase, LeavingNotice, Partnership
from savings.actions import cases
from savings.forms.business_case import BusinessCaseForm
from savings.forms.refusing import add_refusal
from savings.forms.sharing_out import COST, GAIN
from savings.models import Scheme
from savings.outturns import outturns_of
from savings.restating import initial_of
from savings.restating_without import without


@login_required
@require_http_methods(["GET", "POST"])
def new(request, slug):
    """Draft the next version, `?from=` another; nothing is promised until somebody else approves it."""
    partnership = get_object_or_404(Partnership, slug=slug)
    today = timezone.localdate(request.now)
    belonging = members_of(partnership, on=today)
    members = [each.council for each in belonging]
    if not request.rights.councils() & {council.pk for council in members}:
        raise Http404  # it may be shown to them, but its promises are its members'
    if not request.rights.councils(*RECORDING) & {council.pk for council in members}:
        raise PermissionDenied
    basis = _basis(partnership, request.GET.get("from", ""))
    schemes = Scheme.objects.filter(partnership=partnership).order_by("reference")
    version = partnership.business_cases.count() + 1
    supersedes = superseded_by(partnership, request.person, today)
    form = BusinessCaseForm(
        request.POST or None, request.FILES or None, members=members, schemes=schemes, on=today, version=version,
        basis=basis, initial=_initial(basis, request.GET.get("leaving", "")), supersedes=supersedes,
        outturns=outturns_of(partnership, members), shares=_shares(belonging),
    )  # fmt: skip
    if form.is_valid():
        submit = request.POST.get("do") != "draft"
        try:
            case = cases.draft(
                partnership=partnership, by=request.person, at=request.now, submit=submit, **form.written()
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, SUBMITTED if submit else DRAFTED)
            return redirect(case)
    if form.is_bound:
        form.ask_for_files_again()
    return render(
        request,
        "savings/business_cases/new.html",
        {
            "form": form, "partnership": partnership, "version": version, "schemes": schemes, "members": members,
            "basis": basis, "supersedes": supersedes,
        },
    )  # fmt: skip


SUBMITTED = "Drafted and submitted. A finance lead of each member who did not draft it can now approve it."
DRAFTED = "Drafted. Submit it when it is ready: nobody is asked to approve it before."


def _basis(partnership, version):
    if not version:
        return None
    if not version.isdecimal() or len(version) > 4:
        raise Http404
    cases = BusinessCase.objects.select_related("partnership")
    return get_object_or_404(cases, partnership=partnership, version=version)


def _initial(basis, leaving):
    """The first contents of the form: those of `basis`, less who leaves by the notice with that public id."""
    if basis is None or not leaving:
        return initial_of(basis) if basis else None
    try:
        pk = uuid.UUID(leaving)
    except ValueError as error:
        raise Http404 from error
    notices = LeavingNotice.objects.standing().filter(partnership=basis.partnership_id).select_related("council")
    return without(basis, get_object_or_404(notices, public_id=pk))


def _shares(belonging):
    found = {}
    for each in belonging:
        if each.current:
            found[each.council.pk, GAIN] = each.membership.gain_share_bps
            found[each.council.pk, COST] = each.membership.cost_share_bps
    return found
