"""Leaving a partnership: its terms, a member's notice, what it will still see, and the promise restated without it."""

import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.refusals import Refused
from councils.rights import LEAD, RECORDING
from councils.years import FinancialYear
from partnerships import leaving
from partnerships.memberships import members_of
from partnerships.models import LeavingNotice, Partnership
from savings.carried import not_carried
from savings.forms.leaving import NoticeForm, TermsForm, WithdrawNoticeForm
from savings.forms.refusing import add_refusal
from savings.models import Scheme
from savings.reporting.replacing import in_force


@login_required
@require_http_methods(["GET", "POST"])
@not_carried
def leave(request, slug):
    """For the members to read; a member's finance lead writes down terms, gives notice, and takes it back."""
    partnership = get_object_or_404(Partnership.objects.select_related("ending"), slug=slug)
    today = timezone.localdate(request.now)
    belonging = members_of(partnership, on=today)
    if not request.rights.councils() & {each.council.pk for each in belonging}:
        raise Http404
    current = [each for each in belonging if each.current]
    led = [each for each in current if each.council.pk in request.rights.councils(LEAD)]
    terms = leaving.terms_of(partnership)
    notices = list(
        LeavingNotice.objects.standing().filter(partnership=partnership).select_related("council", "given_by")
        .prefetch_related("costs__council").order_by("leaves_on", "pk")
    )  # fmt: skip
    forms = _forms(request, partnership, terms, current, led, notices, today)
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do not in forms:
            raise PermissionDenied
        if forms[do].is_valid() and _done(request, do, forms[do], partnership, led, notices):
            return redirect("partnerships:leave", slug)
    may_draft = bool(request.rights.councils(*RECORDING) & {each.council.pk for each in current})
    restates = max(in_force(partnership).values(), key=lambda case: case.version, default=None)
    return render(
        request,
        "savings/leaving/page.html",
        {
            "partnership": partnership, "terms": terms, "forms": forms, "led": led, "may_draft": may_draft,
            "form": next((form for form in forms.values() if form.is_bound), None), "restates": restates,
            "told": [_told(each, belonging, led, today) for each in notices],
        },
    )  # fmt: skip


def _forms(request, partnership, terms, current, led, notices, today):
    """By what is done, the forms this person can send now; the one that was sent is bound."""
    if not led:
        return {}
    sent = request.POST if request.method == "POST" else None
    do = request.POST.get("do", "")
    if terms is None:
        return {"terms": TermsForm(sent if do == "terms" else None)}
    found: dict[str, forms.Form] = {}
    leaving_now = [each.council for each in led if each.rows[-1].ends_on is None]
    if leaving_now:
        schemes = Scheme.objects.filter(partnership=partnership).order_by("reference")
        found["notice"] = NoticeForm(
            sent if do == "notice" else None, leaving=leaving_now, members=[each.council for each in current],
            schemes=list(schemes.values_list("reference", flat=True)), earliest=leaving.earliest(terms, today),
        )  # fmt: skip
    mine = {each.council.pk for each in led}
    for notice in notices:
        if notice.council_id in mine and notice.leaves_on > today:
            name = f"withdraw-{notice.public_id}"
            found[name] = WithdrawNoticeForm(sent if do == name else None, auto_id=f"{name}_%s")
    return found


def _done(request, do, form, partnership, led, notices):
    how = {"by": request.person, "at": request.now}
    said = dict(form.cleaned_data)
    try:
        if do == "terms":
            leaving.set_terms(partnership=partnership, council=led[0].council, **how, **said)
            messages.success(request, "The terms are written down. A change of them is agreed by every member.")
        elif do == "notice":
            own = next(each for each in led if each.council.slug == said.pop("council"))
            notice = leaving.give_notice(membership=own.rows[-1], **how, **said)
            day = f"{notice.leaves_on:%-d %B %Y}"
            messages.success(request, f"Notice given: {own.council.name} leaves on {day}. The other members read it.")
        else:
            notice = next(each for each in notices if do == f"withdraw-{each.public_id}")
            leaving.withdraw(notice=notice, **how, **said)
            messages.success(request, f"The notice is withdrawn: {notice.council.name} stays.")
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    return True


def _told(notice, belonging, led, today):
    """A standing notice as the page tells it."""
    joined = next(each.rows[0].starts_on for each in belonging if each.council.pk == notice.council_id)
    last_day = notice.leaves_on - datetime.timedelta(days=1)
    return {
        "notice": notice,
        "over": notice.leaves_on <= today,
        "name": f"withdraw-{notice.public_id}",
        "costs": sorted(notice.costs.all(), key=lambda cost: (cost.year, cost.council.name, cost.pk)),
        "first": FinancialYear.containing(joined).label,
        "last": FinancialYear.containing(last_day).label,
        "last_day": last_day,
        "own": any(each.council.pk == notice.council_id for each in led),
    }
