"""Which partnership a report is of, and for which council."""

from typing import cast

from django import forms

from councils.fields import DayField
from councils.models import Council
from partnerships.models import Partnership
from savings.past import end_of


class ReportForm(forms.Form):
    """Offers the partnerships of this person's councils; asks for the council only where there are several."""

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(), to_field_name="slug", label="Partnership", empty_label="Choose a partnership",
        error_messages={"required": "Choose a partnership.", "invalid_choice": "Choose one of your own partnerships."},
    )  # fmt: skip
    council = forms.ModelChoiceField(
        Council.objects.none(), to_field_name="code", label="For which council", empty_label="Choose a council",
        help_text="Its people will find the report under Reports.",
        error_messages={"required": "Choose a council.", "invalid_choice": "Choose one of your own councils."},
    )  # fmt: skip

    day = DayField(
        label="As at the end of which day (optional)", required=False,
        help_text="For example, 30 9 2026: the report shows the ledger as it was then. "
        "Leave it empty for the ledger as it is now.",
    )  # fmt: skip

    def __init__(self, *args, rights, **kwargs):
        super().__init__(*args, **kwargs)
        self.mine = rights.councils()
        partnership, council = (cast(forms.ModelChoiceField, self.fields[name]) for name in ("partnership", "council"))
        partnership.queryset = (
            Partnership.objects.kept().filter(memberships__council__in=self.mine).distinct().order_by("name")
        )
        council.queryset = Council.objects.filter(pk__in=self.mine).order_by("name")
        if len(self.mine) == 1:
            del self.fields["council"]

    def facts(self):
        """What `savings.actions.reports.ask` takes; call on a valid form."""
        council = self.cleaned_data.get("council") or Council.objects.get(pk__in=self.mine)
        day = self.cleaned_data["day"]
        return {
            "partnership": self.cleaned_data["partnership"],
            "council": council,
            "as_at": end_of(day) if day else None,
        }
