"""The part of drafting that says what the service cost each member before: from outturn, or typed with its source."""

from typing import Any

from django import forms

from councils.fields import MoneyField, PlainField
from councils.money import pounds
from councils.years import FinancialYear

from .files import HINT, StoredFileField

TYPED, KEPT = "typed", "kept"


class BaselineFields(forms.Form):
    """Mixed into the form of a business case, which gives `members` and `basis`."""

    chosen_baselines: list
    members: list
    basis: Any

    def offer_baselines(self, outturns, labels, this_year):
        """Five fields for each member: where it comes from, and for a typed one year, amount, source and file."""
        kept: dict[int, list] = {}
        for row in self.basis.baselines.order_by("year") if self.basis else []:
            kept.setdefault(row.council_id, []).append(row)
        self.outturns, self.kept = outturns, kept
        for council in self.members:
            name = f"baseline_{council.pk}"
            choices = [("", "Not given")]
            if council.pk in kept:
                said = ", ".join(f"{pounds(r.amount_pence)} in {FinancialYear(r.year).label}" for r in kept[council.pk])
                choices.append((KEPT, f"As in version {self.basis.version}: {said}"))
            choices += [(str(row.public_id), outturn_words(row)) for row in outturns.get(council.pk, [])]
            choices.append((TYPED, "Another amount, typed below"))
            self.fields[name] = forms.ChoiceField(
                label=f"What it cost {council.short_name} before", choices=choices, required=False,
                initial=KEPT if council.pk in kept else "",
                help_text="Its own outturn, net current expenditure on the line of the service, or an amount with a "
                "document." if council.pk in outturns else "No outturn of it is loaded for this service.",
            )  # fmt: skip
            years = [("", "Choose"), *((start, label) for start, label in labels.items() if start <= this_year)]
            self.fields[f"{name}_year"] = forms.TypedChoiceField(
                label=f"Year, {council.short_name}", choices=years, coerce=int, required=False, empty_value=None
            )
            self.fields[f"{name}_amount"] = MoneyField(label=f"Amount, {council.short_name}", required=False)
            self.fields[f"{name}_source"] = PlainField(
                label=f"Where the figure comes from, {council.short_name}", required=False, max_length=300
            )
            self.fields[f"{name}_file"] = StoredFileField(
                label=f"Document, {council.short_name}", required=False, help_text=HINT
            )

    def clean(self):
        found = super().clean() or self.cleaned_data
        self.chosen_baselines = []
        for council in self.members:
            self.chosen_baselines += self._chosen(council, found)
        every = [(row["council"], row["year"]) for row in self.chosen_baselines + (found.get("baselines") or [])]
        if len(set(every)) < len(every):
            self.add_error("baselines", "There are two baselines for one member and year.")
        return found

    def _chosen(self, council, found):
        name = f"baseline_{council.pk}"
        choice = found.get(name)
        typed = {part: found.get(f"{name}_{part}") for part in ("year", "amount", "source", "file")}
        if choice == KEPT:
            return [_kept(row) for row in self.kept[council.pk]]
        if choice == TYPED:
            return self._typed(council, name, typed)
        if any(typed.values()):
            self.add_error(name, "Choose “Another amount, typed below”, or empty the boxes below.")
        for row in self.outturns.get(council.pk, []):
            if str(row.public_id) == choice:
                return [{"council": council, "year": row.year, "amount_pence": row.amount_pence, "outturn": row,
                         "source": source_words(row)}]  # fmt: skip
        return []

    def _typed(self, council, name, typed):
        missing = {"year": "Choose the year.", "amount": "Enter the amount.", "source": "Say where it comes from."}
        wrong = [part for part in missing if not typed[part]]
        for part in wrong:
            if f"{name}_{part}" not in self.errors:
                self.add_error(f"{name}_{part}", missing[part])
        if wrong:
            return []
        return [{"council": council, "year": typed["year"], "amount_pence": typed["amount"],
                 "source": typed["source"], "file": typed["file"]}]  # fmt: skip

    def ask_for_files_again(self):
        """A browser does not keep what was chosen when a page comes back, so say which files are missing."""
        for council in self.members:
            name = f"baseline_{council.pk}_file"
            if self.files.get(name) and name not in self.errors:
                self.add_error(name, "Choose the file again: a browser forgets files when a page comes back.")

    @property
    def baseline_parts(self):
        """For each member (council, where it comes from, the four boxes of a typed one, whether those stand open)."""
        for council in self.members:
            name = f"baseline_{council.pk}"
            boxes = [self[f"{name}_{part}"] for part in ("year", "amount", "source", "file")]
            yield council, self[name], boxes, self[name].value() == TYPED or any(box.errors for box in boxes)


def outturn_words(row):
    return f"{FinancialYear(row.year).label}: {pounds(row.amount_pence)}, {line_words(row)}"


def source_words(row):
    return f"Revenue outturn, {line_words(row)} ({row.release})"


def line_words(row):
    return row.line.replace("_", " ")


def _kept(row):
    source = getattr(row, "from_source", None)
    return {"council": row.council, "year": row.year, "amount_pence": row.amount_pence, "source": row.source,
            "outturn": source and source.outturn, "document": source and source.document}  # fmt: skip
