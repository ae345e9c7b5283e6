"""Charges between members: the list, reporting one, reversing one, and where payer and receiver differ."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from councils.chips import chips
from councils.refusals import Refused
from savings import words
from savings.actions import charges as actions
from savings.charge_list import ChargeFilter, ChargeTable, charge_standing, may_reverse
from savings.forms.acts import ReverseChargeForm
from savings.forms.charge import ChargeForm
from savings.forms.refusing import add_refusal
from savings.models import Charge
from savings.reporting.charge_pairs import MOST, differences, differing_pairs

PER_PAGE = 50
SHOWN_WITH = ("council", "payer", "receiver", "partnership", "recorded_by", "reversed_by")


@login_required
@require_safe
def charges(request):
    """Newest first, as each side reported them."""
    rows = Charge.objects.select_related(*SHOWN_WITH).order_by("-pk")
    narrowed = ChargeFilter(request.GET, rows, rights=request.rights, today=timezone.localdate(request.now))
    many = narrowed.qs.count()
    table = ChargeTable(narrowed.qs, rights=request.rights, many=many)
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
    return render(request, "savings/charges/differences.html", {"pairs": pairs, "more": len(pairs) == MOST})


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
        if before := _sent_before(request):
            return _once_only(request, before)
        if valid and (charge := _report(form, by=request.person, at=request.now)):
            messages.success(request, f"Reported for {charge.council.short_name}: {words.spoken_charge(charge)}.")
            return redirect("savings:charges")
    return render(request, "savings/charges/new.html", {"form": form})


def _report(form, *, by, at):
    """The charge, new or just reported by the same form; None when refused, said on the form."""
    facts = form.facts()
    try:
        return actions.report_charge(by=by, at=at, **facts)
    except Refused as refusal:
        add_refusal(form, refusal, beside={"receiver": "other", "external_key": ""})
    except IntegrityError as error:
        if before := Charge.objects.filter(public_id=facts["public_id"], recorded_by=by).first():
            return before
        if "public_id" not in str(error):
            raise
        form.add_error(None, "This page is no longer good. Open it again and report the charge there.")
    return None


def _sent_before(request):
    """The charge that this very form has reported already: a double click, or a page sent again."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None
    return Charge.objects.select_related(*SHOWN_WITH).filter(public_id=token, recorded_by=request.person).first()


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
