"""What following a scheme up asks for: what changed, where it stands, and what is still to come."""

from typing import Any

from django import forms

from councils.fields import DayField, MoneyField, PlainField
from councils.years import FinancialYear
from savings.actions.forecasts import remaining
from savings.actions.schemes import AFTER, ANYBODYS, Status
from savings.models import Indicator
from savings.models.typed import Recurrence

from .choices import CLASSES, RECURRENCES, hinted

SCORES = [
    ("", "As before"), ("1", "1, will not happen"), ("2", "2, unlikely"), ("3", "3, as likely as not"),
    ("4", "4, likely"), ("5", "5, certain"),
]  # fmt: skip


def words(label, *, hint="", required=True, rows=3):
    """A reason or another text of several lines."""
    area = forms.Textarea(attrs={"rows": rows})
    return PlainField(label=label, help_text=hint, max_length=1000, required=required, widget=area)


class ChangeSchemeForm(forms.Form):
    """Everything a scheme says of itself that may change; saved, it is a new version, and the old one stays."""

    fields: dict[str, Any]
    use_required_attribute = False

    owner = PlainField(max_length=120, label="Who answers for it", help_text="A job title, not a name.")
    benefit_class = forms.ChoiceField(label="Class of saving", **hinted(CLASSES, "Choose the class of saving."))
    recurrence = forms.ChoiceField(label="Does it come back?", **hinted(RECURRENCES, "Say whether it comes back."))
    last_year = forms.TypedChoiceField(
        label="Last year, when it is time-limited", required=False, coerce=int, empty_value=None
    )
    live_on = DayField(
        label="First day it saves", required=False,
        help_text="Its full-year effect is worked out from this. Without it, from the first month banked.",
    )  # fmt: skip
    indicator = forms.ModelChoiceField(
        Indicator.objects.none(), required=False, label="Quality is measured by", empty_label="Nothing",
        to_field_name="public_id",
    )  # fmt: skip
    description = words("How it saves", required=False)
    reason = words("Why does it change?", hint="All members can read this.")

    def __init__(self, *args, scheme, this_year, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = Indicator.objects.filter(partnership=scheme.partnership_id).order_by("name")
        years = range(this_year.start - 10, this_year.start + 16)
        self.fields["last_year"].choices = [("", "None"), *((str(y), FinancialYear(y).label) for y in years)]

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if given.get("recurrence") == Recurrence.TIME_LIMITED and not given.get("last_year"):
            self.add_error("last_year", "Choose the last year in which it saves.")
        return given


class StandForm(forms.Form):
    """The next step of a scheme, or a new score where it stands. `leads`: whether it is a finance lead who asks."""

    fields: dict[str, Any]
    use_required_attribute = False

    status = forms.ChoiceField(label="Where does it stand?", widget=forms.RadioSelect)
    replaced_with = PlainField(
        max_length=300, required=False, label="Funding that replaces it", help_text="Only when it is undeliverable."
    )
    delivery_score = forms.TypedChoiceField(
        choices=SCORES, required=False, coerce=int, empty_value=None, label="How surely will it be delivered?"
    )
    score_reason = words("Why that score?", required=False, rows=2)
    reason = words("Why does it stand there?", hint="All members can read this.")

    def __init__(self, *args, status, leads, **kwargs):
        super().__init__(*args, **kwargs)
        following = [each for each in AFTER[Status(status)] if leads or each in ANYBODYS]
        stays = [Status(status)] if leads or Status(status) in ANYBODYS else []
        choices = [(each.value, each.label if each != status else f"{each.label}, as before") for each in
                   (*stays, *following)]  # fmt: skip
        self.fields["status"].choices = choices
        self.initial.setdefault("status", choices[0][0] if stays else "")


class ForecastForm(forms.Form):
    """A box for each month of the year that has not ended, in order; an empty one forecasts nothing."""

    fields: dict[str, Any]
    use_required_attribute = False

    def __init__(self, *args, year, standing, today, **kwargs):
        super().__init__(*args, **kwargs)
        for month in remaining(year, today):
            pence = sum(entry.amount_pence for entry in standing.get(month, []))
            self.fields[f"m{month}"] = MoneyField(
                label=year.month_label(month), required=False, allow_zero=True, initial=pence or None
            )
        self.fields["reason"] = words("What has changed?", required=False, rows=2)

    def months(self):
        return {int(name[1:]): pence for name, pence in self.cleaned_data.items() if name != "reason"}
