"""Inviting somebody to act for a council, and what became of invitations."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.models import Council, Invitation, InvitationLink
from councils.refusals import Refused
from savings.actions import invitations as action
from savings.forms.people import InviteForm
from savings.forms.refusing import add_refusal

PLACES = {"ends_on": "until"}


def invited():
    """Invitations that wait and that the reader may see, newest first, each with `sent_at`."""
    sent = InvitationLink.objects.filter(invitation=OuterRef("pk")).values("made_at")
    found = Invitation.objects.waiting().annotate(sent_at=Subquery(sent[:1]))
    return found.select_related("council", "invited_by").order_by("-pk")


@login_required
@require_safe
def waiting(request):
    """Every first lead invited by an administrator who has not accepted yet."""
    if not request.rights.administers:
        raise Http404
    return render(request, "savings/people/invitations.html", {"invited": invited()[:100]})


@login_required
@require_http_methods(["GET", "POST"])
def invite(request, slug):
    council = get_object_or_404(Council, slug=slug)
    whats = action.may_invite(request.person, council, timezone.localdate(request.now))
    if not whats:
        raise Http404
    form = InviteForm(request.POST or None, whats=whats)
    if request.method == "POST" and form.is_valid():
        try:
            made = action.invite(by=request.person, at=request.now, council=council, **form.facts())
        except Refused as refusal:
            add_refusal(form, refusal, beside=PLACES)
        else:
            last = timezone.localtime(made.expires_at)
            messages.success(request, f"{made.email} is invited. The link is good until {last:%-d %B %Y}.")
            return _back(request, council)
    return render(request, "savings/people/invite.html", {"council": council, "form": form, "first": len(whats) == 1})


@login_required
@require_POST
def again(request, public_id):
    found = _mine(request, public_id)
    try:
        made = action.invite_again(by=request.person, at=request.now, invitation=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{made.email} is sent a new link. The one before no longer works.")
    return _back(request, found.council)


@login_required
@require_POST
def revoke(request, public_id):
    found = _mine(request, public_id)
    try:
        action.revoke(by=request.person, at=request.now, invitation=found, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The invitation of {found.email} is revoked.")
    return _back(request, found.council)


def _mine(request, public_id):
    """Row-level security leaves the reader's own only."""
    return get_object_or_404(Invitation.objects.select_related("council"), public_id=public_id)


def _back(request, council):
    if request.rights.may_see(council.pk):
        return redirect("councils:people", council.slug)
    return redirect("savings:invitations")
