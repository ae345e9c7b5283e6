"""What the screen that attests a year lists: last year's recurring savings of a council, and where each stands now."""

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from councils.models import Council
from councils.years import FinancialYear
from savings.actions.recurring import months_begun
from savings.analysis.persistence import run_rate
from savings.models import Entry
from savings.models.typed import Kind, Recurrence
from savings.reporting.recurring import Saving, Standing, savings


class Inherits(NamedTuple):
    predecessor: str
    pence: int
    of: int


class Line(NamedTuple):
    """One saving that was banked in the year before `year`."""

    saving: Saving
    year: FinancialYear
    months: int  # begun of the year
    ledger_code: str  # the budget it was taken out of last year
    names: Mapping[int, str] = MappingProxyType({})  # of predecessors, by id

    @property
    def key(self) -> str:
        """Of its form on the page."""
        return f"{self.saving.scheme.public_id}-{self.saving.benefit_class}"

    @property
    def before(self) -> int:
        """Pence banked in the year before."""
        return self.saving.years[self.year.start - 1].pence

    @property
    def inherited(self) -> list[Inherits]:
        """What came of predecessors in `before`."""
        has = self.saving.inheritance
        if not has or has.year != self.year.start - 1:
            return []
        return [Inherits(self.names[part.council], part.pence, part.of) for part in has.parts]

    @property
    def own_before(self) -> int:
        """Pence of `before` that the council banked itself."""
        return self.before - sum(part.pence for part in self.inherited)

    @property
    def now(self) -> int | None:
        """Pence banked in the year itself; None when nothing is."""
        found = self.saving.years.get(self.year.start)
        return found.pence if found else None

    @property
    def expected(self) -> int:
        """What last year would come to: for the whole year, or monthly for the months that have begun."""
        before = self.saving.years[self.year.start - 1]
        return before.pence if self.saving.whole else run_rate(before._replace(pence=before.pence * self.months)) // 12

    @property
    def period(self) -> str:
        if self.saving.whole:
            return f"the whole of {self.year.label}"
        first, last = self.year.month_label(1), self.year.month_label(self.months)
        return first if self.months == 1 else f"{first} to {last}, month by month in equal parts"

    @property
    def ended(self) -> bool:
        return self.saving.standing == Standing.ENDED and self.now is None

    @property
    def lapsed(self) -> bool:
        return self.saving.standing == Standing.LAPSED and self.now is None

    @property
    def passed(self) -> bool:
        return self.saving.standing == Standing.PASSED

    @property
    def open(self) -> bool:
        return self.saving.open_in(self.year)


def lines_of(council, year: FinancialYear, *, on: datetime.date, at) -> list[Line]:
    """In the order of partnership and reference. At most eight queries."""
    before = year.start - 1
    found = [one for one in savings(on, council=council) if one.asked_in(year)]
    parts = {part.council for one in found if one.inheritance for part in one.inheritance.parts}
    names = dict(Council.objects.filter(pk__in=parts).values_list("pk", "short_name")) if parts else {}
    codes = dict(
        Entry.objects.banked()
        .filter(
            council=council, year=before, kind=Kind.SAVING, recurrence=Recurrence.RECURRING,
            scheme__in=[one.scheme.pk for one in found],
        )
        .exclude(ledger_code="")
        .order_by("pk")
        .values_list("scheme", "ledger_code")
    )  # fmt: skip
    return [Line(one, year, months_begun(year, at), codes.get(one.scheme.pk, ""), names) for one in found]


def years_of(council, *, on: datetime.date) -> list[tuple[FinancialYear, int, int]]:
    """Years with something to attest: year, how many savings the year before had, and how many are still open."""
    this_year = FinancialYear.containing(on).start
    found = savings(on, council=council)
    listed = []
    for start in range(this_year, this_year - 6, -1):
        year = FinancialYear(start)
        lines = [Line(one, year, 1, "") for one in found if one.asked_in(year)]
        if lines:
            listed.append((year, len(lines), sum(line.open for line in lines)))
    return listed
