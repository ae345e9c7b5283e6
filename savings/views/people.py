"""Who acts for a council: the people and their roles, who stands in for whom, and naming a deputy."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from councils.fields import DayField, PlainField
from councils.models import Council, Person, Role
from councils.refusals import Refused
from savings.actions import cover as action
from savings.actions import roles as role_actions
from savings.forms.once import OnceForm
from savings.forms.people import EndForm
from savings.forms.refusing import add_refusal
from savings.models import Cover

from .invitations import invited
from .sent_before import written_once

PLACES = {"covered": "covered", "deputy": "deputy", "starts_on": "starts_on", "until": "until", "reason": "reason"}


class DeputyForm(OnceForm):
    """Who is away in which role (`roles`: (person, what) pairs that may be lent), who stands in, and until when."""

    fields: dict[str, Any]  # the choices depend on who asks

    covered = forms.ChoiceField(label="Who will be away?", error_messages={"required": "Choose who will be away."})
    deputy = forms.ModelChoiceField(
        Person.objects.none(), to_field_name="public_id", label="Who stands in?", empty_label="Choose",
        error_messages={"required": "Choose who stands in.", "invalid_choice": "Choose somebody of this council."},
    )  # fmt: skip
    starts_on = DayField(label="First day", help_text="Today or later.")
    until = DayField(label="Last day", help_text="The right ends by itself at the end of this day.")
    reason = PlainField(
        label="Why is cover needed?", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For example, annual leave. Everybody in your partnerships can read it, so nothing private.",
        error_messages={"required": "Say why cover is needed."},
    )  # fmt: skip

    def __init__(self, *args, lendable, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.lendable = {f"{role.person.public_id}.{role.what}": role for role in lendable}
        self.fields["covered"].choices = [
            ("", "Choose"),
            *((key, f"{role.person.name}, {role.get_what_display().lower()}") for key, role in self.lendable.items()),
        ]
        self.fields["deputy"].queryset = people

    def facts(self):
        given = dict(self.cleaned_data)
        role = self.lendable[given.pop("covered")]
        given["public_id"] = given.pop("token")
        return {**given, "covered": role.person, "what": role.what}


@login_required
@require_http_methods(["GET", "POST"])
def people(request, slug):
    council = get_object_or_404(Council, slug=slug)
    if not request.rights.may_see(council.pk):
        raise Http404
    today = timezone.localdate(request.now)
    roles = list(
        Role.objects.in_force(today).filter(council=council).select_related("person").order_by("what", "person__name")
    )
    covers = list(
        Cover.objects.to_come(today).filter(council=council)
        .select_related("covered", "deputy", "named_by").order_by("starts_on", "pk")
    )  # fmt: skip
    lent = {(cover.deputy_id, cover.what): cover for cover in covers if cover.starts_on <= today}
    own = [role for role in roles if (role.person_id, role.what) not in lent]
    leads = any(role.person_id == request.person.pk and role.what == Role.What.FINANCE_LEAD for role in own)
    lendable = [
        role for role in own if role.what in action.LENT and (leads or role.person_id == request.person.pk)
    ]  # fmt: skip
    fit = {role.person_id for role in roles} - {r.person_id for r in roles if r.what == Role.What.AUDITOR}
    people = Person.objects.filter(pk__in=fit - {request.person.pk}).order_by("name")
    form = None
    if lendable:
        form = DeputyForm(
            request.POST if request.POST.get("do") == "name" else None, lendable=lendable, people=people,
            initial={"starts_on": today},
        )  # fmt: skip
    if request.method == "POST" and _done(request, council, form, covers):
        return redirect("councils:people", slug)
    return render(request, "savings/people/page.html", {
        "council": council, "form": form,
        "leads": leads, "changeable": leads and not getattr(request, "as_at", None),
        "invited": waiting_for(council) if leads else [],
        "roles": [(role, lent.get((role.person_id, role.what))) for role in roles],
        "covers": [(cover, leads or cover.covered_id == request.person.pk) for cover in covers],
    })  # fmt: skip


def _done(request, council, form, covers):
    do = request.POST.get("do")
    try:
        if do == "name" and form:
            if not form.is_valid():
                return False
            facts = {"by": request.person, "at": request.now, "council": council, **form.facts()}
            rows = Cover.objects.select_related("covered", "deputy")
            cover, before = written_once(request, rows, lambda: action.name_deputy(**facts), by="named_by")
            if before:
                messages.info(
                    request, f"That form was sent before. It named {cover.deputy.name}, once; nobody new was named."
                )
                return True
            messages.success(request, f"{cover.deputy.name} stands in for {cover.covered.name} until the day you gave.")
            return True
        if do == "end":
            cover = next((each for each in covers if str(each.public_id) == request.POST.get("cover")), None)
            if not cover:
                raise Http404
            action.end_cover(by=request.person, at=request.now, cover=cover, reason=request.POST.get("reason", ""))
            messages.success(request, f"{cover.deputy.name} stands in for {cover.covered.name} no longer.")
            return True
    except Refused as refusal:
        if do == "name":
            add_refusal(form, refusal, beside=PLACES)
            return False
        messages.error(request, str(refusal))
        return True
    raise PermissionDenied


def waiting_for(council):
    """Invitations of the council that wait, newest first, each with `sent_at` (None: the letter has still to go)."""
    return invited().filter(council=council)


@login_required
@require_http_methods(["GET", "POST"])
def role(request, slug, public_id):
    """Change when a role ends, or end it now; for a finance lead in their own right."""
    today = timezone.localdate(request.now)
    found = get_object_or_404(
        Role.objects.in_force(today).select_related("person", "council"), council__slug=slug, public_id=public_id
    )
    if not action.own_lead(request.person, found.council_id, today) or role_actions.lent(found):
        raise Http404
    form = EndForm(request.POST or None, role=found, own=found.person_id == request.person.pk, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            role_actions.set_end(
                by=request.person,
                at=request.now,
                role=found,
                ends_on=form.ends_on(),
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, f"The role of {found.person.name} as {found.get_what_display().lower()} is changed."
            )
            if found.person_id == request.person.pk and form.ends_on() == today:
                return redirect("start")  # who has just gone may not see the page any more
            return redirect("councils:people", slug)
    last = role_actions.last_lead(found)
    covers = Cover.objects.to_come(today).filter(council=found.council, covered=found.person, what=found.what)
    return render(request, "savings/people/role.html", {
        "role": found, "council": found.council, "form": form, "last": last,
        "follows": role_actions.FOLLOWS.format(council=found.council.short_name) if last else "",
        "own": found.person_id == request.person.pk, "covers": covers.select_related("deputy"),
    })  # fmt: skip
