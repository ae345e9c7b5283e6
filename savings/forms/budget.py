"""What was taken out of a budget in a year, and its correction."""

from typing import Any

from django import forms
from django.db.models import F
from django.db.models.functions import Abs

from councils.fields import CodeField, MoneyField, PlainField
from councils.models import Council
from councils.money import pounds
from councils.rights import RECORDING
from councils.years import FinancialYear
from savings.models import BudgetReduction, with_amounts

YEARS_BACK, YEARS_AHEAD = 20, 2
OFFERED = 200  # a browser narrows them as the code is typed


class BudgetForm(forms.Form):
    """Takes the `rights` of who records it and the day `today`."""

    fields: dict[str, Any]  # the choices of some depend on who asks
    only_council: Council | None = None
    use_required_attribute = False

    council = forms.ModelChoiceField(
        Council.objects.none(), to_field_name="code", label="Council", empty_label="Choose",
        error_messages={"invalid_choice": "You cannot record for that council."},
    )  # fmt: skip
    year = forms.ChoiceField(label="Financial year", error_messages={"invalid_choice": "Choose a year from the list."})
    code = CodeField(
        label="Ledger code of the budget",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    amount = MoneyField(
        label="Taken out of it in the year",
        help_text="As posted in the ledger. Savings against this code can never come to more.",
    )
    description = PlainField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was taken out and where it is written down, such as a virement or a budget report.",
    )  # fmt: skip

    def __init__(self, *args, rights, today, **kwargs):
        this_year = FinancialYear.containing(today)
        kwargs["initial"] = {"year": str(this_year.start), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        mine = rights.councils(*RECORDING)
        council = self.fields["council"]
        council.queryset = Council.objects.filter(pk__in=mine).order_by("name")
        if len(mine) == 1:
            only = self.only_council = council.queryset.get()
            council.widget, council.initial = forms.HiddenInput(), only.code
        starts = range(this_year.start + YEARS_AHEAD, this_year.start - YEARS_BACK, -1)
        self.fields["year"].choices = [(str(start), FinancialYear(start).label) for start in starts]

    def clean_year(self):
        return FinancialYear(int(self.cleaned_data["year"]))

    def facts(self):
        """The keyword arguments of `savings.actions.budgets.reduce`; call on a valid form."""
        given = self.cleaned_data
        named = {name: given[name] for name in ("council", "year", "code", "description")}
        return named | {"amount_pence": given["amount"]}


class CorrectionForm(forms.Form):
    use_required_attribute = False

    amount = MoneyField(
        label="Taken out of it in the year", allow_zero=True,
        help_text="What it comes to from now on: £0 when nothing was taken out after all.",
    )  # fmt: skip
    reason = PlainField(
        label="Why is it corrected?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was recorded before stays to be seen.",
    )  # fmt: skip


def budgets_of(councils, year):
    """(code, what it is and what is left on it) of the budgets of `councils`, those of `year` first. One query."""
    rows = with_amounts(BudgetReduction.objects.filter(council__in=councils).select_related("council"))
    near = rows.order_by(Abs(F("year") - year), "code", "council__name")[:OFFERED]
    return [
        (
            each.code,
            f"{FinancialYear(each.year).label}, {each.council.short_name}: {left(each)}",
        )
        for each in near
    ]


def left(reduction):
    return f"{pounds(reduction.left)} left of {pounds(reduction.stands_at)}"
