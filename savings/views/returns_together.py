"""Sending, signing off and closing several returns of one council in one act."""

from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.models import Council, Role
from councils.refusals import Refused
from savings.actions.returns import MOST_TOGETHER, step_together
from savings.differing import differing_in
from savings.models import Cover, Return
from savings.reporting.closing_together import Open, open_in
from savings.reporting.quarters import OPEN, MemberQuarter, quarters_of

Step = Return.Step
STEPS = {  # from the last to the first: what is furthest needs least
    Step.CLOSED: ("To close", "Close the ticked quarters", (Step.SIGNED_OFF,)),
    Step.SIGNED_OFF: ("To sign off", "Sign off the ticked returns", (Step.SUBMITTED,)),
    Step.SUBMITTED: ("To submit", "Submit the ticked returns", (OPEN, Step.REOPENED)),
}


class Candidate(NamedTuple):
    one: MemberQuarter
    open: Open
    blocked: str  # why it cannot take the step here; empty when it can
    ticked: bool

    @property
    def key(self):
        return f"{self.one.partnership.slug}__{self.one.quarter.slug}"


class Pile(NamedTuple):
    step: str
    title: str
    button: str
    offered: list[Candidate]  # at most `MOST_TOGETHER`, oldest first
    more: int  # how many wait beyond them
    left_out: list[Candidate]
    refused: str = ""


@login_required
@require_http_methods(["GET", "POST"])
def together(request, code):
    """Each pile is one form. A POST takes the step `do` for every return ticked (`quarters`), or for none."""
    council = get_object_or_404(Council, code=code, pk__in=request.rights.councils())
    if not request.rights.may_record(council.pk):
        raise PermissionDenied
    piles = _piles(request, council)
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do not in {step.value for step in STEPS}:
            raise Http404
        pile = next((each for each in piles if each.step == do), None)
        if pile is None and do != Step.SUBMITTED and not request.rights.may_sign_off(council.pk):
            raise PermissionDenied
        refused = _take(request, council, pile)
        if not refused:
            return redirect("savings:returns-together", council.code)
        messages.error(request, refused)
        piles = [each._replace(refused=refused) if each.step == do else each for each in piles]
    return render(request, "savings/returns/together.html", {
        "council": council, "piles": piles, "most": MOST_TOGETHER,
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


def _take(request, council, pile):
    """Take the step; the words of a refusal, empty when it was taken."""
    wanted = set(request.POST.getlist("quarters"))
    chosen = [each for each in pile.offered if each.key in wanted] if pile else []
    if len(chosen) < len(wanted):
        return "Somebody else was here in the meantime, or a ticked quarter cannot take this step. Nothing was done."
    try:
        step_together(
            council=council, which=[(each.one.partnership, each.one.quarter) for each in chosen],
            step=Step(pile.step if pile else request.POST["do"]), by=request.person, at=request.now,
        )  # fmt: skip
    except Refused as refusal:
        return str(refusal)
    many = f"{len(chosen)} return{'' if len(chosen) == 1 else 's'}"
    messages.success(request, f"{Step(pile.step).label}: {many} of {council.short_name}.")
    return ""


def _piles(request, council):
    today, leads = timezone.localdate(request.now), request.rights.may_sign_off(council.pk)
    steps = [step for step in STEPS if leads or step == Step.SUBMITTED]
    states = {state for step in steps for state in STEPS[step][2]}
    ones = [
        one for one in quarters_of([council.pk], today=today) if one.ended and one.owed and one.state in states
    ]  # fmt: skip
    found = open_in(council, ones)
    closing = [(o.partnership.pk, o.quarter.first_day) for o in ones if o.state == Step.SIGNED_OFF]
    differ = differing_in(council.pk, closing)
    stood_in_for = set(
        Cover.objects.on(today)
        .filter(council=council, deputy=request.person, what=Role.What.FINANCE_LEAD)
        .values_list("covered", flat=True)
    )
    asked = request.POST.get("do"), set(request.POST.getlist("quarters"))
    piles = []
    for step in steps:
        title, button, from_states = STEPS[step]
        candidates = []
        for one in ones:
            if one.state in from_states:
                key = (one.partnership.pk, one.quarter.first_day)
                blocked = _blocked(step, one, found[key], key in differ, request.person.pk, stood_in_for)
                each = Candidate(one, found[key], blocked, found[key].in_order)
                candidates.append(each._replace(ticked=each.key in asked[1]) if asked[0] == step else each)
        offered = [each for each in candidates if not each.blocked]
        if candidates:
            more = max(0, len(offered) - MOST_TOGETHER)
            left_out = [each for each in candidates if each.blocked]
            piles.append(Pile(step.value, title, button, offered[:MOST_TOGETHER], more, left_out))
    return piles


def _blocked(step, one, found, differs, person, stood_in_for):
    if step == Step.SUBMITTED and not found.entries:
        return "nothing is recorded for it: say on its own page whether that is nil"
    if step == Step.SIGNED_OFF and one.last.stepped_by_id == person:
        return "you submitted it, so another finance lead signs it off"
    if step == Step.SIGNED_OFF and one.last.stepped_by_id in stood_in_for:
        return f"you stand in for {one.last.stepped_by.name}, who submitted it"
    if step == Step.CLOSED and differs:
        return "payer and receiver differ on a charge: agree it, or explain it on its own page"
    return ""
