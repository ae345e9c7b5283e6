"""A council's closing days, and whether to be reminded."""

from django import forms

from councils.fields import PlainField
from savings.reporting.calendar import Days

BOX = {"class": "govuk-input--width-2", "inputmode": "numeric"}


def _days(label):
    return forms.IntegerField(label=label, min_value=1, max_value=30, widget=forms.TextInput(attrs=BOX))


class ClosingDaysForm(forms.Form):
    """Days after the quarter, for one council."""

    use_required_attribute = False

    council = forms.CharField(widget=forms.HiddenInput)
    record = _days("Last day to record")
    submit = _days("Last day to submit the return")
    sign_off = _days("Last day to sign it off")
    close = _days("Last day to close")
    reason = PlainField(label="Why the days change", max_length=1000)

    def __init__(self, *args, council, days, **kwargs):
        usual = {"council": council.code, **days._asdict()}
        super().__init__(*args, **{"initial": usual, "auto_id": f"{council.code}_%s", **kwargs})

    def days(self):
        """On a valid form."""
        return Days(*(self.cleaned_data[name] for name in Days._fields))


class RemindersForm(forms.Form):
    """Whether this person is reminded by e-mail."""

    use_required_attribute = False

    wanted = forms.ChoiceField(
        label="Reminders by e-mail", choices=[("yes", "Send me reminders"), ("no", "Send me none")],
        widget=forms.RadioSelect, error_messages={"required": "Say whether you want reminders."},
    )  # fmt: skip
