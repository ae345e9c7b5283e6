"""Finding partnerships: by name or member, service, what is held about them, and whether they go on."""

from typing import Any

from django import forms
from django.db.models import Q

from .models import Service

LEDGER, PUBLISHED = "ledger", "published"
GOES_ON, ENDED = "goes-on", "ended"


class PartnershipFilter(forms.Form):
    """Reads the address; a value that is not offered filters nothing. `on` is the day of reading. One query."""

    fields: dict[str, Any]  # what can be chosen depends on what there is
    use_required_attribute = False

    search = forms.CharField(label="Name or member", required=False, max_length=100)
    service = forms.ChoiceField(label="Service", required=False)
    held = forms.ChoiceField(
        label="What is held", required=False,
        choices=[("", "Any"), (LEDGER, "A ledger here"), (PUBLISHED, "What was published")],
    )  # fmt: skip
    state = forms.ChoiceField(
        label="Going on", required=False, choices=[("", "Going on or ended"), (GOES_ON, "Going on"), (ENDED, "Ended")]
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        shared = Service.objects.filter(partnerships__isnull=False).distinct()
        self.fields["service"].choices = [("", "Any"), *shared.values_list("slug", "name")]

    def narrow(self, partnerships):
        """The queryset `partnerships`, filtered by what was asked for and can be understood."""
        self.is_valid()
        asked = self.cleaned_data
        if search := asked.get("search", "").strip():
            partnerships = partnerships.filter(
                Q(name__icontains=search) | Q(memberships__council__name__icontains=search)
            ).distinct()
        if service := asked.get("service"):
            partnerships = partnerships.filter(services__service__slug=service)
        if held := asked.get("held"):
            partnerships = partnerships.filter(kept=held != PUBLISHED)
        ended = Q(ending__ended_on__lte=self.on)
        if state := asked.get("state"):
            partnerships = partnerships.filter(ended if state == ENDED else ~ended)
        return partnerships
