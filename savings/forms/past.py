"""Which past moment a page is to be read at."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from councils.fields import DayField
from savings.past import FIRST_YEAR, read_moment, written_moment


class PastForm(forms.Form):
    """A day, and if need be a time of it; cleans to the prefix of the addresses as at then."""

    day = DayField(label="On which day", help_text="For example, 30 9 2026. Without a time, it is the end of the day.")
    time = forms.TimeField(
        label="At what time (optional)", required=False, input_formats=["%H:%M", "%H.%M"],
        help_text="By the 24-hour clock, for example 17:00.", widget=forms.TextInput({"class": "govuk-input--width-5"}),
        error_messages={"invalid": "Enter a time by the 24-hour clock, like 17:00."},
    )  # fmt: skip
    page = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate(self.now):
            raise ValidationError("Choose a day that has been: the ledger of a day to come is not written yet.")
        if day.year < FIRST_YEAR:
            raise ValidationError(f"Choose a day after 1 January {FIRST_YEAR}.")
        return day

    def clean_page(self):
        """An address on this site, without the moment it may be read at already."""
        page = self.cleaned_data["page"]
        return page if page.startswith("/") and not page.startswith(("//", "/as-at/")) else "/"

    def clean(self):
        if {"day", "time"} <= self.cleaned_data.keys():
            prefix = written_moment(self.cleaned_data["day"], self.cleaned_data["time"])
            if self.cleaned_data["time"] and read_moment(prefix.rpartition("/")[2]) > self.now:
                self.add_error("time", "Choose a time that has been.")
            self.cleaned_data["prefix"] = prefix
        return self.cleaned_data
