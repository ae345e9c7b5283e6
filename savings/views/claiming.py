"""Claiming a partnership known from what was published: a council's lead asks, an administrator checks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.models import Council
from councils.refusals import Refused
from councils.rights import LEAD
from partnerships import claiming
from partnerships.models import Claiming, ClaimingAnswer, Membership, Partnership
from savings.forms.claiming import AnswerClaimForm, ClaimForm
from savings.forms.refusing import add_refusal

MOST = 100
ACTIONS = {"accept": claiming.accept, "refuse": claiming.refuse, "withdraw": claiming.withdraw}
DONE = {
    "accept": "Accepted. The council keeps its ledger here from now on.",
    "refuse": "Refused. The council that asked reads why.",
    "withdraw": "Withdrawn.",
}


@login_required
@require_http_methods(["GET", "POST"])
def claim(request, slug):
    """Ask for a council one leads; one that the published record names comes first."""
    partnership = get_object_or_404(Partnership.objects.with_kept(), slug=slug, from_public_record=True)
    today = timezone.localdate(request.now)
    led = Council.objects.in_being(today).filter(pk__in=request.rights.councils(LEAD)).order_by("name")
    if not led:
        raise PermissionDenied
    known = Membership.objects.current().filter(partnership=partnership, council__in=led).order_by("starts_on").first()
    initial = {
        "council": (known.council if known else led[0]).slug,
        "starts_on": known.starts_on if known else partnership.started_on,
    }
    form = ClaimForm(request.POST or None, councils=led, initial=initial)
    if form.is_valid():
        try:
            made = claiming.claim(partnership=partnership, by=request.person, at=request.now, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Claimed. An administrator checks it; what becomes of it stands here.")
            return redirect(made)
    asked = Claiming.objects.with_state().filter(partnership=partnership).select_related("council").order_by("-pk")
    page = {"partnership": partnership, "form": form, "claims": asked[:MOST]}
    return render(request, "savings/claiming/claim.html", page)


@login_required
@require_safe
def claims(request):
    """Those the reader may see: an administrator all, a council's people its own. The waiting first."""
    if not (request.rights.administers or request.rights.councils()):
        raise Http404
    found = Claiming.objects.with_state().select_related("council", "partnership").order_by("-pk")[:MOST]
    return render(request, "savings/claiming/list.html", {"claims": sorted(found, key=lambda c: c.state != "waiting")})


@login_required
@require_http_methods(["GET", "POST"])
def one(request, public_id):
    """A claim with its evidence: accepted or refused by an administrator, withdrawn by the council that asked."""
    found = Claiming.objects.with_state().select_related("council", "partnership", "claimed_by")
    asked = get_object_or_404(found, public_id=public_id)
    answer = ClaimingAnswer.objects.filter(claiming=asked).select_related("answered_by").first()
    may = set()
    if not answer and request.rights.administers and asked.claimed_by_id != request.person.pk:
        may |= {"accept", "refuse"}
    if not answer and request.rights.may_sign_off(asked.council_id):
        may.add("withdraw")
    form = AnswerClaimForm(request.POST or None) if may else None
    if request.method == "POST":
        do = request.POST.get("do")
        if do not in may:
            raise PermissionDenied
        if form and form.is_valid() and _answered(request, asked, do, form):
            messages.success(request, DONE[do])
            return redirect(asked)
    named = Membership.objects.filter(
        partnership=asked.partnership, council=asked.council, act__lt=asked.act_id
    ).exists()
    return render(request, "savings/claiming/page.html", {
        "claim": asked, "answer": answer, "may": may, "form": form, "facts": _facts(asked, named),
    })  # fmt: skip


def _answered(request, asked, do, form):
    try:
        ACTIONS[do](claiming=asked, by=request.person, at=request.now, **form.cleaned_data)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    return True


def _facts(asked, named):
    return [
        {"key": "Partnership", "value": asked.partnership.name},
        {"key": "Council", "value": asked.council.name},
        {"key": "Named in what was published", "value": "Yes" if named else "No"},
        {"key": "Role", "value": asked.get_role_display() + (", host" if asked.host else "")},
        {"key": "Member since", "value": f"{asked.starts_on:%-d %B %Y}"},
        {"key": "How it can be checked", "value": asked.evidence},
        {"key": "Asked by", "value": f"{asked.claimed_by.name}, {timezone.localtime(asked.claimed_at):%-d %B %Y}"},
    ]
