"""Recording an entry, and the page that tells everything about one."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from councils.refusals import Refused
from councils.rights import RECORDING
from savings import words
from savings.actions import entries
from savings.forms.entry import EntryForm, beginning, resembling
from savings.forms.refusing import add_refusal
from savings.models import Entry
from savings.reporting.quarters import closed_quarters

from .entry_page import entry_seen, show
from .sent_before import sent_before

RECORDED = Entry.objects.select_related("scheme")

BESIDE = {"files": "file_1", "partnership": "scheme", "external_key": ""}


@login_required
@require_http_methods(["GET", "POST"])
def new(request):
    """One saving, cost or income with its documents. `?partnership`, `?scheme` and `?like` fill in what they can."""
    if not request.rights.records:
        raise PermissionDenied
    narrowed = request.GET.get("partnership", "")
    choices = {"rights": request.rights, "by": request.person, "now": request.now, "partnership": narrowed}
    if request.method == "GET":
        form = EntryForm(initial=beginning(request.GET), **choices)
    else:
        form = EntryForm(request.POST, request.FILES, **choices)
        valid = form.is_valid()
        if before := sent_before(request, RECORDED):
            return _once_only(request, before, form if valid else None)
        if valid and (entry := _record(form, by=request.person, at=request.now)):
            how = "Recorded as an adjustment, because its quarter is closed" if entry.adjustment else "Recorded"
            messages.success(request, f"{how}: {words.spoken(entry)}.")
            return redirect(entry)
        if valid and (before := sent_before(request, RECORDED)):  # by the same form sent at the same moment
            return _once_only(request, before, form)
        form.ask_for_files_again()
    closed = closed_quarters(request.rights.councils(*RECORDING))
    return render(request, "savings/entries/new.html", {"form": form, "narrowed": narrowed, "closed": closed})


@login_required
@require_safe
def radar(request):
    """What the amount being typed would resemble: a part of the form's page, asked for as it is filled in."""
    if not request.rights.records:
        raise PermissionDenied
    form = EntryForm(request.GET, rights=request.rights, by=request.person, now=request.now)
    form.is_valid()
    digests = re.findall(r"\b[0-9a-f]{64}\b", request.GET.get("digests", ""))[: form.slots]
    return render(request, "savings/entries/_radar.html", {"resembles": resembling(form.cleaned_data, digests)})


def _record(form, *, by, at):
    """The new entry; None when it was refused, said on the form."""
    facts = form.facts()
    try:
        return entries.record(by=by, at=at, **facts)
    except Refused as refusal:
        add_refusal(form, refusal, beside=BESIDE)
    except IntegrityError as error:
        if "public_id" not in str(error):
            raise
        form.add_error(None, "This page is no longer good. Open it again and record the amount there.")
    return None


def _once_only(request, before, form):
    given = form and form.cleaned_data
    if given and (given["amount"], given["scheme"].pk, given["year"].start, given["month"]) == (
        before.amount_pence, before.scheme_id, before.year, before.month,
    ):  # fmt: skip
        messages.info(request, "That form was sent twice. It was recorded once, as below.")
    else:
        messages.warning(
            request,
            "Nothing new was recorded: this entry was recorded from that form before it was changed. "
            "To record another amount, start a new form.",
        )
    return redirect(before)


@login_required
@require_safe
def detail(request, public_id):
    return show(request, entry_seen(public_id))
