"""Drafting a business case whole: lines, charges and volumes are pasted, so a spreadsheet needs no retyping."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from councils.fields import PlainField
from councils.widgets import HintedRadios
from councils.years import FinancialYear
from partnerships.models import BusinessCase
from savings.models.typed import BenefitClass, FundedBy, Kind, Recurrence

from . import pasted
from .case_baselines import BaselineFields
from .case_volumes import VolumeFields
from .sharing_out import ALL, shared_out

AREA = {"rows": 10, "spellcheck": "false"}
SMALL = {"rows": 4, "spellcheck": "false"}


RESTATED = {
    "price": "Inflation or pay awards differ from what was assumed",
    "volume": "There is more or less work than was assumed",
    "scope": "A service came in or went out",
    "boundary": "A member joined, left or was reorganised",
}


KIND_WORDS = "a kind: saving, one-off cost, running cost or income"
RECURRENCE_WORDS = "recurring, one-off or time-limited"


class BusinessCaseForm(VolumeFields, BaselineFields, forms.Form):
    """Takes the partnership's `members` (councils), its `schemes`, the day `on`, and the `version` it will be.

    `basis` is the version it restates, `outturns` the lines of outturn each member may start from (by council id),
    `supersedes` the open versions it takes the place of, `shares` basis points by (council id, kind of share).
    """

    fields: dict[str, Any]  # the years that can be chosen depend on the day
    use_required_attribute = False

    title = PlainField(max_length=200, help_text="What is shared, in a few words.")
    restated_for = forms.ChoiceField(
        label="Why does it differ from the version before?", choices=BusinessCase.Restated.choices,
        widget=HintedRadios(hints=RESTATED),
    )  # fmt: skip
    explanation = PlainField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why it should pay, and what was left out.",
    )  # fmt: skip
    supersedes = PlainField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    horizon_year = forms.TypedChoiceField(label="Last year of the promise", coerce=int)
    price_base = forms.TypedChoiceField(
        label="Prices", coerce=int, required=False, empty_value=None,
        help_text="In the money of each year unless you say otherwise.",
    )  # fmt: skip
    lines = forms.CharField(label="What is promised", widget=forms.Textarea(attrs=AREA))
    charges = forms.CharField(
        label="Charges between members", required=False, widget=forms.Textarea(attrs=SMALL),
        help_text="One a line: payer, receiver, year, amount.",
    )  # fmt: skip
    baselines = forms.CharField(
        label="More baselines", required=False, widget=forms.Textarea(attrs=SMALL),
        help_text="Other years, or members not named above. One a line: member, year, amount, where the figure comes "
        "from.",
    )  # fmt: skip

    def __init__(self, *args, members, schemes, on, version, basis=None, outturns=None, supersedes=(), shares=None,
                 **kwargs):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.members, self.schemes = members, {scheme.reference: scheme for scheme in schemes}
        self.basis, self.shares = basis, shares or {}
        this_year = FinancialYear.containing(on).start
        labels = {start: FinancialYear(start).label for start in range(this_year - 15, this_year + 31)}
        self.fields["horizon_year"].choices = [("", "Choose"), *labels.items()]
        self.fields["price_base"].choices = [("", "Money of each year")] + [
            (start, f"{label} prices") for start, label in labels.items() if start <= this_year
        ]
        self.offer_baselines(outturns or {}, labels, this_year)
        self._leave_out(version, supersedes)
        self.order_fields(ORDER)
        self.fields["lines"].help_text = (
            "One a line, pasted from a spreadsheet or typed with commas: member, scheme, year, kind, amount. Then, if "
            "they differ from what the scheme proposes: class, recurrence, month, paid from. For the member you can "
            f"write “{ALL}”: the amount is shared out by the agreed shares. {self._example()}"
        )

    def _leave_out(self, version, supersedes):
        if version == 1:
            del self.fields["restated_for"]
        if not supersedes:
            del self.fields["supersedes"]
            return
        named = " and ".join(f"version {case.version}" for case in supersedes)
        self.fields["supersedes"].label = f"Why does it take the place of {named}?"
        self.fields["supersedes"].help_text = "Nobody has approved that version. It stays readable and cannot be now."

    def _example(self):
        if not self.members or not self.schemes:
            return ""
        member, scheme = self.members[0].short_name, next(iter(self.schemes))
        return f"For example: {member}, {scheme}, 2026/27, saving, 120000"

    def written(self):
        """What `savings.actions.cases.draft` takes; call on a valid form."""
        found = {name: self.cleaned_data[name] for name in self.cleaned_data if name in WRITTEN}
        found["baselines"] = [*self.chosen_baselines, *self.cleaned_data["baselines"]]
        found["elasticity_bps"] = int((self.cleaned_data.get("elasticity") or 0) * 10_000)
        unit = self.cleaned_data.get("volume_unit") or ""
        found["volumes"] = [row | {"unit": unit} for row in self.cleaned_data["volumes"]]
        return found

    def clean_lines(self):
        """Planned lines as `partnerships.actions.draft` takes them."""
        rows = self._read("lines", [
            pasted.Column("member", self._member(shared=True)),
            pasted.Column("scheme", pasted.one_of({ref: ref for ref in self.schemes}, "a scheme of this partnership")),
            pasted.Column("year", pasted.year),
            pasted.Column("kind", pasted.one_of(_spellings(Kind), KIND_WORDS)),
            pasted.Column("amount", pasted.amount),
            pasted.Column("class", pasted.one_of(_spellings(BenefitClass), "a class of saving"), optional=True),
            pasted.Column("recurrence", pasted.one_of(_spellings(Recurrence), RECURRENCE_WORDS), optional=True),
            pasted.Column("month", pasted.month, optional=True),
            pasted.Column("paid from", pasted.one_of(_spellings(FundedBy), "what pays for it"), optional=True),
        ])  # fmt: skip
        return [line for row in shared_out(rows, self.members, self.shares) for line in [self._line(row)]]

    def _line(self, row):
        scheme, kind = self.schemes[row["scheme"]], row["kind"]
        usual = Recurrence.ONE_OFF if kind == Kind.ONE_OFF_COST else scheme.recurrence
        return {
            "council": row["member"], "scheme_reference": scheme.reference, "year": row["year"], "kind": kind,
            "amount_pence": row["amount"], "recurrence": row["recurrence"] or usual, "month": row["month"],
            "benefit_class": (row["class"] or scheme.benefit_class) if kind == Kind.SAVING else None,
            "funded_by": row["paid from"] or "",
        }  # fmt: skip

    def clean_charges(self):
        rows = self._read("charges", [
            pasted.Column("payer", self._member()), pasted.Column("receiver", self._member()),
            pasted.Column("year", pasted.year), pasted.Column("amount", pasted.amount),
        ])  # fmt: skip
        if any(row["payer"] == row["receiver"] for row in rows):
            raise ValidationError("A council cannot charge itself.")
        return [renamed(row, amount="amount_pence") for row in rows]

    def clean_baselines(self):
        rows = self._read("baselines", [
            pasted.Column("member", self._member()), pasted.Column("year", pasted.year),
            pasted.Column("amount", pasted.amount), pasted.Column("source", str),
        ])  # fmt: skip
        return [renamed(row, amount="amount_pence", member="council") for row in rows]

    def clean(self):
        super().clean()
        last = self.cleaned_data.get("horizon_year")
        late = [line["year"] for line in self.cleaned_data.get("lines") or [] if last and line["year"] > last]
        if late:
            self.add_error("horizon_year", f"A line is for {FinancialYear(max(late)).label}, after the last year.")
        return self.cleaned_data

    def _member(self, *, shared=False):
        known: dict[str, object] = {ALL: ALL} if shared else {}
        for council in self.members:
            known |= dict.fromkeys((council.name, council.short_name, council.code, council.slug), council)
        return pasted.one_of(known, "a member")

    def _read(self, name, columns):
        found = pasted.read(self.cleaned_data[name], columns)
        if found.complaints:
            raise ValidationError(found.complaints)
        return found.rows


WRITTEN = {
    "title", "restated_for", "explanation", "supersedes", "horizon_year", "price_base", "lines", "charges",
    "volume_driver",
}  # fmt: skip

ORDER = ["title", "restated_for", "explanation", "supersedes", "horizon_year", "price_base", "lines", "charges"]


def renamed(row, **names):
    return {names.get(name, name): value for name, value in row.items()}


def _spellings(choices):
    """Value and label of each choice; `one-off cost` and `one_off_cost` are the same."""
    return {spelling: value for value, label in choices.choices for spelling in (value, label, value.replace("_", " "))}
