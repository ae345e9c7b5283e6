"""Files as they come from a browser: each is checked and kept while the form is read.

A file is kept under its digest before it is known whether the rest of the form is right. That wastes room at worst,
and the same file chosen again is the same file; the other way round, a file that is too large or of the wrong kind
would be refused only after everything else is mended (see `savings.documents.store`).
"""

from django import forms
from django.core.exceptions import ValidationError

from councils.fields import PlainField
from councils.refusals import Refused
from savings import documents

HINT = f"{documents.ACCEPTED}. At most 20 MB."
SUFFIXES = ",".join(sorted(suffix for suffixes in documents.SUFFIXES.values() for suffix in suffixes))


class StoredFileField(forms.FileField):
    """Cleans to a `StoredFile` without its title; None when none was chosen and none is needed."""

    widget = forms.FileInput(attrs={"accept": SUFFIXES})
    default_error_messages = {"empty": "That file is empty. Choose another."}

    def clean(self, value, initial=None):
        upload = super().clean(value, initial)
        if not upload:
            return None
        try:
            return documents.store(upload, name=upload.name)
        except Refused as refusal:
            raise ValidationError(str(refusal), code="file") from refusal


class FilesForm(forms.Form):
    """Ends in `slots` pairs of a file and its title; `stored_files()` gives those chosen."""

    slots = 1

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, self.slots + 1):
            first = number == 1
            self.fields[f"file_{number}"] = StoredFileField(
                label="File" if first else f"File {number}", required=False, help_text=HINT if first else ""
            )
            self.fields[f"title_{number}"] = PlainField(
                label="What it shows" if first else f"What file {number} shows",
                required=False,
                max_length=200,
                help_text="For example, “Budget monitoring, June 2026”. Left empty, the file's name is used."
                if first
                else "",
            )

    def stored_files(self):
        """The files chosen, each with its title; call on a valid form."""
        pairs = ((self.cleaned_data.get(f"file_{n}"), self.cleaned_data.get(f"title_{n}")) for n in self.numbers)
        return [file._replace(title=title) for file, title in pairs if file]

    @property
    def numbers(self):
        return range(1, self.slots + 1)

    def ask_for_files_again(self):
        """On a form that comes back: a browser does not keep what was chosen, so say which files are missing."""
        for number in self.numbers:
            name = f"file_{number}"
            chosen = self.files.get(self.add_prefix(name))
            if chosen and name not in self.errors:
                shown = documents.clean_name(chosen.name)
                self.add_error(name, f"Choose “{shown}” again: a browser forgets files when a page comes back.")

    @property
    def file_pairs(self):
        """(file, title) as bound fields, for a template."""
        return [(self[f"file_{n}"], self[f"title_{n}"]) for n in self.numbers]

    @property
    def more_files_wrong(self):
        """Something is wrong with a file after the first, so the part of the page that holds them stands open."""
        return any(field.errors for pair in self.file_pairs[1:] for field in pair)
