"""Charges between members: the list, reporting one, reversing one, and where payer and receiver differ."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse as reverse_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from councils.chips import chips
from councils.refusals import Refused
from savings import words
from savings.actions import charges as actions
from savings.charge_list import ChargeFilter, ChargeTable, charge_standing, may_reverse, with_other_side
from savings.forms.acts import ReverseChargeForm
from savings.forms.charge import PAID, RECEIVED, ChargeForm, FinalChargeForm
from savings.forms.refusing import add_refusal
from savings.models import Charge
from savings.reporting.charge_pairs import MOST, differences, differing_pairs

from .sent_before import sent_before

PER_PAGE = 50
SHOWN_WITH = ("council", "payer", "receiver", "partnership", "recorded_by", "reversed_by")
REPORTED = Charge.objects.select_related(*SHOWN_WITH)


@login_required
@require_safe
def charges(request):
    """Newest first, as each side reported them."""
    rows = Charge.objects.select_related(*SHOWN_WITH).order_by("-pk")
    narrowed = ChargeFilter(request.GET, rows, rights=request.rights, today=timezone.localdate(request.now))
    many = narrowed.qs.count()
    table = ChargeTable(with_other_side(narrowed.qs), rights=request.rights, many=many)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    applied = chips(narrowed.form, request)
    return render(request, "savings/charges/list.html", {
        "table": table,
        "filter_form": narrowed.form,
        "chips": applied,
        "nothing_yet": not many and not applied,
        "records": request.rights.records,
        "differing": differing_pairs()[:MOST].count(),
    })  # fmt: skip


@login_required
@require_safe
def differing(request):
    """Every pair and year on which the two sides do not agree, for both of them to see."""
    pairs = differences()
    rows = [{"pair": pair, "mine": _own_side(pair, request.rights)} for pair in pairs]
    return render(request, "savings/charges/differences.html", {"rows": rows, "more": len(pairs) == MOST})


def _own_side(pair, rights):
    """What the reader can do about a difference, side by side: report what is missing, or put right what is there."""
    sides = (
        (pair.payer_id, pair.payer, pair.receiver_code, PAID, pair.payer_says),
        (pair.receiver_id, pair.receiver, pair.payer_code, RECEIVED, pair.receiver_says),
    )
    found = []
    for council, name, other, direction, says in sides:
        if not rights.may_record(council):
            continue
        asked = {"partnership": pair.partnership_slug, "other": other, "direction": direction, "year": pair.year}
        where = {
            "partnership": pair.partnership_slug, "payer": pair.payer_slug, "receiver": pair.receiver_slug,
            "said_by": "payer" if direction == PAID else "receiver", "year": pair.year, "series": "banked",
        }  # fmt: skip
        if says:
            found.append((f"Put right what {name} reports", f"{reverse_url('savings:charges')}?{urlencode(where)}"))
        else:
            found.append((f"Report it for {name}", f"{reverse_url('savings:charge-new')}?{urlencode(asked)}"))
    return found


@login_required
@require_http_methods(["GET", "POST"])
def new(request):
    """One charge, as the payer or the receiver reports it. A form sent twice reports once."""
    if not request.rights.records:
        raise PermissionDenied
    choices = {"rights": request.rights, "now": request.now}
    if request.method == "GET":
        named = ("partnership", "other", "direction", "year", "month")
        form = ChargeForm(initial={name: request.GET[name] for name in named if name in request.GET}, **choices)
    else:
        form = ChargeForm(request.POST, **choices)
        valid = form.is_valid()
        if before := sent_before(request, REPORTED):
            return _once_only(request, before)
        if valid and (charge := _report(form, by=request.person, at=request.now)):
            messages.success(request, f"Reported for {charge.council.short_name}: {words.spoken_charge(charge)}.")
            return redirect("savings:charges")
        if valid and (before := sent_before(request, REPORTED)):  # by the same form sent at the same moment
            return _once_only(request, before)
    return render(request, "savings/charges/new.html", {"form": form})


def _report(form, *, by, at):
    """The new charge; None when it was refused, said on the form."""
    facts = form.facts()
    try:
        return actions.report_charge(by=by, at=at, **facts)
    except Refused as refusal:
        add_refusal(form, refusal, beside={"receiver": "other", "external_key": ""})
    except IntegrityError as error:
        if "public_id" not in str(error):
            raise
        form.add_error(None, "This page is no longer good. Open it again and report the charge there.")
    return None


def _once_only(request, before):
    messages.warning(
        request,
        f"That form was sent before. It reported {words.spoken_charge(before)}, once; nothing new was reported. "
        "To report another charge, start a new form.",
    )
    return redirect("savings:charges")


@login_required
@require_http_methods(["GET", "POST"])
def reverse(request, public_id):
    """Take back one charge with a reason; what was reported stays to be seen."""
    charge = get_object_or_404(Charge.objects.select_related(*SHOWN_WITH), public_id=public_id)
    if not request.rights.may_record(charge.council_id):
        raise PermissionDenied
    form = ReverseChargeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reverse_charge(charge=charge, by=request.person, at=request.now, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Reversed: {words.spoken_charge(charge)}. The two come to nothing.")
            return redirect("savings:charges")
    return render(request, "savings/charges/reverse.html", {
        "form": form, "charge": charge, "standing": charge_standing(charge),
        "may_reverse": may_reverse(request.rights, charge),
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def finalise(request, public_id):
    """Replace a provisional charge by its final amount. A form sent twice replaces it once."""
    charge = get_object_or_404(Charge.objects.select_related(*SHOWN_WITH), public_id=public_id)
    if not request.rights.may_record(charge.council_id):
        raise PermissionDenied
    form = FinalChargeForm(request.POST or None, initial={"token": uuid.uuid4(), "amount": charge.amount_pence})
    if request.method == "POST":
        valid = form.is_valid()
        if before := sent_before(request, REPORTED):
            return _once_only(request, before)
        if valid and (final := _finalise(form, charge, request)):
            messages.success(request, f"Final: {words.spoken_charge(final)}. It replaces the provisional amount.")
            return redirect("savings:charges")
    return render(request, "savings/charges/finalise.html", {
        "form": form, "charge": charge, "standing": charge_standing(charge),
        "may_finalise": may_reverse(request.rights, charge) and not charge.final,
    })  # fmt: skip


def _finalise(form, charge, request):
    given = form.cleaned_data
    try:
        return actions.finalise_charge(
            charge=charge, by=request.person, at=request.now, amount_pence=given["amount"], note=given["note"],
            public_id=given["token"],
        )  # fmt: skip
    except Refused as refusal:
        add_refusal(form, refusal)
    return None
