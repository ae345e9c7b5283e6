"""What a step of a business case asks for, and what a volume of it says."""

from typing import Any

from django import forms

from councils.fields import PlainField
from councils.years import FinancialYear

from .acts import ReasonForm
from .case_volumes import quantity
from .once import OnceForm
from .pasted import Unreadable


class SubmitCaseForm(ReasonForm):
    name = "submit"
    asks = "Anything the finance leads should know?"
    optional = True


class AnswerCaseForm(ReasonForm):
    name = "submit"
    asks = "What do you answer to the reason it was returned for?"


class ReturnCaseForm(ReasonForm):
    name = "return"
    asks = "What has to be put right?"
    hint = "Its drafter and all members read this. It cannot be approved until it is submitted again."


class WithdrawCaseForm(ReasonForm):
    name = "withdraw"
    asks = "Why is it withdrawn?"
    hint = "It stays readable and can never be approved."


class QuantityField(PlainField):
    def clean(self, value):
        try:
            return quantity(super().clean(value))
        except Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class VolumeForm(OnceForm):
    """One volume of one member; `councils` are those the person records for, `unit` is fixed once one is recorded."""

    fields: dict[str, Any]  # what can be chosen depends on who asks and when
    use_required_attribute = False

    council = forms.ChoiceField(label="Council")
    year = forms.TypedChoiceField(label="Year", coerce=int)
    quantity = QuantityField(label="How many", widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}))
    unit = PlainField(label="Counted in", max_length=40)
    source = PlainField(label="Where the figure comes from", max_length=300)

    def __init__(self, *args, councils, unit, driver, first_year, this_year, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["council"].choices = [(council.slug, council.name) for council in councils]
        years = range(this_year, first_year - 1, -1)
        self.fields["year"].choices = [("", "Choose"), *((year, FinancialYear(year).label) for year in years)]
        self.fields["quantity"].help_text = f"Of {driver}, for the whole year."
        if unit:
            self.fields["quantity"].label = f"How many {unit}"
            del self.fields["unit"]
