"""What is asked of each recurring saving on the screen that attests a year."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from councils.fields import CodeField, MoneyField, PlainField
from savings.actions.recurring import Delivers, Ended
from savings.models import Document

from .files import FilesForm

DELIVERS, ENDED, UNKNOWN = "delivers", "ended", "unknown"
#: Needed with one of the answers and not with another, so they are not said to be optional.
DEPENDS = ("amount", "document", "file_1", "reason", "ledger_code")
SAID = [(DELIVERS, "It still delivers"), (ENDED, "It has ended"), (UNKNOWN, "Not yet known")]


class AttestForm(FilesForm):
    """One saving. Takes the `line` (`savings.attesting.Line`) and the `documents` it may rest on."""

    fields: dict[str, Any]  # the documents to choose from depend on who asks
    use_required_attribute = False

    said = forms.ChoiceField(
        label="In this year", choices=SAID, initial=UNKNOWN,
        error_messages={"required": "Choose whether it still delivers, has ended, or is not yet known."},
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
    )  # fmt: skip
    amount = MoneyField(label="Amount", required=False)
    document = forms.ModelChoiceField(
        Document.objects.none(), required=False, to_field_name="public_id", label="A document already kept",
        empty_label="Choose",
        error_messages={"invalid_choice": "Choose a document from the list."},
    )  # fmt: skip
    ledger_code = CodeField(
        label="Ledger code of the budget", required=False, max_length=80,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )  # fmt: skip
    reduction = MoneyField(
        label="Taken out of that budget in the year", required=False,
        help_text="When this is the first saving against that code in the year.",
    )  # fmt: skip
    reason = PlainField(label="Why it has ended", required=False, max_length=1000)

    def __init__(self, *args, line, documents, **kwargs):
        usual = {"amount": line.expected, "ledger_code": line.ledger_code, "said": UNKNOWN}
        super().__init__(*args, **{"initial": usual, "prefix": line.key, **kwargs})
        self.line = line
        for name in DEPENDS:
            self.fields[name].depends = True
        self.fields["amount"].label = f"Amount for {line.period}"
        self.fields["document"].queryset = documents.filter(partnership=line.saving.partnership)
        self.fields["file_1"].label = "Or upload one"
        if not line.saving.cash:  # no budget has to be named for it
            del self.fields["ledger_code"], self.fields["reduction"]

    def clean(self):
        super().clean()
        given = self.cleaned_data
        said = given.get("said")
        if said == DELIVERS and given.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", ValidationError("Enter what it saves in this year."))
        if said == DELIVERS and given.get("document") and given.get("file_1"):
            self.add_error("document", ValidationError("Choose a document or upload one, not both."))
        if said != DELIVERS:  # whatever was typed before the mind was changed is passed over
            for name in ("amount", "document", "ledger_code", "reduction", "file_1", "title_1"):
                self.errors.pop(name, None)
        return given

    def answer(self):
        """The answer for `savings.actions.recurring.attest`; None while it is not known. Call on a valid form."""
        given, saving = self.cleaned_data, self.line.saving
        which = {"scheme": saving.scheme, "benefit_class": saving.benefit_class}
        if given["said"] == ENDED:
            return Ended(**which, reason=given["reason"])
        if given["said"] != DELIVERS:
            return None
        files = self.stored_files()
        return Delivers(
            **which, whole=saving.whole, amount_pence=given["amount"], file=files[0] if files else None,
            document=given.get("document"), ledger_code=given.get("ledger_code", ""),
            reduction_pence=given.get("reduction"),
        )  # fmt: skip
