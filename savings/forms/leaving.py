"""Leaving a partnership: its terms, the notice with what leaving is expected to cost, and taking the notice back."""

from typing import Any

from django import forms

from councils.fields import DayField, PlainField
from partnerships.models import LeavingCost

from . import pasted
from .acts import ReasonForm


class TermsForm(forms.Form):
    use_required_attribute = False

    notice_months = forms.IntegerField(
        label="Months of notice", min_value=0, max_value=120, help_text="As the agreement says it.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )  # fmt: skip
    exit_terms = PlainField(
        label="Who bears what when a member leaves", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In the words of the agreement.",
    )  # fmt: skip


class NoticeForm(forms.Form):
    """Takes the `leaving` councils the person leads, the `members`, and the references of `schemes`."""

    fields: dict[str, Any]
    use_required_attribute = False

    council = forms.ChoiceField(label="Who leaves?")
    leaves_on = DayField(label="First day it is no longer a member")
    reason = PlainField(label="Why does it leave?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    minute_reference = PlainField(
        label="Minute of the decision", required=False, max_length=200, help_text="For instance: Cabinet 12/2026."
    )
    costs = PlainField(
        label="What is leaving expected to cost?", required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args, leaving, members, schemes, earliest, **kwargs):
        super().__init__(*args, **kwargs)
        self.members, self.schemes = members, schemes
        self.fields["council"].choices = [(council.slug, council.name) for council in leaving]
        if len(leaving) == 1:
            self.fields["council"].widget = forms.HiddenInput()
            self.fields["council"].initial = leaving[0].slug
        self.fields["leaves_on"].help_text = f"With the notice agreed, {earliest:%-d %B %Y} or later."
        example = f" For example: {leaving[0].short_name}, {schemes[0]}, exit cost, 2026/27, 40000" if schemes else ""
        self.fields["costs"].help_text = (
            "One a line: member, scheme, exit cost or stranded overhead, year, amount. Stranded overhead is what a "
            f"member goes on paying that the service no longer shares.{example}"
        )

    def clean_costs(self):
        councils: dict[str, object] = {}
        for council in self.members:
            councils |= dict.fromkeys((council.name, council.short_name, council.code, council.slug), council)
        kinds = {label: what for what, label in LeavingCost.What.choices}
        found = pasted.read(self.cleaned_data["costs"], [
            pasted.Column("member", pasted.one_of(councils, "a member")),
            pasted.Column("scheme", pasted.one_of({ref: ref for ref in self.schemes}, "a scheme of this partnership")),
            pasted.Column("kind", pasted.one_of(kinds, "exit cost or stranded overhead")),
            pasted.Column("year", pasted.year), pasted.Column("amount", pasted.amount),
        ])  # fmt: skip
        if found.complaints:
            raise forms.ValidationError(found.complaints)
        return [
            {"council": row["member"], "scheme_reference": row["scheme"], "what": row["kind"], "year": row["year"],
             "amount_pence": row["amount"]}
            for row in found.rows
        ]  # fmt: skip


class WithdrawNoticeForm(ReasonForm):
    name = "withdraw_notice"
    asks = "Why does the council stay?"
    hint = "All members can read this. The membership goes on as if no notice had been given."
