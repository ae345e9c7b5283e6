"""A promise: read by its members, submitted, returned, withdrawn, approved by each for itself, and frozen."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from councils.refusals import Refused
from councils.rights import LEAD, RECORDING
from councils.years import FinancialYear
from partnerships import actions as arrangement
from partnerships import case_steps
from partnerships.drafting import OPEN, drafting_councils
from partnerships.memberships import members_of
from partnerships.models import BusinessCase, Partnership
from partnerships.sight import sights
from savings import promise_bridge, promise_tables
from savings.actions import promise as promises
from savings.carried import not_carried
from savings.forms.case_steps import AnswerCaseForm, ReturnCaseForm, SubmitCaseForm, WithdrawCaseForm
from savings.forms.refusing import add_refusal
from savings.reporting import case_standing
from savings.reporting.bridge import bridge_of
from savings.reporting.delivery import delivery_of
from savings.reporting.notes import notes_about
from savings.reporting.paying_back import paying_back
from savings.reporting.promised import promise
from savings.reporting.replacing import in_force, replacing
from savings.reporting.without_sharing import without_sharing


def case_seen(slug, version):
    """The case, or 404: the database shows it to the partnership's members only."""
    cases = BusinessCase.objects.select_related("partnership", "drafted_by").with_state()
    return get_object_or_404(cases, partnership__slug=slug, version=version)


@login_required
@require_safe
@not_carried
def business_cases(request, slug):
    """What was promised first, what is promised now, what became of it, and every version."""
    partnership = get_object_or_404(Partnership, slug=slug)
    today = timezone.localdate(request.now)
    members = [each.council for each in members_of(partnership, on=today)]
    if not request.rights.councils() & {council.pk for council in members}:
        raise Http404  # it may be shown to them, but its promises are its members'
    versions, forces, bridge = case_standing.versions_of(partnership), in_force(partnership), bridge_of(partnership)
    ended = FinancialYear.containing(today).start - 1
    delivery = delivery_of(partnership, forces, last_year=ended) if forces else None
    return render(
        request,
        "savings/business_cases/list.html",
        {
            "partnership": partnership,
            "sights": sights(request.rights, [partnership.pk], on=today),
            "versions": promise_tables.versions(versions, len(members)),
            "newest": versions[0].case if versions else None,
            "bridge": bridge,
            "sentence": promise_bridge.sentence(bridge),
            "by_member": promise_bridge.by_member(bridge),
            "by_year": promise_bridge.by_year(bridge),
            "each_member": [promise_bridge.by_year(bridge, council) for council in bridge.members],
            "changes": promise_bridge.changes(bridge),
            "delivery": delivery,
            "delivered": promise_tables.delivered(delivery) if delivery else None,
            "ended": FinancialYear(ended).label,
            "may_draft": bool(request.rights.councils(*RECORDING) & {council.pk for council in members}),
            "restates": max(forces.values(), key=lambda case: case.version, default=None),
        },
    )


@login_required
@require_safe
def business_case(request, slug, version):
    return show(request, case_seen(slug, version))


