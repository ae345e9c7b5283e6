"""Proposing a change of what members agreed, and answering one: what it would be, beside what it is."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.refusals import Refused
from councils.rights import LEAD
from partnerships import actions as arrangement
from partnerships import changing
from partnerships.models import Audience, Change, Partnership
from savings.change_tables import facts_of, terms_table
from savings.forms.changing import FORMS, EndChangeForm
from savings.forms.refusing import add_refusal

KINDS = {
    "terms": ("Shares, roles and host", "Who bears what share of cost and gain from a day on, and who does what."),
    "vehicle": ("The vehicle", "The form in which the members work together."),
    "audience": ("Who may see its figures", "The members, everybody signed in, or everybody."),
    "leaving": ("A member leaves earlier", "Before the notice that its terms ask for has run."),
    "ending": ("The end of the partnership", "And with it every membership."),
}


@login_required
@require_http_methods(["GET", "POST"])
def change(request, slug):
    """Choose what is to change, propose it, and see what waits."""
    partnership = get_object_or_404(Partnership.objects.select_related("ending"), slug=slug)
    today = timezone.localdate(request.now)
    rows = changing.members_with_a_say(partnership, today)
    if not request.rights.councils() & {row.council_id for row in rows}:
        raise Http404
    mine = [row for row in rows if row.council_id in request.rights.councils(LEAD)]
    what = request.GET.get("what", "")
    page = {"partnership": partnership, "kinds": KINDS.items(), "leads": bool(mine)}
    if what not in FORMS:
        page["changes"] = Change.objects.with_state().filter(partnership=partnership).order_by("-pk")[:20]
        return render(request, "savings/changing/choose.html", page)
    if not mine:
        raise PermissionDenied
    held = [row for row in rows if row.starts_on <= today] or rows
    form = FORMS[what](request.POST or None, partnership=partnership, rows=held, mine=mine)
    if form.is_valid() and (done := _proposed(request, form, partnership, mine[0].council)):
        return done
    page |= {"form": form, "what": what, "title": KINDS[what][0], "others": len({row.council_id for row in rows}) - 1}
    return render(request, "savings/changing/propose.html", page)


def _proposed(request, form, partnership, council):
    how = {"partnership": partnership, "by": request.person, "at": request.now}
    facts = form.facts()
    try:
        if form.kind == Change.Kind.AUDIENCE:
            now = partnership.audiences.order_by("-pk").first()
            if form.narrower(now.who if now else Audience.Who.MEMBERS):
                arrangement.show_to(who=facts["who"], **how)
                messages.success(request, f"Its figures are shown to: {Audience.Who(facts['who']).label.lower()}.")
                return redirect(partnership)
            facts["starts_on"] = timezone.localdate(request.now)
        made = changing.propose(proposing=council, kind=form.kind, **how, **facts)
    except Refused as refusal:
        add_refusal(form, refusal)
        return None
    messages.success(request, "Proposed. It holds when every member has agreed.")
    return redirect(made)


@login_required
@require_http_methods(["GET", "POST"])
def answer(request, public_id):
    """One change: what it would be and is, who has agreed, and for a member's lead the answer."""
    changes = Change.objects.with_state().select_related("partnership", "proposing", "proposed_by")
    one = get_object_or_404(changes, public_id=public_id)
    today = timezone.localdate(request.now)
    answers = list(one.answers.select_related("council", "answered_by").order_by("pk"))
    asked = {row.council for row in changing.members_with_a_say(one.partnership, today)}
    said = {each.council_id for each in answers}
    leads = request.rights.councils(LEAD)
    missing = sorted((each for each in asked if each.pk not in said), key=lambda each: each.name)
    mine = [each for each in missing if each.pk in leads] if one.state == "waiting" else []
    ending = "refuse" if mine else "withdraw" if one.state == "waiting" and one.proposing_id in leads else ""
    form = EndChangeForm(request.POST if request.POST.get("do") == ending else None, ending=ending) if ending else None
    if request.method == "POST":
        if request.POST.get("do") not in ({"agree", "refuse"} if mine else {ending} - {""}):
            raise PermissionDenied
        if done := _answered(request, one, mine, form, ending):
            return done
    return render(request, "savings/changing/page.html", {
        "change": one, "answers": answers, "missing": changing.with_led(missing, today), "mine": mine, "form": form,
        "ending": ending, "facts": facts_of(one), "terms": terms_table(one),
    })  # fmt: skip


def _answered(request, one, mine, form, ending):
    how, do = {"change": one, "by": request.person, "at": request.now}, request.POST.get("do")
    try:
        if do == "agree":
            last = [changing.agree(council=council, **how) for council in mine][-1]
            said = "Agreed by all: it is so." if last.completes else "Agreed. It holds when the others have agreed too."
            messages.success(request, said)
        elif not form.is_valid():
            return None
        elif do == "refuse":
            changing.refuse(council=mine[0], **how, **form.cleaned_data)
            messages.success(request, "Refused. Nothing changes, and the other members read why.")
        else:
            changing.withdraw(**how, **form.cleaned_data)
            messages.success(request, "Withdrawn. Nothing changes.")
    except Refused as refusal:
        if do == ending and form.is_bound:
            add_refusal(form, refusal)
            return None
        messages.error(request, str(refusal))
    return redirect(one)
