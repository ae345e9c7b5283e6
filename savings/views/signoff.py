"""Signing off what others recorded, or sending it back: one entry from its page, or several from the queue."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from councils.money import pounds
from councils.refusals import Refused
from councils.rights import LEAD
from savings import words
from savings.actions import decision
from savings.forms import acts
from savings.forms.queue import QueueForm
from savings.forms.refusing import add_refusal
from savings.models import Entry
from savings.reporting.awaiting import awaiting
from savings.reporting.changes import changes_of

from .entry_page import acted_on, entry_seen, show

NOTHING = uuid.UUID(int=0)  # what somebody was shown who does not say: no document has that id


@login_required
@acted_on
def sign_off(request, public_id):
    entry = entry_seen(public_id)
    if not request.rights.may_sign_off(entry.council_id):
        raise PermissionDenied
    form = acts.SignOffForm(request.POST)
    if form.is_valid():
        try:
            seen = form.cleaned_data["shown"] or NOTHING
            decision.sign_off(
                entry=entry, by=request.person, at=request.now, reason=form.cleaned_data["reason"], shown=seen
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Signed off: {words.spoken(entry)}.")
        return redirect(entry)
    return show(request, entry, form)


@login_required
@acted_on
def send_back(request, public_id):
    entry = entry_seen(public_id)
    if not request.rights.may_sign_off(entry.council_id):
        raise PermissionDenied
    form = acts.ReturnForm(request.POST)
    if form.is_valid():
        try:
            decision.return_to_recorder(entry=entry, by=request.person, at=request.now, **form.cleaned_data)
        except Refused as refusal:
            if not refusal.field:  # decided meanwhile: the page has no form for it any more
                messages.error(request, str(refusal))
                return redirect(entry)
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Returned to {entry.recorded_by.name}: {words.spoken(entry)}.")
            return redirect(entry)
    return show(request, entry, form)


@login_required
@require_http_methods(["GET", "POST"])
def queue(request):
    """What waits for this finance lead. A POST signs off or returns the entries ticked, each in an act of its own."""
    if not request.rights.signs_off:
        raise PermissionDenied
    form = QueueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _decide(request, form)
        return redirect("savings:sign-off-queue")
    waiting = awaiting(request.person, request.rights.councils(LEAD))
    for entry in waiting.hindered:
        entry.hindrance = decision.why_not_sign(
            entry, request.person, is_reversed=False, documented=bool(entry.shown), unmeasured=entry.unmeasured
        )
    shown = [*waiting.ready, *waiting.hindered, *waiting.own]
    changes = changes_of(shown)
    for entry in shown:
        entry.change = changes[entry.pk]
    ticked = form.ticked() if form.is_bound else {str(e.public_id) for e in waiting.ready if "tick" in request.GET}
    return render(request, "savings/signoff/queue.html", {"waiting": waiting, "form": form, "ticked": ticked})


def _decide(request, form):
    """Decide on each entry ticked and say in one message what was done, and in one for each what was not."""
    chosen = form.cleaned_data
    entries = {
        entry.public_id: entry
        for entry in Entry.objects.filter(
            public_id__in=chosen["entries"], council__in=request.rights.councils(LEAD)
        ).select_related("scheme", "recorded_by")
    }
    decision.hold(entries.values())
    done = []
    for public_id in chosen["entries"]:
        entry = entries.get(public_id)
        if not entry:  # another council's, or none at all: nothing is told about it
            continue
        how = {"entry": entry, "by": request.person, "at": request.now, "reason": chosen["reason"]}
        try:
            if chosen["do"] == "return":
                decision.return_to_recorder(**how)
            else:
                decision.sign_off(**how, shown=chosen["shown"].get(public_id, NOTHING))
        except Refused as refusal:
            messages.error(request, f"{words.spoken(entry)}: {refusal}")
        else:
            done.append(entry)
    if done:
        total = pounds(sum(entry.amount_pence for entry in done))
        many = f"{len(done)} entries, {total} in all" if len(done) > 1 else words.spoken(done[0])
        messages.success(request, f"{'Returned' if chosen['do'] == 'return' else 'Signed off'}: {many}.")
