"""Reporting one charge between two members, as the payer or as the receiver."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from councils.fields import MoneyField, PlainField
from councils.models import Council
from councils.rights import RECORDING
from councils.years import MONTHS, FinancialYear
from partnerships.models import Membership, Partnership

from .choices import hinted_texts

PAID, RECEIVED = "paid", "received"
FINAL, PROVISIONAL = "final", "provisional"
WHOLE_YEAR = "year"
YEARS_BACK = 20


class ChargeForm(forms.Form):
    """One charge. Takes the `rights` of who reports and the moment `now`. Costs three queries, for the choices."""

    fields: dict[str, Any]  # the choices of some depend on who asks
    only_council: Council | None = None  # said in words, when there is nothing to choose
    use_required_attribute = False

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Open this page again."})
    council = forms.ModelChoiceField(
        Council.objects.none(), to_field_name="code", label="Your council", empty_label="Choose",
        error_messages={"invalid_choice": "You cannot report for that council."},
    )  # fmt: skip
    partnership = forms.ModelChoiceField(
        Partnership.objects.none(), to_field_name="slug", empty_label="Choose",
        error_messages={"invalid_choice": "Choose a partnership from the list."},
    )  # fmt: skip
    direction = forms.ChoiceField(
        label="Did your council pay or receive it?",
        **hinted_texts(
            {PAID: ("We paid it", "To another member"), RECEIVED: ("We received it", "From another member")},
            "Say whether your council paid or received it.",
        ),
    )
    other = forms.ModelChoiceField(
        Council.objects.none(), to_field_name="code", label="The other member", empty_label="Choose",
        error_messages={"invalid_choice": "Choose a member from the list."},
    )  # fmt: skip
    amount = MoneyField(label="Amount", help_text="Pounds and pence, without the VAT that you recover.")
    year = forms.ChoiceField(label="Financial year", error_messages={"invalid_choice": "Choose a year from the list."})
    month = forms.ChoiceField(
        label="Month",
        choices=[
            ("", "Choose"),
            (WHOLE_YEAR, "Whole year"),
            *((str(number), name) for number, name in enumerate(MONTHS, start=1)),
        ],
        error_messages={
            "required": "Choose a month, or the whole year.",
            "invalid_choice": "Choose a month from April to March, or the whole year.",
        },
    )
    standing = forms.ChoiceField(
        label="Is the amount final?",
        **hinted_texts(
            {
                FINAL: ("Final", "Settled between the two of you"),
                PROVISIONAL: ("Provisional", "Counts until you replace it by the final amount"),
            },
            "Say whether the amount is final.",
        ),
    )
    note = PlainField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="An invoice number, or what the charge is for. All members can read it.",
    )  # fmt: skip

    def __init__(self, *args, rights, now, **kwargs):
        self.today = timezone.localdate(now)
        this_year = FinancialYear.containing(self.today)
        usual = {"token": uuid.uuid4(), "year": str(this_year.start)}
        kwargs["initial"] = {**usual, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        mine = rights.councils(*RECORDING)
        council = self.fields["council"]
        council.queryset = Council.objects.filter(pk__in=mine).order_by("name")
        if len(mine) == 1:
            only = self.only_council = council.queryset.get()
            council.widget, council.initial = forms.HiddenInput(), only.code
        shared = Membership.objects.current().filter(council__in=mine).values("partnership")
        members = Membership.objects.current().filter(partnership__in=shared)
        self.fields["partnership"].queryset = Partnership.objects.filter(pk__in=shared).order_by("name")
        others = Council.objects.filter(pk__in=members.values("council")).order_by("name")
        self.fields["other"].queryset = others.exclude(pk=self.only_council.pk) if self.only_council else others
        starts = range(this_year.start, this_year.start - YEARS_BACK - 1, -1)
        self.fields["year"].choices = [(str(start), FinancialYear(start).label) for start in starts]

    def clean_year(self):
        return FinancialYear(int(self.cleaned_data["year"]))

    def clean_month(self):
        return None if self.cleaned_data["month"] == WHOLE_YEAR else int(self.cleaned_data["month"])

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if "month" in given and (year := given.get("year")):
            first = year.first_day if given["month"] is None else year.month_first_day(given["month"])
            if first > self.today:
                self.add_error("month", ValidationError("That has not begun yet. Choose an earlier period."))
        return given

    def facts(self):
        """The keyword arguments of `savings.actions.charges.report_charge`; call on a valid form."""
        given = self.cleaned_data
        sides = (given["council"], given["other"])
        payer, receiver = sides if given["direction"] == PAID else sides[::-1]
        return {
            **{name: given[name] for name in ("council", "partnership", "year", "month", "note")},
            "payer": payer,
            "receiver": receiver,
            "amount_pence": given["amount"],
            "final": given["standing"] == FINAL,
            "public_id": given["token"],
        }


class FinalChargeForm(forms.Form):
    """The final amount of a charge that was provisional."""

    use_required_attribute = False

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Open this page again."})
    amount = MoneyField(label="Final amount", help_text="Pounds and pence, without the VAT that you recover.")
    note = PlainField(
        required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), label="What it was settled on",
        help_text="An invoice number or the year's true-up. All members can read it.",
    )  # fmt: skip
