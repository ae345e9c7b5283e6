"""The few controls Django has no widget for; every other one prints as GOV.UK markup by itself (savings/renderers.py).

They stand in the lowest app because forms of all three use them.
"""

from django import forms


class MoneyInput(forms.TextInput):
    """A box with £ before it, for an amount in pounds."""

    template_name = "govuk/widgets/money.html"

    def __init__(self, attrs=None):
        super().__init__(
            {"class": "govuk-input--width-10", "inputmode": "decimal", "spellcheck": "false", **(attrs or {})}
        )


class DayInput(forms.MultiWidget):
    """Day, month and year in three boxes: quicker and surer than a calendar for a date people know by heart."""

    template_name = "govuk/widgets/day.html"
    PARTS = (("Day", 2), ("Month", 2), ("Year", 4))

    def __init__(self, attrs=None):
        super().__init__([forms.TextInput() for _ in self.PARTS], attrs)

    def decompress(self, value):
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["invalid"] = "govuk-input--error" in context["widget"]["attrs"].get("class", "")
        for part, (label, width) in zip(context["widget"]["subwidgets"], self.PARTS, strict=True):
            part |= {"label": label, "width": width}
        return context


class HintedRadios(forms.RadioSelect):
    """Radio buttons with a line of help under each choice: `hints={"recurring": "Comes back every year"}`."""

    def __init__(self, attrs=None, choices=(), hints=None):
        super().__init__(attrs, choices)
        self.hints = hints or {}

    def create_option(self, name, value, *args, **kwargs):
        return {**super().create_option(name, value, *args, **kwargs), "hint": self.hints.get(str(value), "")}
