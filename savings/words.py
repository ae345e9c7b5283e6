"""How an entry is spoken of, the same on every page: its period, what it is, and where it stands."""

from typing import NamedTuple

from django.utils import timezone

from councils.money import pounds
from councils.years import FinancialYear, Quarter
from savings.models import Decision, DoubleClaim, EntryState
from savings.models.typed import BenefitClass, Kind, Series

GRADES = ("Self-declared", "Documented", "Signed off", "Audited")


def period(entry):
    """`June 2026`, or `the whole of 2026/27`."""
    year = FinancialYear(entry.year)
    return f"the whole of {year.label}" if entry.month is None else year.month_label(entry.month)


def what(entry):
    """`Banked saving, cash-releasing`, or `Forecast running cost`."""
    words = f"{entry.get_series_display()} {entry.get_kind_display().lower()}"
    return f"{words}, {entry.get_benefit_class_display().lower()}" if entry.benefit_class else words


def spoken(entry):
    """`£1,200.00 for June 2026 on REV-01`: enough to know it again."""
    return f"{pounds(entry.amount_pence)} for {period(entry)} on {entry.scheme.reference}"


def spoken_charge(charge):
    """`£500.00 from Southmere to Northford for June 2026`."""
    sides = f"from {charge.payer.short_name} to {charge.receiver.short_name}"
    return f"{pounds(charge.amount_pence)} {sides} for {period(charge)}"


def quarter(first_day):
    """`April to June 2026`, from the first day of a quarter."""
    return Quarter.containing(first_day).months_label


def quarter_slug(first_day):
    """`2026-27-q1`, as addresses write it, from the first day of a quarter."""
    return Quarter.containing(first_day).slug


class Standing(NamedTuple):
    """Where an entry stands. Reads `state`, `reverses.state` and `reversed_by`, so select them."""

    grade: int  # 0 to 3; a reversal has that of what it reverses
    outcome: str  # the latest decision, or empty
    disputed: bool
    reversal: bool
    reversed: bool
    promised: bool = False  # projected: a business case says so, and nothing is there yet to be proven
    left_out: str = ""  # why a duplicate rule leaves it out of what counts; known to lists and pages that look it up
    elsewhere: bool = False  # claimed in another partnership as well, and so disputed
    forecast: bool = False  # expected: it needs no proof and has no grade
    answered: bool = False  # returned, and a document was attached since; known to pages that tell one entry

    @property
    def grade_words(self):
        return "Promised" if self.promised else "Forecast" if self.forecast else GRADES[self.grade]

    @property
    def returned(self):
        return self.outcome == Decision.Outcome.RETURNED

    @property
    def exception(self):
        return self.outcome == Decision.Outcome.EXCEPTION

    @property
    def settled(self):
        """Nothing is left to do for it: it is a reversal, or was reversed."""
        return self.reversal or self.reversed


def standing(entry):
    judged = entry.reverses if entry.reverses_id else entry
    state = getattr(judged, "state", None) or EntryState(grade=0)
    return Standing(
        grade=state.grade,
        outcome=state.outcome,
        disputed=state.disputed and not entry.reverses_id,
        reversal=bool(entry.reverses_id),
        reversed=hasattr(entry, "reversed_by"),
        promised=entry.series == Series.PROJECTED,
        left_out=next((_left_out(row) for row in getattr(entry, "caught", []) if not row.counts), ""),
        elsewhere=any(row.other_scheme_id for row in getattr(entry, "caught", [])),
        forecast=entry.series == Series.FORECAST,
        answered=getattr(entry, "answered", False),
    )


def _left_out(row):
    return str(DoubleClaim.Rule(row.rule).label).lower()


def lacks_budget(entry):
    """A cash-releasing saving that names no budget it was taken out of, and so cannot be signed off (R8)."""
    return (
        entry.kind == Kind.SAVING
        and entry.benefit_class == BenefitClass.CASH_RELEASING
        and not entry.budget_reduction_id
    )


def what_raises(entry, where, answered=None):
    """What would raise the grade of `entry`, whose standing is `where`; empty when nothing would.

    `answered`: the moment a document was attached since it was returned, if one was.
    """
    council, recorder = entry.council.short_name, entry.recorded_by.name
    if where.settled or entry.series != Series.BANKED:
        return ""
    if where.grade == 3:
        return ""
    if where.grade == 2:
        return "An auditor of the council can raise it to audited."
    if lacks_budget(entry):
        return (
            "It is claimed as cash-releasing but names no budget it was taken out of, so it cannot be signed off. "
            "Reverse it and record it again with its ledger code."
        )
    if where.grade == 0:
        return "Attach a document that proves it. Then it can be signed off."
    if where.returned and answered:
        return f"Attached on {timezone.localtime(answered):%-d %B %Y}; waits to be signed off again."
    if where.returned:
        return "Attach what was asked for. Then it waits to be signed off again."
    if where.exception:
        return "An auditor took exception to it. Put right what was found; then it can be signed off again."
    return f"A finance lead of {council} other than {recorder} can sign it off."
