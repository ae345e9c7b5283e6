"""The part of drafting that fixes, before results are known, how the baseline is carried forward (R2)."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from councils.fields import PlainField

from . import pasted


def quantity(cell):
    """A number that is not negative, with at most three decimals; commas between thousands are passed over."""
    try:
        found = Decimal(cell.replace(",", ""))
    except InvalidOperation:
        raise pasted.Unreadable(f"“{cell}” is not a number. Write it like 48200.") from None
    if not found.is_finite() or found < 0 or found >= 10**15:
        raise pasted.Unreadable(f"“{cell}” cannot be a volume. Write a number that is not negative.")
    if found != round(found, 3):
        raise pasted.Unreadable(f"“{cell}” has more than three decimals.")
    return found


class VolumeFields(forms.Form):
    """Mixed into the form of a business case, which gives `_read` and `_member`."""

    _read: Any
    _member: Any

    volume_driver = PlainField(
        label="What the cost follows", required=False, max_length=100,
        help_text="What is counted, for example, council tax accounts.",
    )  # fmt: skip
    volume_unit = PlainField(
        label="Counted in", required=False, max_length=40, help_text="For example, accounts, tonnes or claims.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip
    elasticity = forms.DecimalField(
        label="How far cost follows it (k)", required=False, min_value=0, max_value=1, decimal_places=4, max_digits=5,
        help_text="From 0, the cost is fixed, to 1, twice the work costs twice as much.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "decimal"}),
    )  # fmt: skip
    volumes = forms.CharField(
        label="Volumes known already", required=False, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="One a line: member, year, how many, where the figure comes from. Later years are added by each "
        "member on the page of the business case.",
    )  # fmt: skip

    def clean_volumes(self):
        rows = self._read("volumes", [
            pasted.Column("member", self._member()), pasted.Column("year", pasted.year),
            pasted.Column("volume", quantity), pasted.Column("source", str),
        ])  # fmt: skip
        return [{"council": row["member"], "year": row["year"], "quantity": row["volume"], "source": row["source"]}
                for row in rows]  # fmt: skip

    def clean(self):
        found = super().clean() or self.cleaned_data
        if found.get("elasticity") and not found.get("volume_driver"):
            self.add_error("volume_driver", "Say what the cost follows, or leave k at 0.")
        if found.get("volumes") and not found.get("volume_driver"):
            self.add_error("volume_driver", "Say what the volumes count.")
        if found.get("volume_driver") and not found.get("volume_unit"):
            self.add_error("volume_unit", "Say in which unit it is counted.")
        return found
