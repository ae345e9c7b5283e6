"""The page behind a confirmation link: no account, no cookie, and nothing happens until it is sent.

Mail scanners open links, so opening one writes nothing; the POST that answers uses it up. The link itself is the secret
that a forged POST would need, which is why no token of a session is asked for. What is wrong with a link is said in
words, the same for one that never was as for one mistyped.
"""

from allauth.account.adapter import get_adapter
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from councils.models import Council
from councils.refusals import Refused
from councils.scope import without_scope
from councils.years import Quarter
from savings import throttle
from savings.actions import confirmations
from savings.actions.letters import digest_of
from savings.confirmation_page import claims, said_of
from savings.forms.confirmation import ConfirmForm
from savings.forms.refusing import add_refusal
from savings.links import Opened, opened
from savings.models import Confirmation, ConfirmationRequest

OPENINGS, WRONG = throttle.Limit("confirm", 120, 60), throttle.Limit("confirm-wrong", 20, 600)
HEADERS = {
    "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store, private",
}  # fmt: skip


@without_scope
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    """What a contact is asked, and their answer."""
    request.now = timezone.now()
    response = _answered(request, token)
    for name, value in HEADERS.items():
        response[name] = value
    # Django would log the address of an answer that is not 200, and with it the link.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _answered(request, token) -> HttpResponse:
    address = get_adapter().get_client_ip(request)
    if throttle.over(OPENINGS, address) or throttle.over(WRONG, address, count=False):
        response = render(request, "savings/confirm/not_open.html", {"state": "too_many"}, status=429)
        response["Retry-After"] = str(WRONG.seconds)
        return response
    with opened(digest_of(token), at=request.now) as found:
        if found.state == "open":
            return _open(request, found)
        if request.method == "POST" and found.state == "answered":  # sent twice: it was taken once, and is shown
            return HttpResponseRedirect(request.path)
        if found.state == "answered":
            return _done(request, found)
        if found.state == "unknown":
            throttle.over(WRONG, address)
        status = 404 if found.state == "unknown" else 410
        context = _names(found) | {"state": found.state}
        return render(request, "savings/confirm/not_open.html", context, status=status)


def _open(request, found: Opened) -> HttpResponse:
    asked = ConfirmationRequest.objects.get()  # the scope holds no other
    lines = list(asked.lines.select_related("claimant").order_by("pk"))
    form = ConfirmForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            confirmations.answer(
                request=asked, said=form.said(), without_sharing=form.cleaned_data["without_sharing"],
                by=found.person, at=request.now, link=found.link,
            )  # fmt: skip
        except Refused as refusal:
            if Confirmation.objects.filter(request=asked).exists():  # another of the same was quicker
                return HttpResponseRedirect(request.path)
            add_refusal(form, refusal)
        else:
            return HttpResponseRedirect(request.path)
    page = _names(found) | {"form": form, "claims": claims(lines)}
    return render(request, "savings/confirm/page.html", page)


def _done(request, found: Opened) -> HttpResponse:
    answered = Confirmation.objects.select_related("request").get()
    page = _names(found) | {"answered": answered, "answers": said_of(answered)}
    return render(request, "savings/confirm/done.html", page)


def _names(found: Opened):
    council = Council.objects.filter(pk=found.council or 0).first()
    quarter = Quarter.containing(found.quarter).months_label if found.quarter else ""
    return {"opened": found, "council": council, "quarter": quarter}
