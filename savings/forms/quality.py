"""What quality asks for: an indicator, a reading of it, a reading put right, and what a lead decides."""

from typing import Any

from django import forms

from councils.fields import PlainField
from councils.models import Council
from councils.years import Quarter, YearError
from savings.models import DisputeOutcome

from .scheme_follow_up import words

Outcome = DisputeOutcome.Outcome
NUMBER: dict[str, Any] = {"max_digits": 14, "decimal_places": 4}


class IndicatorForm(forms.Form):
    """Fixed once agreed, like a promise."""

    use_required_attribute = False

    name = PlainField(max_length=120, label="What is measured", help_text="For example, “Days to process a claim”.")
    unit = PlainField(max_length=40, help_text="For example, days or %.")
    higher_is_better = forms.TypedChoiceField(
        label="Which is better?", choices=[("no", "Lower is better"), ("yes", "Higher is better")],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    baseline = forms.DecimalField(label="Before sharing", **NUMBER)
    tolerance = forms.DecimalField(
        label="How much worse is tolerated", min_value=0, help_text="In the same unit. 0 tolerates nothing.", **NUMBER
    )


class ReadingForm(forms.Form):
    """One value for one member and quarter, with its source."""

    fields: dict[str, Any]
    use_required_attribute = False

    council = forms.ModelChoiceField(Council.objects.none(), to_field_name="code", empty_label=None)
    quarter = forms.ChoiceField()
    value = forms.DecimalField(label="It read", **NUMBER)
    source = PlainField(max_length=200, label="Where the figure comes from", help_text="All members can read this.")

    def __init__(self, *args, councils, quarters, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = Council.objects.filter(pk__in=councils).order_by("name")
        self.fields["quarter"].choices = [(each.slug, each.months_label) for each in quarters]
        self.fields["value"].help_text = f"In {unit}."

    def clean_quarter(self):
        try:
            return Quarter.parse(self.cleaned_data["quarter"])
        except YearError as error:
            raise forms.ValidationError(str(error)) from error


class CorrectReadingForm(forms.Form):
    use_required_attribute = False

    value = forms.DecimalField(label="It should read", **NUMBER)
    source = PlainField(max_length=200, label="Where the figure comes from")
    reason = words("Why is it put right?", hint="The old reading stays to be seen, with this reason.")


class DecideQualityForm(forms.Form):
    use_required_attribute = False

    outcome = forms.ChoiceField(
        label="Is the quality accepted?", widget=forms.RadioSelect,
        choices=[
            (Outcome.DISMISSED.value, "Accepted: the savings stand, no longer disputed"),
            (Outcome.UPHELD.value, "Not accepted: quality did not hold, and the savings stay shown as disputed"),
        ],
    )  # fmt: skip
    reason = words("Why?", hint="All members can read this.")


class WaiveForm(forms.Form):
    use_required_attribute = False

    reason = words("Why does no indicator apply?", hint="All members and auditors can read this.")
