"""Sending a file of entries, or what was copied from a spreadsheet."""

from typing import cast

from django import forms
from django.core.exceptions import ValidationError

from councils.fields import PlainField
from councils.models import Council
from councils.rights import RECORDING
from savings.uploads.keeping import LARGEST


class UploadForm(forms.Form):
    """Asks for the council only where somebody records for several."""

    council = forms.ModelChoiceField(
        Council.objects.none(), to_field_name="code", label="Council", empty_label="Choose",
        error_messages={"required": "Choose a council.", "invalid_choice": "You cannot record for that council."},
    )  # fmt: skip
    file = forms.FileField(
        label="File", required=False, widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv,.json"}),
        help_text="CSV or Excel (.xlsx), at most 20 MB and 50,000 rows. Columns may be in any order.",
        error_messages={"empty": "That file is empty. Choose another."},
    )  # fmt: skip
    pasted = forms.CharField(
        label="Or paste rows", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Copy them from a spreadsheet together with the row that names the columns.",
    )  # fmt: skip
    allow_extra = forms.BooleanField(label="Leave out columns that are not known", required=False)

    def __init__(self, *args, rights, **kwargs):
        super().__init__(*args, **kwargs)
        mine = rights.councils(*RECORDING)
        field = cast(forms.ModelChoiceField, self.fields["council"])
        field.queryset = Council.objects.filter(pk__in=mine).order_by("name")
        if len(mine) == 1:
            field.widget, field.initial = forms.HiddenInput(), field.queryset.get().code

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise ValidationError("That file is larger than 20 MB. Split it.")
        return file

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if not self.errors and bool(given.get("file")) == bool((given.get("pasted") or "").strip()):
            self.add_error("file", "Choose a file or paste rows: one of the two.")
        return given

    def content(self):
        """(bytes, name, source) of what was sent; call on a valid form."""
        if file := self.cleaned_data["file"]:
            return file.read(), file.name, "file"
        return self.cleaned_data["pasted"].encode(), "Pasted rows", "paste"


class UndoForm(forms.Form):
    reason = PlainField(
        label="Why is it undone?", max_length=500, error_messages={"required": "Say why the upload is undone."},
        help_text="Every entry of it is reversed. What was reversed before stays as it is.",
    )  # fmt: skip