def show(request, case, form=None):
    """The page of one version; `form` is a step that was refused and stays to be read."""
    today = timezone.localdate(request.now)
    lines = list(case.lines.select_related("council").order_by("council__name", "scheme_reference", "year", "pk"))
    charges = list(case.charges.select_related("payer", "receiver").order_by("year", "pk"))
    baselines = case.baselines.select_related("council", "from_source__document", "from_source__outturn")
    approvals = list(case.approvals.select_related("council", "approved_by").order_by("approved_at"))
    steps = list(case.steps.select_related("council", "stepped_by", "later").order_by("sequence"))
    missing = [m.council for m in arrangement.approvals_missing(case, today)]
    found, forces = promise(lines, charges), in_force(case.partnership)
    leads_for = [council for council in missing if council.pk in request.rights.councils(LEAD)]
    later_in_force = {pk for pk, other in forces.items() if other.version > case.version}
    may_approve_for = [
        council for council in leads_for if case.state == "submitted" and council.pk not in later_in_force
    ]
    carried = list(_by_council(without_sharing(case, through=FinancialYear.containing(today).start)))
    return render(
        request,
        "savings/business_cases/page.html",
        {
            "case": case,
            "sights": sights(request.rights, [case.partnership_id], on=today),
            "state": case_standing.words(case.state, len(approvals), len(approvals) + len(missing)),
            "colour": case_standing.colour(case.state, len(approvals)),
            "last": steps[-1] if steps else None,
            "history": case_standing.history(case, steps, approvals),
            "notes": notes_about("business_case", f"{case.partnership.slug}__{case.version}", case=case),
            "total": found.of(),
            "paying_back": paying_back(case, found),
            "by_year": promise_tables.by_year(found),
            "by_member": promise_tables.by_member(found),
            "lines": promise_tables.lines(lines),
            "baselines": promise_tables.baselines(list(baselines.order_by("council__name", "year"))),
            "carried": [
                promise_tables.carried(council, rows, case)
                for council, rows in carried
                if any(row.told for row in rows)
            ],
            "untold": promise_tables.untold(carried, case),
            "without_cost": promise_tables.without_cost(carried),
            "approvals": approvals,
            "missing": missing,
            "drafted_it": case.drafted_by_id == request.person.pk,
            "leads_for": leads_for if case.state == "submitted" else [],
            "may_approve_for": may_approve_for,
            "may_restate": bool(approvals) and request.rights.records,
            "forms": _forms(request, case, approvals, leads_for, form),
            "form": form,
            "replacing": replacing(case, found, may_approve_for, forces),
            "replaced": [
                (approval.council, later)
                for approval in approvals
                if (later := forces[approval.council_id]).version > case.version
            ],
        },
        status=422 if form else 200,
    )


def _by_council(rows):
    found: dict = {}
    for row in rows:
        found.setdefault(row.council, []).append(row)
    return found.items()


def _forms(request, case, approvals, leads_for, refused):
    """By name, the steps this person can take now."""
    offered: dict[str, Any] = {}
    own = drafting_councils(case, request.person, timezone.localdate(request.now))
    if own and case.state == "draft" and not approvals:
        offered["submit"] = SubmitCaseForm()
    if own and case.state == "returned":
        offered["submit"] = AnswerCaseForm()
    if own and case.state in OPEN and not approvals:
        offered["withdraw"] = WithdrawCaseForm()
    if leads_for and case.state == "submitted" and case.drafted_by_id != request.person.pk:
        offered["return"] = ReturnCaseForm()
    if refused:
        offered[refused.name] = refused
    return offered


@login_required
@require_POST
def approve(request, slug, version):
    """Approve for the council named in the form; what the action refuses is said in its own words."""
    case = case_seen(slug, version)
    council = _led_council(request, case)
    try:
        promises.approve(case=case, council=council, by=request.person, at=request.now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Approved for {council.name}. Its promise is posted and frozen.")
    return redirect(case)


def _led_council(request, case):
    members = {m.council.slug: m.council for m in members_of(case.partnership, on=timezone.localdate(request.now))}
    council = members.get(request.POST.get("council", ""))
    if council is None or council.pk not in request.rights.councils(LEAD):
        raise PermissionDenied
    return council


@login_required
@require_POST
def step(request, slug, version):
    """Submit, return or withdraw; a refusal comes back beside what was typed."""
    case = case_seen(slug, version)
    do = request.POST.get("do", "")
    if do not in STEPS:
        raise Http404
    council = _led_council(request, case) if do == "return" else None
    if do != "return" and not drafting_councils(case, request.person, timezone.localdate(request.now)):
        raise PermissionDenied
    form_class, action, done = STEPS[do]
    if do == "submit" and case.state == "returned":
        form_class = AnswerCaseForm
    form = form_class(request.POST)
    if form.is_valid():
        how = {"case": case, "by": request.person, "at": request.now, **form.cleaned_data}
        try:
            action(**(how | {"council": council} if council else how))
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect(case)
    return show(request, case, form)


STEPS: dict[str, tuple[Any, Any, str]] = {
    "submit": (
        SubmitCaseForm, case_steps.submit, "Submitted. Every member’s finance lead who did not draft it is asked.",
    ),
    "return": (ReturnCaseForm, case_steps.send_back, "Returned to its drafter."),
    "withdraw": (WithdrawCaseForm, case_steps.withdraw, "Withdrawn. It stays readable and cannot be approved."),
}  # fmt: skip
