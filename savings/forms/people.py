"""Forms about who acts for a council: inviting, changing when a role ends, accepting."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

from councils.fields import DayField, PlainField
from councils.models import Role

WHAT_THEY_MAY = {
    "finance_officer": "Records savings, costs and charges, with their proof. Cannot sign off.",
    "finance_lead": "Records, and signs off what others recorded; closes quarters; invites people.",
    "chief_executive": "Reads everything of the council and its partnerships.",
    "auditor": "Reads everything and records findings. Usually until a date.",
    "viewer": "Reads everything of the council and its partnerships.",
}


class InviteForm(forms.Form):
    """Who is asked to act for a council, as what, and until when."""

    fields: dict[str, Any]  # the choices depend on who asks
    use_required_attribute = False

    name = PlainField(label="Their name", max_length=200, error_messages={"required": "Say who it is."})
    email = PlainField(
        label="Their work e-mail address", max_length=254, error_messages={"required": "Enter their e-mail address."},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="The invitation goes there. It is good for 14 days.",
    )  # fmt: skip
    what = forms.ChoiceField(
        label="What will they do?", widget=forms.RadioSelect, error_messages={"required": "Choose what they will do."}
    )
    until = DayField(
        label="Last day of the role", required=False,
        help_text="For an auditor or somebody on a contract. Leave it empty when no end is known.",
    )  # fmt: skip

    def __init__(self, *args, whats, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [
            (str(what), f"{Role.What(what).label}: {WHAT_THEY_MAY[what][0].lower()}{WHAT_THEY_MAY[what][1:]}")
            for what in whats
        ]
        if len(whats) == 1:
            self.fields["what"].initial = str(whats[0])

    def facts(self):
        given = dict(self.cleaned_data)
        until = given.pop("until")
        return {**given, "ends_on": until + datetime.timedelta(days=1) if until else None}


class EndForm(forms.Form):
    """When a role ends: now, after a day, or not; and why."""

    fields: dict[str, Any]  # the choices depend on the role
    use_required_attribute = False
    NOW, DAY, NEVER = "now", "day", "never"

    when = forms.ChoiceField(
        label="When does it end?", widget=forms.RadioSelect, error_messages={"required": "Choose when it ends."}
    )
    until = DayField(label="Last day, if you chose one", required=False)
    reason = PlainField(
        label="Why?", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with the change. For example, left the council.",
    )  # fmt: skip

    def __init__(self, *args, role, own, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        choices = [(self.NOW, "Now: from this moment it no longer holds"), (self.DAY, "After a day")]
        if role.ends_on and not own:
            choices.append((self.NEVER, "No end is known"))
        self.fields["when"].choices = choices

    def clean(self):
        given = super().clean() or {}
        if given.get("when") == self.DAY and not given.get("until") and "until" not in self.errors:
            self.add_error("until", "Enter the last day.")
        return given

    def ends_on(self):
        """First day it no longer holds; call on a valid form."""
        when = self.cleaned_data["when"]
        if when == self.NEVER:
            return None
        return self.today if when == self.NOW else self.cleaned_data["until"] + datetime.timedelta(days=1)


class JoinForm(forms.Form):
    """The account of somebody new."""

    use_required_attribute = False

    name = PlainField(
        label="Your name", max_length=200, help_text="It stands beside everything you do here.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}), error_messages={"required": "Enter your name."},
    )  # fmt: skip
    password = forms.CharField(
        label="Choose a password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())
