"""Recording one saving, cost or income, with the documents that prove it, on one screen."""

import datetime
import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from councils.fields import CodeField, MoneyField, PlainField
from councils.models import Council
from councils.rights import RECORDING
from councils.years import MONTHS, FinancialYear
from savings.actions.entries import COSTS
from savings.models import Entry, Scheme
from savings.models.typed import BenefitClass, FundedBy, Kind, Recurrence, Series
from savings.reporting.radar import Typed, resembles

from .budget import budgets_of
from .choices import CLASSES, KINDS, RECURRENCES, SERIES, grouped, hinted, schemes_of
from .files import FilesForm

WHOLE_YEAR = "year"
A_DAY = datetime.timedelta(days=1)
YEARS_BACK, YEARS_AHEAD = 20, 10  # a forecast may run as far ahead as a business case does

#: The order of the page, which is the order of the error summary.
ON_THE_PAGE = (
    "token", "council", "scheme", "kind", "benefit_class", "recurrence", "amount", "year", "month", "series",
    "funded_by", "ledger_code", "reduction", "file_1", "title_1", "file_2", "title_2", "file_3", "title_3",
)  # fmt: skip


class EntryForm(FilesForm):
    """One amount. Takes who records (`by`) and their `rights`, the moment `now`, and the slug of one `partnership`.

    Costs three queries: the councils one may record for, the schemes of their partnerships, and the budgets to pick
    from. Sent, it costs one more,
    for `like`: the same amount recorded by the same person within a day, which has to be meant.
    """

    fields: dict[str, Any]  # the choices of some depend on who asks
    slots = 3
    only_council: Council | None = None  # said in words, when there is nothing to choose
    like: Entry | None = None
    resembles: list[str] = []
    use_required_attribute = False  # what is required follows the kind, and a hidden box must not hold up the form

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Open this page again."})
    council = forms.ModelChoiceField(
        Council.objects.none(), to_field_name="code", label="Council", empty_label="Choose",
        error_messages={"invalid_choice": "You cannot record for that council."},
    )  # fmt: skip
    scheme = forms.ChoiceField(
        label="Scheme",
        error_messages={"required": "Choose a scheme.", "invalid_choice": "Choose a scheme from the list."},
    )
    series = forms.ChoiceField(label="Has it happened?", **hinted(SERIES, "Say whether it has happened."))
    kind = forms.ChoiceField(label="What is it?", **hinted(KINDS, "Choose what it is."))
    benefit_class = forms.ChoiceField(label="Class of saving", **hinted(CLASSES, "Choose the class of saving."))
    recurrence = forms.ChoiceField(label="Does it come back?", **hinted(RECURRENCES, "Say whether it comes back."))
    year = forms.ChoiceField(label="Financial year", error_messages={"invalid_choice": "Choose a year from the list."})
    month = forms.ChoiceField(
        label="Month",
        choices=[
            ("", "Choose"),
            (WHOLE_YEAR, "Whole year"),
            *((str(number), name) for number, name in enumerate(MONTHS, start=1)),
        ],
        error_messages={
            "required": "Choose a month, or the whole year.",
            "invalid_choice": "Choose a month from April to March, or the whole year.",
        },
    )
    amount = MoneyField(label="Amount", help_text="Pounds and pence in the prices of the time. A cost is positive too.")
    ledger_code = CodeField(
        label="Ledger code of the budget", required=False, max_length=80,
        help_text="The budget it was taken out of: pick one that is recorded, or type a new one. Without it a "
        "cash-releasing saving cannot be signed off.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "list": "budgets", "autocomplete": "off"}),
    )  # fmt: skip
    reduction = MoneyField(
        label="Taken out of that budget in the year",
        required=False,
        help_text="Only when this is the first saving against that code in the year. Savings against a code can never "
        "come to more than was taken out of it.",
    )
    funded_by = forms.ChoiceField(label="Paid from", required=False, choices=[("", "Choose"), *FundedBy.choices])
    document_ref = PlainField(
        label="Document reference", required=False, max_length=200,
        help_text="Your own reference, such as a journal or minute number.",
    )  # fmt: skip
    note = PlainField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Anything a colleague or an auditor needs to follow the figure. All members can read it.",
    )  # fmt: skip

    seen = forms.BooleanField(label="Record it: I have seen what it resembles", required=False)
    anyway = forms.BooleanField(label="Record it anyway: it is another one", required=False)

    def __init__(self, *args, rights, by, now, partnership="", **kwargs):
        self.by, self.now = by, now
        self.today = timezone.localdate(now)
        this_year = FinancialYear.containing(self.today)
        usual = {"token": uuid.uuid4(), "year": str(this_year.start), "series": Series.BANKED}
        kwargs["initial"] = {**usual, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.order_fields(ON_THE_PAGE)
        mine = self.mine = rights.councils(*RECORDING)
        council = self.fields["council"]
        council.queryset = Council.objects.filter(pk__in=mine).order_by("name")
        if len(mine) == 1:
            only = self.only_council = council.queryset.get()
            council.widget, council.initial = forms.HiddenInput(), only.code
        self.schemes = {str(scheme.public_id): scheme for scheme in schemes_of(mine, partnership)}
        self.fields["scheme"].choices = [("", "Choose"), *grouped(self.schemes)]
        starts = range(this_year.start - YEARS_BACK, this_year.start + YEARS_AHEAD + 1)
        self.fields["year"].choices = [(str(start), FinancialYear(start).label) for start in starts]
        kind = self.data.get(self.add_prefix("kind")) if self.is_bound else ""
        self.fields["benefit_class"].required = kind in ("", Kind.SAVING)
        self.fields["recurrence"].required = kind in ("", Kind.SAVING, Kind.INCOME)

    def clean_scheme(self):
        return self.schemes[self.cleaned_data["scheme"]]

    def clean_year(self):
        return FinancialYear(int(self.cleaned_data["year"]))

    def clean_month(self):
        return None if self.cleaned_data["month"] == WHOLE_YEAR else int(self.cleaned_data["month"])

    def clean(self):
        """What a page without script shows needlessly is passed over: a cost has no class, a saving no funder."""
        super().clean()
        given = self.cleaned_data
        kind = given.get("kind")
        if not kind:  # what else has to be said depends on it, so ask for that first
            self.errors.pop("benefit_class", None)
            self.errors.pop("recurrence", None)
        if kind != Kind.SAVING:
            given["benefit_class"], given["reduction"] = None, None
        if kind not in COSTS:
            given["funded_by"] = ""
        if kind in COSTS:
            given["recurrence"] = Recurrence.ONE_OFF if kind == Kind.ONE_OFF_COST else Recurrence.RECURRING
        if given.get("series") == Series.BANKED and "month" in given and (year := given.get("year")):
            first = year.first_day if given["month"] is None else year.month_first_day(given["month"])
            if first > self.today:
                self.add_error(
                    "year" if given["month"] is None else "month",
                    ValidationError("That has not begun yet. Choose “Forecast”, or an earlier period."),
                )
        self.like = self._like(given)
        if self.like and not given.get("anyway"):
            at = timezone.localtime(self.like.recorded_at)
            said = f"This looks like one recorded at {at:%H:%M on %-d %B %Y}. Tick to record it anyway."
            self.add_error("anyway", ValidationError(said, code="like"))
        self.resembles = [] if self.errors else resembling(given)
        if self.resembles and not given.get("seen"):
            self.add_error(
                "seen", ValidationError("This may be counted elsewhere already. Read why, and tick.", code="seen")
            )
        return given

    def _like(self, given):
        """The latest entry that says the same and stands; the one this very form recorded (its token) is not it."""
        same = ("council", "scheme", "series", "kind", "benefit_class", "month")
        if not {*same, "year", "amount", "token"} <= given.keys():
            return None  # something is wrong with what was typed, so there is nothing yet to compare
        return (
            Entry.objects.filter(
                **{name: given[name] for name in same if given[name] is not None},
                **{f"{name}__isnull": True for name in ("month", "benefit_class") if given[name] is None},
                year=given["year"].start, amount_pence=given["amount"], recorded_by=self.by,
                recorded_at__gt=self.now - A_DAY, reverses__isnull=True, reversed_by__isnull=True,
            )
            .exclude(public_id=given["token"])
            .order_by("-pk")
            .first()
        )  # fmt: skip

    def budgets(self):
        """What to pick a ledger code from, those of the chosen year first."""
        chosen = str(self["year"].value())
        return budgets_of(self.mine, int(chosen) if chosen in dict(self.fields["year"].choices) else self.today.year)

    def budget_asked(self):
        """What was typed about the budget, as the form of a budget reduction reads it from its address."""
        asked = {"council": "council", "year": "year", "ledger_code": "code"}
        return urlencode({name: self.data.get(self.add_prefix(field), "") for field, name in asked.items()})

    def facts(self):
        """The keyword arguments of `savings.actions.entries.record`; call on a valid form."""
        given = self.cleaned_data
        kept = (
            "council", "scheme", "series", "kind", "benefit_class", "recurrence", "year", "month", "ledger_code",
            "funded_by", "document_ref", "note",
        )  # fmt: skip
        return {
            **{name: given[name] for name in kept},
            "partnership": given["scheme"].partnership,
            "amount_pence": given["amount"],
            "reduction_pence": given["reduction"],
            "public_id": given["token"],
            "files": self.stored_files(),
        }


def resembling(given, digests=()):
    """What a saving as filled in so far (`given`) would resemble; empty unless it is banked and cash-releasing.

    `digests` (SHA-256 in hexadecimal) are of files that a browser holds and has not sent; those sent speak for
    themselves.
    """
    needed = ("council", "scheme", "year", "amount")
    cash = given.get("series"), given.get("kind"), given.get("benefit_class")
    if cash != (Series.BANKED, Kind.SAVING, BenefitClass.CASH_RELEASING) or not all(given.get(n) for n in needed):
        return []
    files = [file.sha256 for name, file in given.items() if name.startswith("file_") and file] or digests
    typed = Typed(given["scheme"], given["amount"], frozenset({given.get("document_ref") or ""}), frozenset(files))
    found = resembles(
        council=given["council"], partnership=given["scheme"].partnership_id, year=given["year"], typed=[typed]
    )
    return [each.words for each in found]


def beginning(query):
    """What the form starts with: `?scheme=` proposes its class, `?like=` (an entry) everything but the amount."""
    if like := _one(Entry.objects.select_related("scheme", "council"), query.get("like")):
        following = min(like.month + 1, 12) if like.month else WHOLE_YEAR
        return {
            "council": like.council.code, "scheme": str(like.scheme.public_id), "series": like.series,
            "kind": like.kind, "benefit_class": like.benefit_class, "recurrence": like.recurrence, "year": like.year,
            "month": following, "ledger_code": like.ledger_code, "funded_by": like.funded_by,
        }  # fmt: skip
    if scheme := _one(Scheme.objects.all(), query.get("scheme")):
        return {
            "scheme": str(scheme.public_id), "benefit_class": scheme.benefit_class, "recurrence": scheme.recurrence,
        }  # fmt: skip
    return {}


def _one(rows, public_id):
    try:
        return rows.filter(public_id=uuid.UUID(public_id or "")).first()
    except ValueError:
        return None
