"""Form fields for what every page here asks for: an amount, a date, words and codes."""

import datetime

from django import forms
from django.core.exceptions import ValidationError

from councils.money import MoneyError, parse_pounds, to_pounds
from councils.plain_text import as_code, normalised, why_no_code, why_not_plain
from councils.widgets import DayInput, MoneyInput


class MoneyField(forms.Field):
    """Pounds as people write them; cleans to whole signed pence, None when it is empty and need not be filled in.

    `initial` is pence. What cannot be taken is refused in the words of councils/money.py.
    """

    widget = MoneyInput
    default_error_messages = {"required": "Enter an amount in pounds, like 1234.50."}

    def __init__(self, *, allow_zero=False, **kwargs):
        super().__init__(**kwargs)
        self.allow_zero = allow_zero

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return parse_pounds(value, allow_zero=self.allow_zero)
        except MoneyError as refusal:
            raise ValidationError(str(refusal), code="amount") from refusal

    def prepare_value(self, value):
        # Pence on the way out; what the person typed comes back exactly as they typed it.
        return str(to_pounds(value)) if isinstance(value, int) else value


class DayField(forms.MultiValueField):
    """A date in three boxes; cleans to a `datetime.date`, None when all three are empty and need not be filled in."""

    widget = DayInput
    default_error_messages = {
        "required": "Enter a date, like 27 3 2026.",
        "incomplete": "The date must include a day, a month and a year.",
        "unreal": "Enter a real date, like 27 3 2026.",
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("require_all_fields", False)
        super().__init__(fields=[forms.CharField(max_length=4) for _ in DayInput.PARTS], **kwargs)

    def compress(self, values):
        if not values:
            return None
        try:
            day, month, year = (int(value) for value in values)
            if year < 1900:  # "26" is a slip for 2026, not the first century
                raise ValueError
            return datetime.date(year, month, day)
        except ValueError as unreal:
            raise ValidationError(self.error_messages["unreal"], code="unreal") from unreal


class PlainField(forms.CharField):
    """Words a person types: cleans to NFC; what cannot be seen is refused. A `Textarea` may have several lines."""

    def to_python(self, value):
        text = normalised(super().to_python(value) or "")
        return text.strip() if self.strip else text

    def validate(self, value):
        super().validate(value)
        if why := why_not_plain(value, lines=isinstance(self.widget, forms.Textarea)):
            raise ValidationError(why, code="plain")


class CodeField(PlainField):
    """The code of a budget or the reference of a scheme: letters and digits that nobody can take for others."""

    def to_python(self, value):
        return as_code(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        if why := why_no_code(value):
            raise ValidationError(why, code="code")
