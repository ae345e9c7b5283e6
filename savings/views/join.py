"""The page behind an invitation's link: accept as somebody new, or with the account signed in.

Opening it writes nothing, because mail scanners open links; sending the form uses it up. Words are the same for a link
that never was as for one mistyped.
"""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.models import Council, Person, User
from councils.refusals import Refused
from councils.scope import scope, without_scope
from savings import throttle
from savings.actions import invitations
from savings.actions.letters import digest_of
from savings.forms.people import JoinForm
from savings.forms.refusing import add_refusal
from savings.invitation_links import opened

OPENINGS, WRONG = throttle.Limit("join", 120, 60), throttle.Limit("join-wrong", 20, 600)
# A form on the page is sent with a token of the session, for which the browser has to say where it comes from.
HEADERS = {
    "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store, private",
}  # fmt: skip


@without_scope
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, token):
    """Who invites, to what, and accepting it."""
    request.now = timezone.now()
    response = _answered(request, digest_of(token))
    for name, value in HEADERS.items():
        response[name] = value
    # Django would log the address of an answer that is not 200, and with it the link.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _answered(request, digest) -> HttpResponse:
    address = get_adapter().get_client_ip(request)
    if throttle.over(OPENINGS, address) or throttle.over(WRONG, address, count=False):
        response = render(request, "savings/join/not_open.html", {"state": "too_many"}, status=429)
        response["Retry-After"] = str(WRONG.seconds)
        return response
    user = request.user if request.user.is_authenticated else None
    form = JoinForm(request.POST if request.method == "POST" and not user else None)
    with opened(digest, at=request.now) as found:
        if found.state != "open":
            if found.state == "unknown":
                throttle.over(WRONG, address)
            context = {"state": found.state, "invited": found, "council": found.council}
            status = 404 if found.state == "unknown" else 410
            return render(request, "savings/join/not_open.html", context, status=status)
        council = found.council
        if not form.is_bound:
            form = JoinForm(initial={"name": found.name})
        problem = ""
        if request.method == "POST" and (user or form.is_valid()):
            try:
                taker = invitations.accept(
                    at=request.now, digest=digest, invited=found, person_id=user.person_id if user else None,
                    **(form.cleaned_data if not user else {}),
                )  # fmt: skip
            except Refused as refusal:
                if user or connection.needs_rollback:
                    problem = str(refusal)
                else:
                    add_refusal(form, refusal)
            else:
                return _welcomed(request, taker, council, user)
        page = {
            "invited": found, "council": council, "form": form if not user and not found.owner else None,
            "problem": problem, "user_email": user.email if user else "", "signed_in": bool(user),
            "other": bool(user and found.owner and found.owner != user.person_id),
        }  # fmt: skip
        return render(request, "savings/join/page.html", page, status=422 if problem else 200)


def _welcomed(request, taker, council: Council, user) -> HttpResponse:
    request.person = None
    with scope(person_id=taker, on=timezone.localdate(request.now)):
        request.person = Person.objects.get(pk=taker)
    messages.success(request, f"You now act for {council.name}.")
    if user is None:
        get_adapter().login(request, User.objects.get(person=taker))
    return redirect("start") if council is None else HttpResponseRedirect("/")
