"""Claiming a partnership known from what was published, and answering a claim with a reason."""

from typing import Any

from django import forms

from councils.fields import DayField, PlainField
from councils.models import Council

from .founding import ROLES


class ClaimForm(forms.Form):
    """Takes the `councils` the person leads."""

    fields: dict[str, Any]
    use_required_attribute = False

    council = forms.ModelChoiceField(
        Council.objects.none(), label="For which council?", to_field_name="slug", empty_label=None,
        error_messages={"required": "Choose a council.", "invalid_choice": "Choose a council that you lead."},
    )  # fmt: skip
    role = forms.ChoiceField(
        label="What does it do?", choices=ROLES, widget=forms.RadioSelect,
        error_messages={"required": "Say whether it provides, receives or does both."},
    )  # fmt: skip
    host = forms.BooleanField(label="It hosts the partnership", required=False)
    starts_on = DayField(label="Member since")
    evidence = PlainField(
        label="How can this be checked?", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For instance the minute in which your council agreed to it, and where it is published.",
        error_messages={"required": "Say how an administrator can check this."},
    )  # fmt: skip

    def __init__(self, *args, councils, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = councils


class AnswerClaimForm(forms.Form):
    """Why it is accepted, refused or withdrawn."""

    use_required_attribute = False

    reason = PlainField(
        label="Why?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text="The other side reads it.",
        error_messages={"required": "Say why."},
    )  # fmt: skip
