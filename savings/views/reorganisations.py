"""Plans of reorganisations: who ends, who comes after them, what that does to each partnership, and enacting it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils import reorganisations as reading
from councils.models import Council, Reorganisation
from councils.refusals import Refused
from savings import foreseen
from savings.actions import reorganisations as doing
from savings.carried import not_carried
from savings.forms.refusing import add_refusal
from savings.forms.reorganisation import ReorganisationForm, WithdrawPlanForm, initial_of

TAGS = {"draft": "govuk-tag--grey", "proposed": "govuk-tag--yellow", "enacted": "govuk-tag--green",
        "withdrawn": "govuk-tag--red"}  # fmt: skip
ENACTED = "Enacted. The new councils, what passed to them and their memberships stand in the register."


@login_required
@require_safe
def plans(request):
    """Every plan that names a council of theirs, or one they share services with; all of them to an administrator."""
    found = [{"plan": plan, "tag": TAGS[plan.state]} for plan in reading.plans()]
    return render(request, "savings/reorganisations/list.html", {"plans": found, "may_draft": _drafts(request.rights)})


@login_required
@require_http_methods(["GET", "POST"])
def new(request):
    if not _drafts(request.rights):
        raise PermissionDenied
    form = ReorganisationForm(request.POST or None, initial={"kind": Council.Kind.UNITARY})
    if form.is_valid():
        try:
            made = doing.draft(by=request.person, at=request.now, **form.written())
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Drafted. Nothing comes of it until it is proposed and another person enacts it.")
            return redirect(made)
    return render(request, "savings/reorganisations/write.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def change(request, public_id):
    plan = _plan(public_id)
    if not doing.may_move(plan, request.rights) and plan.reorganisation.drafted_by_id != request.person.pk:
        raise PermissionDenied
    if plan.state not in reading.OPEN:
        messages.error(request, doing.ENDED)
        return redirect(plan.reorganisation)
    form = ReorganisationForm(request.POST or None, initial=initial_of(plan))
    if form.is_valid():
        try:
            doing.revise(
                reorganisation=plan.reorganisation, seen=form.cleaned_data["seen"], by=request.person, at=request.now,
                **form.written(),
            )  # fmt: skip
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Changed. It is a draft again until somebody proposes it as it now stands.")
            return redirect(plan.reorganisation)
    page = {"form": form, "plan": plan}
    return render(request, "savings/reorganisations/write.html", page, status=422 if form.errors else 200)


@login_required
@require_safe
@not_carried
def plan(request, public_id):
    return _page(request, _plan(public_id))


@login_required
@require_POST
def propose(request, public_id):
    return _move(request, public_id, doing.propose, "Proposed. Somebody else can enact it on the vesting day or later.")


@login_required
@require_POST
def enact(request, public_id):
    return _move(request, public_id, doing.enact, ENACTED)


@login_required
@require_POST
def withdraw(request, public_id):
    found = _plan(public_id)
    form = WithdrawPlanForm(request.POST)
    if form.is_valid():
        try:
            doing.withdraw(
                reorganisation=found.reorganisation, reason=form.cleaned_data["reason"], by=request.person,
                at=request.now,
            )  # fmt: skip
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Withdrawn. It stays readable here.")
            return redirect(found.reorganisation)
    return _page(request, found, form=form, status=422)


def _move(request, public_id, action, done):
    found = _plan(public_id)
    version = request.POST.get("version", "")
    try:
        action(
            reorganisation=found.reorganisation, by=request.person, at=request.now,
            version=int(version) if version.isascii() and version.isdecimal() and len(version) < 6 else 0,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    if not Reorganisation.objects.filter(pk=found.reorganisation.pk).exists():
        return redirect("savings:reorganisations")
    return redirect(found.reorganisation)


def _plan(public_id):
    found = get_object_or_404(Reorganisation, public_id=public_id)
    if not found.versions.exists():
        raise Http404
    return reading.plan_of(found)


def _page(request, plan, *, form=None, status=200):
    today = timezone.localdate(request.now)
    touched = foreseen.touched_by(plan, administers=request.rights.administers)
    open_, moves = plan.state in reading.OPEN, doing.may_move(plan, request.rights)
    lacking = reading.lacking(plan) if open_ else []
    mine = plan.proposal is not None and plan.proposal.stepped_by_id == request.person.pk
    return render(
        request,
        "savings/reorganisations/page.html",
        {
            "plan": plan,
            "tag": TAGS[plan.state],
            "lacking": lacking,
            "touched": [(each, foreseen.shares_table(each) if each.shares else None) for each in touched],
            "alone": sum(each.alone for each in touched),
            "crossing": sum(each.crosses for each in touched),
            "names_only": request.rights.administers,
            "invented": any(each.invented for each in plan.predecessors),
            "may_change": open_ and (moves or plan.reorganisation.drafted_by_id == request.person.pk),
            "may_propose": open_ and moves and plan.state == reading.DRAFT and not lacking,
            "may_enact": moves and plan.state == reading.PROPOSED and not mine and today >= plan.version.vesting_on,
            "waits_for_day": plan.state == reading.PROPOSED and today < plan.version.vesting_on,
            "proposed_by_me": mine and plan.state == reading.PROPOSED,
            "withdraw_form": form or WithdrawPlanForm(),
        },
        status=status,
    )


def _drafts(rights):
    return rights.administers or rights.signs_off
