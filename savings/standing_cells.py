"""The cells of the grid as the ledger holds them: what stands banked in one row and month, and a mark of just that.

A row is a scheme with a kind, class and recurrence; its months are 1 (April) to 12 and `WHOLE` for the whole year. The
mark is what two people's changes are told apart by: a page carries it, and it differs as soon as any entry of the cell
does, also when the sum is the same again.
"""

import hashlib
import uuid
from typing import NamedTuple

from django.utils import timezone

from savings.models import Entry, Return
from savings.models.typed import BenefitClass, Kind, Recurrence

WHOLE = 0
MONTHS_AND_WHOLE = (*range(1, 13), WHOLE)


class RowKey(NamedTuple):
    """What tells one row from another; `text` is how a form spells it."""

    scheme: uuid.UUID  # public id
    kind: str
    benefit_class: str  # empty unless a saving
    recurrence: str

    @property
    def text(self) -> str:
        return ".".join((self.scheme.hex, self.kind, self.benefit_class, self.recurrence))

    @classmethod
    def parse(cls, text: str) -> "RowKey":
        """Raises ValueError for anything `text` never spells."""
        scheme, kind, benefit_class, recurrence = text.split(".")
        if (benefit_class in BenefitClass.values) != (kind == Kind.SAVING) or (benefit_class and kind != Kind.SAVING):
            raise ValueError(text)
        return cls(uuid.UUID(scheme), Kind(kind).value, benefit_class, Recurrence(recurrence).value)


class Cell(NamedTuple):
    """Entries that stand in one place, oldest first: neither reversals nor reversed, so their sum is net of both."""

    entries: tuple[Entry, ...] = ()

    @property
    def pence(self) -> int:
        return sum(entry.amount_pence for entry in self.entries)

    @property
    def mark(self) -> str:
        """Empty for an empty cell."""
        if not self.entries:
            return ""
        ids = ",".join(sorted(entry.public_id.hex for entry in self.entries))
        return f"{self.pence}:{hashlib.sha256(ids.encode()).hexdigest()[:12]}"


def pence_of(mark: str) -> int | None:
    """What a cell with that mark came to; None when it was empty. Raises ValueError for what is no mark."""
    return int(mark.partition(":")[0]) if mark else None


def standing_cells(*, council, partnership, year) -> dict[RowKey, dict[int, Cell]]:
    """Every cell of the year that is not empty, by row and month. One query, however many cells."""
    found: dict[RowKey, dict[int, list[Entry]]] = {}
    entries = (
        Entry.objects.banked()
        .in_year(year)
        .filter(council=council, partnership=partnership, reverses__isnull=True, reversed_by__isnull=True)
        .select_related("scheme", "state", "recorded_by", "budget_reduction")
        .order_by("pk")
    )
    for entry in entries:
        key = RowKey(entry.scheme.public_id, entry.kind, entry.benefit_class or "", entry.recurrence)
        found.setdefault(key, {}).setdefault(entry.month or WHOLE, []).append(entry)
    return {key: {month: Cell(tuple(each)) for month, each in months.items()} for key, months in found.items()}


def closed_months(*, council, partnership, year) -> dict[int, str]:
    """{month: who closed its quarter and when, in words}; a whole year closes with its fourth quarter. One query."""
    steps = (
        Return.objects.filter(
            council=council, partnership=partnership, quarter__in=[quarter.first_day for quarter in year.quarters]
        )
        .order_by("quarter", "-sequence")
        .distinct("quarter")
        .select_related("stepped_by")
    )
    said = {
        step.quarter: f"Closed by {step.stepped_by.name} on {timezone.localtime(step.stepped_at):%-d %B %Y}"
        for step in steps
        if step.step == Return.Step.CLOSED
    }
    closed = {
        month: said[quarter.first_day]
        for quarter in year.quarters
        for month in quarter.months
        if quarter.first_day in said
    }
    return closed | ({WHOLE: closed[12]} if 12 in closed else {})


def begun(year, month, today) -> bool:
    return (year.first_day if month == WHOLE else year.month_first_day(month)) <= today
