"""Founding a partnership, inviting a council, and saying why an offer ends."""

from typing import Any

from django import forms

from councils.fields import DayField, PlainField
from councils.models import Council
from partnerships.models import Membership, Purpose, Service, Vehicle

ROLES = [each for each in Membership.Role.choices if each[0] != Membership.Role.UNKNOWN]
SHORT = {"class": "govuk-input--width-5"}


class TermsForm(forms.Form):
    """The terms on which a council is a member."""

    fields: dict[str, Any]  # which councils can be chosen depends on who asks

    council = forms.ModelChoiceField(
        Council.objects.none(), to_field_name="slug", empty_label="Choose",
        error_messages={"required": "Choose a council.", "invalid_choice": "Choose a council of the list."},
    )  # fmt: skip
    role = forms.ChoiceField(
        label="What does it do?", choices=ROLES, widget=forms.RadioSelect,
        error_messages={"required": "Say whether it provides, receives or does both."},
    )  # fmt: skip
    host = forms.BooleanField(label="It hosts the partnership", required=False)
    cost_share = forms.DecimalField(
        label="Share of the cost, in per cent", required=False, min_value=0, max_value=100, decimal_places=2,
        widget=forms.TextInput(attrs=SHORT),
    )  # fmt: skip
    gain_share = forms.DecimalField(
        label="Share of the gain, in per cent", required=False, min_value=0, max_value=100, decimal_places=2,
        widget=forms.TextInput(attrs=SHORT),
    )  # fmt: skip

    def __init__(self, *args, councils, asks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = councils
        self.fields["council"].label = asks

    def terms(self):
        """As `partnerships.actions.found` takes a member; call on a valid form."""
        given = self.cleaned_data
        shares = {f"{name}_bps": given[name] for name in ("cost_share", "gain_share")}
        return {
            "council": given["council"], "role": given["role"], "host": given["host"],
            **{name: None if share is None else int(share * 100) for name, share in shares.items()},
        }  # fmt: skip


class FoundingForm(TermsForm):
    """What is shared, how, why and since when; and the founder's own council."""

    name = PlainField(label="Name", max_length=120, error_messages={"required": "Give the partnership a name."})
    summary = PlainField(
        label="In a sentence or two", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What is shared, and who does the work.",
    )  # fmt: skip
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(), to_field_name="slug", label="Services shared", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one service."},
    )  # fmt: skip
    form = forms.ChoiceField(
        label="Vehicle", choices=[("", "Choose"), *Vehicle.Form.choices],
        error_messages={"required": "Choose the vehicle."},
    )  # fmt: skip
    purposes = forms.MultipleChoiceField(
        label="What it is for", choices=Purpose.What.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one purpose."},
    )  # fmt: skip
    started_on = DayField(label="First day")

    field_order = ("name", "summary", "services", "form", "purposes", "started_on", "council", "role", "host")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["services"].queryset = Service.objects.order_by("name")

    def facts(self):
        """What `partnerships.actions.found` takes besides slug, by and at; call on a valid form."""
        given = self.cleaned_data
        named = ("name", "summary", "form", "purposes", "started_on")
        return {**{key: given[key] for key in named}, "services": list(given["services"]), "members": [self.terms()]}


class InvitingForm(TermsForm):
    starts_on = DayField(label="Member from")
    message = PlainField(
        label="What its finance lead should know", required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def terms(self):
        given = self.cleaned_data
        return {**super().terms(), "starts_on": given["starts_on"], "message": given["message"]}


class EndOfferForm(forms.Form):
    """Why an offer is declined or withdrawn; the label says which."""

    fields: dict[str, Any]

    reason = PlainField(
        max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="The other side reads it.",
        error_messages={"required": "Say why."},
    )  # fmt: skip

    def __init__(self, *args, ending, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = f"Why do you {ending} it?"
