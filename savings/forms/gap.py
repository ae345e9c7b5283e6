"""What a council's budget needs in a year."""

from typing import Any

from django import forms

from councils.fields import MoneyField, PlainField
from councils.years import FinancialYear

YEARS_BACK, YEARS_AHEAD = 10, 5


class GapForm(forms.Form):
    """Takes the day `today`."""

    fields: dict[str, Any]  # the years depend on the day
    use_required_attribute = False

    year = forms.ChoiceField(label="Financial year", error_messages={"invalid_choice": "Choose a year from the list."})
    amount = MoneyField(
        label="Savings the budget needs in that year", allow_zero=True,
        help_text="The gap before any saving is made, as in the medium-term plan. Enter £0 if there is none.",
    )  # fmt: skip
    reason = PlainField(
        label="Where is it written down?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example the budget report and its date. What was entered before stays to be seen.",
    )  # fmt: skip

    def __init__(self, *args, today, **kwargs):
        this_year = FinancialYear.containing(today)
        kwargs["initial"] = {"year": str(this_year.start), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        starts = range(this_year.start + YEARS_AHEAD, this_year.start - YEARS_BACK - 1, -1)
        self.fields["year"].choices = [(str(start), FinancialYear(start).label) for start in starts]

    def clean_year(self):
        return FinancialYear(int(self.cleaned_data["year"]))
