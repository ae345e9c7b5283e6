"""Recurring savings: the years there are to attest, and the one screen on which a council attests a year."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from councils.models import Council
from councils.money import pounds
from councils.refusals import Refused
from councils.years import FinancialYear, YearError
from savings.actions import recurring as actions
from savings.attesting import lines_of, years_of
from savings.forms.recurring import AttestForm
from savings.forms.refusing import add_refusal
from savings.models import Document

DOCUMENT_DAYS = 400  # older documents are no proof of this year, and the list stays short


@login_required
@require_safe
def years(request):
    """Each council of the reader's with its years to attest, latest first."""
    today = timezone.localdate(request.now)
    councils = Council.objects.filter(pk__in=request.rights.councils()).order_by("name")
    found = [{"council": council, "years": years_of(council, on=today)} for council in councils]
    return render(request, "savings/recurring/years.html", {"found": [one for one in found if one["years"]]})


@login_required
@require_http_methods(["GET", "POST"])
def attest(request, code, year):
    """What was recurring last year, each with what it does now. A POST records everything answered, or nothing."""
    council = get_object_or_404(Council, code=code, pk__in=request.rights.councils())
    year = _begun(year, request)
    today = timezone.localdate(request.now)
    lines = lines_of(council, year, on=today, at=request.now)
    mine = request.rights.may_record(council.pk)
    if request.method == "POST" and not mine:
        raise PermissionDenied
    recent = request.now - datetime.timedelta(days=DOCUMENT_DAYS)
    documents = Document.objects.filter(council=council, uploaded_at__gte=recent).order_by("-pk")
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    forms = [AttestForm(*bound, line=line, documents=documents) for line in lines if line.open] if mine else []
    refused = ""
    if bound:
        refused = _attest(forms, council, year, request)
        if not refused:
            return redirect("savings:attest", council.code, year.slug)
        for form in forms:
            form.ask_for_files_again()
    return render(request, "savings/recurring/attest.html", {
        "council": council, "year": year, "before": FinancialYear(year.start - 1), "due_on": year.due_on(),
        "forms": forms, "settled": [line for line in lines if not (line.open and mine)], "may_record": mine,
        "refused": refused, "total": sum(line.before for line in lines), "lines": lines,
        "inherits": any(line.inherited for line in lines),
    })  # fmt: skip


def _begun(text, request):
    try:
        year = FinancialYear.parse(text)
    except YearError:
        raise Http404
    if not actions.months_begun(year, request.now):
        raise Http404
    return year


def _attest(forms, council, year, request):
    """Record what was answered; the words of a refusal, empty when all was recorded."""
    wrong = [form for form in forms if not form.is_valid()]  # every form, so that every problem shows at once
    if wrong:
        return "Nothing was recorded. Put right what is marked below."
    answered = [(form, answer) for form in forms if (answer := form.answer())]
    try:
        posted = actions.attest(
            council=council, year=year, answers=[answer for _, answer in answered], by=request.person, at=request.now
        )
    except actions.LinesRefused as refusal:
        for position, each in refusal.lines.items():
            add_refusal(answered[position][0], each, beside={"scheme": "said", "files": "file_1"})
        return str(refusal)
    except Refused as refusal:
        return str(refusal)
    ended = sum(isinstance(answer, actions.Ended) for _, answer in answered)
    goes_on = len(answered) - ended
    said = []
    if goes_on:
        said.append(f"{goes_on} attested, {pounds(sum(entry.amount_pence for entry in posted))} in all")
    if ended:
        said.append(f"{ended} ended")
    messages.success(request, f"{council.short_name}, {year.label}: {' and '.join(said)}.")
    return ""
