"""Finding councils: by name, kind, nation, region, and whether they still exist. The address holds the view."""

from typing import Any

from django import forms

from .models import Council

LIVING, ENDED = "in-being", "ended"


class CouncilFilter(forms.Form):
    """Reads the address; a value that is not offered filters nothing. `on` is the day of reading.

    Costs one query for the nations and regions that occur.
    """

    fields: dict[str, Any]  # what can be chosen depends on what there is
    use_required_attribute = False

    search = forms.CharField(label="Name or code", required=False, max_length=100)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any"), *Council.Kind.choices])
    nation = forms.ChoiceField(label="Nation", required=False)
    region = forms.ChoiceField(label="Region", required=False)
    being = forms.ChoiceField(
        label="In being", required=False, choices=[("", "In being or ended"), (LIVING, "In being"), (ENDED, "Ended")]
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        places = list(Council.objects.order_by().values_list("nation", "region").distinct())
        self.fields["nation"].choices = _choices({nation for nation, _ in places})
        self.fields["region"].choices = _choices({region for _, region in places})

    def narrow(self, councils):
        """The queryset `councils`, filtered by what was asked for and can be understood."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if search := asked.pop("search", "").strip():
            councils = councils.named_like(search)
        being = asked.pop("being", "")
        if being == LIVING:
            councils = councils.in_being(self.on)
        elif being == ENDED:
            councils = councils.ended(self.on)
        return councils.filter(**asked)


def _choices(values):
    return [("", "Any"), *((value, value) for value in sorted(values - {""}))]
