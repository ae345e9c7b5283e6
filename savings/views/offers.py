"""Founding a partnership, inviting councils to it, and answering an offer for one's own council."""

import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from councils.models import Council
from councils.refusals import Refused
from councils.rights import LEAD
from partnerships import actions as arrangement
from partnerships import offering
from partnerships.memberships import members_of
from partnerships.models import MembershipOffer, OfferAnswer, Partnership
from savings.forms.founding import EndOfferForm, FoundingForm, InvitingForm
from savings.forms.refusing import add_refusal

BESIDE = {"cost_share_bps": "cost_share", "gain_share_bps": "gain_share"}


@login_required
@require_http_methods(["GET", "POST"])
def new(request):
    """Found a partnership for a council one leads, and go on to inviting the others."""
    today = timezone.localdate(request.now)
    led = Council.objects.in_being(today).filter(pk__in=request.rights.councils(LEAD)).order_by("name")
    if not led:
        raise PermissionDenied
    first = {"council": led[0].slug} if len(led) == 1 else {}
    form = FoundingForm(request.POST or None, councils=led, asks="Your council", initial=first)
    if form.is_valid():
        try:
            founded = _found(by=request.person, at=request.now, **form.facts())
        except Refused as refusal:
            add_refusal(form, refusal, beside=BESIDE)
        else:
            messages.success(request, f"{founded.name} is founded. Now invite the other members.")
            return redirect("partnerships:invite", founded.slug)
    return render(request, "savings/offers/new.html", {"form": form})


def _found(*, name, **facts):
    """The address is the name; where that is taken, also by one the founder may not see, with some letters more."""
    slug = slugify(name)[:50].strip("-") or "partnership"
    if slug in arrangement.RESERVED or Partnership.objects.filter(slug=slug).exists():
        slug += f"-{secrets.token_hex(3)}"
    try:
        with transaction.atomic():
            return arrangement.found(slug=slug, name=name, **facts)
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
    return arrangement.found(slug=f"{slug}-{secrets.token_hex(3)}", name=name, **facts)


@login_required
@require_http_methods(["GET", "POST"])
def invite(request, slug):
    """Offer membership to a council, for one's own that is a member."""
    partnership = get_object_or_404(Partnership, slug=slug)
    today = timezone.localdate(request.now)
    members = [each for each in members_of(partnership, on=today) if _lasts(each, today)]
    if not request.rights.councils() & {each.council.pk for each in members}:
        raise Http404
    mine = [each.council for each in members if each.council.pk in request.rights.councils(LEAD)]
    if not mine:
        raise PermissionDenied
    others = Council.objects.in_being(today).exclude(pk__in=[each.council.pk for each in members]).order_by("name")
    form = InvitingForm(
        request.POST or None, councils=others, asks="Which council?", initial={"starts_on": partnership.started_on}
    )
    if form.is_valid():
        try:
            made = offering.offer(
                partnership=partnership, offering=mine[0], by=request.person, at=request.now, **form.terms()
            )
        except Refused as refusal:
            add_refusal(form, refusal, beside=BESIDE)
        else:
            messages.success(request, f"Offered. {made.council.name} joins when its finance lead accepts.")
            return redirect("partnerships:invite", slug)
    page = {"form": form, "partnership": partnership, "offers": offering.offers_of(partnership, today)}
    return render(request, "savings/offers/invite.html", page)


def _lasts(each, today):
    return each.membership.ends_on is None or each.membership.ends_on > today


@login_required
@require_http_methods(["GET", "POST"])
def offer(request, public_id):
    """One offer: its terms and answer; accepted or declined by the council asked, withdrawn by a member."""
    offers = MembershipOffer.objects.select_related("council", "offering", "offered_by")
    asked = get_object_or_404(offers.with_led(timezone.localdate(request.now)), public_id=public_id)
    answer = OfferAnswer.objects.filter(offer=asked).select_related("answered_by", "speaking").first()
    member = Partnership.objects.filter(pk=asked.partnership_id).first()
    leads = request.rights.councils(LEAD)
    speaking = asked.offering if asked.offering_id in leads else None
    may_answer = not answer and asked.council_id in leads
    ending = "decline" if may_answer else "withdraw" if speaking and not answer else ""
    form = EndOfferForm(request.POST if request.POST.get("do") == ending else None, ending=ending) if ending else None
    if request.method == "POST":
        if request.POST.get("do") not in ({"accept", "decline"} if may_answer else {ending} - {""}):
            raise PermissionDenied
        if answered := _answered(request, asked, form, ending, speaking):
            return answered
    return render(request, "savings/offers/page.html", {
        "offer": asked, "answer": answer, "member": member, "offered": offering.offered_by_name(asked),
        "terms": _terms(asked), "may_answer": may_answer, "form": form, "ending": ending,
    })  # fmt: skip


def _answered(request, asked, form, ending, speaking):
    how, do = {"offer": asked, "by": request.person, "at": request.now}, request.POST.get("do")
    try:
        if do == "accept":
            offering.accept(**how)
            messages.success(request, f"{asked.council.name} is a member.")
            return redirect(Partnership.objects.get(pk=asked.partnership_id))
        if not form.is_valid():
            return None
        if do == "decline":
            offering.decline(**how, **form.cleaned_data)
            messages.success(request, "Declined. The members read why.")
        else:
            offering.withdraw(**how, speaking=speaking, **form.cleaned_data)
            messages.success(request, "Withdrawn.")
    except Refused as refusal:
        if do == ending and form.is_bound:
            add_refusal(form, refusal)
            return None
        messages.error(request, str(refusal))
    return redirect(asked)


def _terms(asked):
    shares = [("Share of the cost", asked.cost_share_bps), ("Share of the gain", asked.gain_share_bps)]
    return [
        {"key": "Role", "value": asked.get_role_display() + (", host" if asked.host else "")},
        {"key": "Member from", "value": f"{asked.starts_on:%-d %B %Y}"},
        *({"key": key, "value": f"{bps / 100:g}%"} for key, bps in shares if bps is not None),
        {"key": "Offered by", "value": f"{asked.offered_by.name}, {asked.offering.name}, "
                                        f"on {timezone.localtime(asked.offered_at):%-d %B %Y}"},
    ]  # fmt: skip
