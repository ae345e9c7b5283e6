"""A new scheme: the action that saves or costs money."""

from typing import Any

from django import forms

from councils.fields import CodeField, PlainField
from councils.rights import RECORDING
from councils.years import FinancialYear
from partnerships.models import Membership, Partnership, Service
from savings.models.typed import Recurrence

from .choices import CLASSES, RECURRENCES, hinted


class SchemeForm(forms.Form):
    """Takes the `rights` of who adds it. `then` says where to go afterwards: "record" is back to the entry form."""

    fields: dict[str, Any]  # the choices of some depend on who asks
    use_required_attribute = False

    then = forms.CharField(required=False, widget=forms.HiddenInput)
    partnership = forms.ModelChoiceField(Partnership.objects.none(), to_field_name="slug", empty_label="Choose")
    service = forms.ModelChoiceField(Service.objects.none(), to_field_name="slug", empty_label="Choose")
    title = PlainField(
        max_length=200, label="What is done", help_text="For example, “One revenues manager in place of two”."
    )
    reference = CodeField(
        max_length=40, help_text="Your own, such as REV-01. Every scheme of the partnership has another.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip
    owner = PlainField(
        max_length=120, label="Who answers for it", help_text="A job title, such as Head of revenues; not a name."
    )
    benefit_class = forms.ChoiceField(label="Class of saving", **hinted(CLASSES, "Choose the class of saving."))
    recurrence = forms.ChoiceField(label="Does it come back?", **hinted(RECURRENCES, "Say whether it comes back."))
    last_year = forms.TypedChoiceField(
        label="Last year, when it is time-limited", required=False, coerce=int, empty_value=None
    )
    description = PlainField(
        required=False, max_length=2000, label="How it saves", widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, rights, this_year, **kwargs):
        super().__init__(*args, **kwargs)
        member = Membership.objects.current().filter(council__in=rights.councils(*RECORDING))
        mine = Partnership.objects.filter(pk__in=member.values("partnership")).order_by("name")
        self.fields["partnership"].queryset = mine
        if not self.initial.get("partnership") and len(only := mine[:2]) == 1:
            self.initial["partnership"] = only[0].slug
        self.fields["service"].queryset = Service.objects.order_by("name")
        years = range(this_year.start, this_year.start + 16)
        self.fields["last_year"].choices = [("", "None"), *((str(y), FinancialYear(y).label) for y in years)]

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if given.get("recurrence") == Recurrence.TIME_LIMITED:
            if not given.get("last_year") and "last_year" not in self.errors:
                self.add_error("last_year", "Choose the last year in which it saves.")
        else:
            given["last_year"] = None
        return given
