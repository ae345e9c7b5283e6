"""Notes about anything: read by the members of its partnership, written by who records for one of them."""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from councils.fields import PlainField
from councils.models import Council
from councils.refusals import Refused
from councils.rights import RECORDING
from councils.years import Quarter, YearError
from partnerships.models import BusinessCase, Membership, Partnership
from savings import words
from savings.actions import notes as action
from savings.forms.once import OnceForm
from savings.forms.refusing import add_refusal
from savings.models import Charge, ConfirmationRequest, Document, Entry, Indicator, Note, Scheme
from savings.reporting.notes import notes_about

from .sent_before import written_once

About = Note.About


class Kind(NamedTuple):
    """Something with an id of its own that a note may be about: what it is called, and the page it stands on."""

    model: Any
    name: Callable[[Any], str]
    url: Callable[[Any], str] = lambda found: found.get_absolute_url()


KINDS = {
    About.ENTRY: Kind(Entry, words.spoken),
    About.SCHEME: Kind(Scheme, str),
    About.CHARGE: Kind(Charge, words.spoken_charge, lambda charge: reverse("savings:charges")),
    About.DOCUMENT: Kind(Document, lambda document: document.title),
    About.INDICATOR: Kind(
        Indicator, lambda indicator: indicator.name,
        lambda indicator: reverse("savings:quality", args=[indicator.partnership.slug]),
    ),
    About.CONFIRMATION: Kind(
        ConfirmationRequest,
        lambda asked: f"Request to {asked.council.short_name}, {Quarter.containing(asked.quarter).months_label}",
    ),
}  # fmt: skip


class NoteForm(OnceForm):
    """`councils` are those the writer may write for; `replaces` is the note this one corrects."""

    fields: dict[str, Any]  # the choices depend on who writes

    council = forms.ModelChoiceField(Council.objects.none(), to_field_name="code", label="On behalf of",
                                     empty_label=None)  # fmt: skip
    text = PlainField(
        label="Note", max_length=action.LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Every member of the partnership can read it. It is not changed later; a correction replaces it, "
        "and both stay to be read.",
        error_messages={"required": "Write the note."},
    )  # fmt: skip
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, councils, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = councils
        if len(councils) == 1:
            self.fields["council"].widget = forms.HiddenInput()
            self.fields["council"].initial = councils[0].code


@login_required
@require_http_methods(["GET", "POST"])
def notes(request, about, key):
    """`?correct=<note>` begins a correction with the words of the note it replaces."""
    partnership, thing, title, url = _subject(about, key, request.rights)
    councils = Council.objects.filter(
        pk__in=Membership.objects.current()
        .filter(partnership=partnership, council__in=request.rights.councils(*RECORDING))
        .values("council")
    ).order_by("name")
    correct = _note(request.GET.get("correct"), about, thing, partnership, councils)
    if request.method == "POST":
        if not councils:
            raise PermissionDenied
        form = NoteForm(request.POST, councils=councils)
        if form.is_valid() and _written(request, form, partnership, about, thing, councils):
            return redirect("savings:notes", about, key)
    else:
        first = (
            {"text": correct.text, "replaces": correct.public_id, "council": correct.council.code} if correct else {}
        )
        form = NoteForm(councils=councils, initial=first)
    return render(request, "savings/notes/page.html", {
        "notes": notes_about(about, key, **_where(partnership, thing)), "title": title, "url": url, "form": form,
        "may": bool(councils), "mine": {council.pk for council in councils}, "correct": correct,
        "partnership": partnership,
    })  # fmt: skip


def _written(request, form, partnership, about, thing, councils):
    given = form.cleaned_data
    replaces = _note(given["replaces"], about, thing, partnership, councils)
    try:
        if given["replaces"] and not replaces:
            raise Refused("That note is not one of yours to correct.", field="text")
        _, before = written_once(request, Note.objects, lambda: action.write(
            by=request.person, at=request.now, council=replaces.council if replaces else given["council"],
            partnership=partnership, about=about, text=given["text"], replaces=replaces, public_id=given["token"],
            **thing,
        ), by="written_by")  # fmt: skip
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    if before:
        messages.info(request, "That form was sent before. Its note was written once; nothing new was written.")
        return True
    messages.success(request, "The note is corrected; the older one stays beneath it." if replaces else "Noted.")
    return True


def _note(public_id, about, thing, partnership, councils):
    """The note to correct, if it is about this and of one of the writer's councils; None otherwise."""
    try:
        wanted = uuid.UUID(str(public_id))
    except ValueError:
        return None
    return Note.objects.select_related("council").filter(
        public_id=wanted, about=about, council__in=councils, **_where(partnership, thing)).first()  # fmt: skip


def _where(partnership, thing):
    return {"partnership": partnership, **thing}


def _subject(about, key, rights):
    """(partnership, what the note is about, its name, its page); 404 for what is not there or another's."""
    if kind := KINDS.get(about):
        try:
            found = get_object_or_404(kind.model.objects.select_related("partnership"), public_id=uuid.UUID(key))
        except ValueError:
            raise Http404 from None
        partnership, thing, title, url = found.partnership, {about: found}, kind.name(found), kind.url(found)
    else:
        slug, *rest = key.split("__")
        partnership = get_object_or_404(Partnership, slug=slug)
        thing, title, url = _part(about, partnership, rest)
    if not Membership.objects.filter(partnership=partnership, council__in=rights.councils()).exists():
        raise Http404
    return partnership, thing, title, url


def _part(about, partnership, rest):
    if about == About.PARTNERSHIP and not rest:
        return {}, partnership.name, partnership.get_absolute_url()
    if about == About.CASE and len(rest) == 1 and rest[0].isdecimal():
        case = get_object_or_404(BusinessCase, partnership=partnership, version=int(rest[0][:4]))
        return {"case": case}, str(case), case.get_absolute_url()
    if about == About.RETURN and len(rest) == 2:
        council = get_object_or_404(
            Council.objects.filter(memberships__partnership=partnership).distinct(), code=rest[0]
        )
        try:
            quarter = Quarter.parse(rest[1])
        except YearError:
            raise Http404 from None
        url = reverse("savings:return", args=[partnership.slug, council.code, quarter.slug])
        return {"quarter": quarter.first_day, "quarter_of": council}, f"{council}, {quarter.months_label}", url
    raise Http404
