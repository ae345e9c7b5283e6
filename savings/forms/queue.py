"""Entries ticked in the sign-off queue, and what is to be done with them."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from councils.fields import PlainField


class TickedField(forms.Field):
    """Public ids of the rows ticked, in the order of the page."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"required": "Tick the entries first."}

    def to_python(self, value):
        try:
            return [uuid.UUID(one) for one in value or []]
        except ValueError as nonsense:
            raise ValidationError("Open the queue again and tick the entries.", code="ticks") from nonsense


class QueueForm(forms.Form):
    """`do` is the button pressed. Each row brings `shown-<entry>`, the last support on the page it was ticked on."""

    use_required_attribute = False

    entries = TickedField(label="Entries")
    do = forms.ChoiceField(choices=[("sign", "Sign off"), ("return", "Return")], widget=forms.HiddenInput)
    reason = PlainField(label="Reason, needed to return (optional when signing off)", required=False, max_length=1000)

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if given.get("do") == "return" and not given.get("reason"):
            self.add_error("reason", "Say what has to be put right, so that the people who recorded them can mend it.")
        given["shown"] = dict(self._shown())
        return given

    def _shown(self):
        for entry in self.cleaned_data.get("entries") or []:
            try:
                yield entry, uuid.UUID(self.data.get(f"shown-{entry}", ""))
            except ValueError:
                continue

    def ticked(self):
        """What was ticked on a form that comes back, as text."""
        return set(self["entries"].data or [])
