"""What is done to one entry from its page: proof attached or withdrawn, amounts reversed, disputes opened or ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from councils.refusals import Refused
from savings import words
from savings.actions import decision, disputes, entries, evidence
from savings.forms import acts
from savings.forms.refusing import add_refusal
from savings.models import Dispute, Support

from .entry_page import acted_on, disputing_council, entry_seen, may_be_shown_too, show


@login_required
@acted_on
def attach(request, public_id):
    entry = entry_seen(public_id)
    if not request.rights.may_record(entry.council_id):
        raise PermissionDenied
    form = acts.AttachForm(request.POST, request.FILES, beside=may_be_shown_too(entry))
    if form.is_valid():
        try:
            files = form.stored_files()
            evidence.attach(entry=entry, files=files, by=request.person, at=request.now, also=form.also)
        except Refused as refusal:
            add_refusal(form, refusal, beside={"files": "file_1"})
        else:
            to = f" to {len(form.also) + 1} entries" if form.also else ""
            messages.success(request, f"“{files[0].title or files[0].name}” is attached{to}.")
            return redirect(entry)
    form.ask_for_files_again()
    return show(request, entry, form)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request, public_id):
    """A document no longer supports the entry: the wrong file, or proof that did not hold. The grade follows."""
    support = get_object_or_404(
        Support.objects.filter(withdraws__isnull=True).select_related("document__uploaded_by", "withdrawn_by"),
        public_id=public_id,
    )
    if not request.rights.may_record(support.council_id):
        raise PermissionDenied
    entry = entry_seen(support.entry.public_id)
    if hasattr(support, "withdrawn_by"):
        messages.info(request, "That document is withdrawn already.")
        return redirect(entry)
    form = acts.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            evidence.withdraw(support=support, by=request.person, at=request.now, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"“{support.document.title}” no longer supports this entry.")
            return redirect(entry)
    others = decision.active_supports(entry).exclude(pk=support.pk).count()
    page = {"form": form, "support": support, "entry": entry, "others": others, "where": words.standing(entry)}
    return render(request, "savings/entries/withdraw.html", page)


@login_required
@acted_on
def reverse(request, public_id):
    entry = entry_seen(public_id)
    if not request.rights.may_record(entry.council_id):
        raise PermissionDenied
    form = acts.ReverseForm(request.POST)
    if form.is_valid():
        try:
            reversal = entries.reverse(
                entry=entry, by=request.person, at=request.now, reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Reversed: {words.spoken(entry)}. The two come to nothing.")
            return redirect(reversal)
    return show(request, entry, form)


@login_required
@acted_on
def dispute(request, public_id):
    entry = entry_seen(public_id)
    council = disputing_council(request.rights, entry)
    if not council:
        raise PermissionDenied
    form = acts.DisputeForm(request.POST)
    if form.is_valid():
        try:
            disputes.dispute(
                entry=entry, council=council, by=request.person, at=request.now, reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Disputed for {council.short_name}. It is shown so until the dispute ends.")
            return redirect(entry)
    return show(request, entry, form)


@login_required
@require_http_methods(["GET", "POST"])
def end_dispute(request, public_id):
    read = Dispute.objects.select_related("council", "raised_by", "entry__council")
    dispute = get_object_or_404(read, public_id=public_id)
    if request.method == "GET":  # see `acted_on`
        return redirect(dispute.entry)
    ways = disputes.sides(dispute=dispute, by=request.person, rights=request.rights)
    if not ways:
        raise PermissionDenied
    form = acts.EndDisputeForm(request.POST, ways=ways, dispute=dispute)
    if form.is_valid():
        try:
            disputes.end_dispute(dispute=dispute, by=request.person, at=request.now, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            upheld = form.cleaned_data["outcome"] == "upheld"
            messages.success(request, f"The dispute has ended.{' Now reverse the amount.' if upheld else ''}")
            return redirect(dispute.entry)
    return show(request, entry_seen(dispute.entry.public_id), form)
