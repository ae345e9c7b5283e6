"""What a council must close before it ends, by whom and by when; and afterwards what it left open."""

import datetime
from typing import NamedTuple

from django.db.models import Q
from django.urls import reverse

from councils.endings import CouncilEnding
from councils.models import Role
from councils.rights import LEAD, OFFICER
from councils.years import FinancialYear
from savings import addressing
from savings.attesting import Line
from savings.models import Charge, Return
from savings.models.typed import Series
from savings.reporting import needs, recurring
from savings.reporting.quarters import quarters_of

STEPS = {
    "open": ("to submit", OFFICER), Return.Step.REOPENED: ("to submit again", OFFICER),
    Return.Step.SUBMITTED: ("to sign off", LEAD), Return.Step.SIGNED_OFF: ("to close", LEAD),
}  # fmt: skip
MOST_LATE = 3  # overdue returns of a partnership and step that are listed one by one
MOST_YEARS = 2  # what was not attested for an older year has lapsed


class Task(NamedTuple):
    """Something open: what, how many (0 when it is done), which role acts, by which day, and where."""

    what: str
    number: int
    who: str  # a `Role.What`
    by: datetime.date
    url: str
    after: bool = False  # can only be done, or falls due, after the council has ended


class LeftOpen(NamedTuple):
    tasks: list[Task]  # what is open, in the order in which it is done
    done: list[str]  # what nothing is left of
    people: list[Role]  # of the council while it lasts, of its successors afterwards; those who can act
    savings: list[recurring.Saving]  # recurring ones of the council

    @property
    def number(self) -> int:
        return sum(task.number for task in self.tasks)

    @property
    def run_rate(self) -> int:
        """Pence a year of what goes on."""
        return sum(one.run_rate for one in self.savings)


def left_open(ending: CouncilEnding, *, on: datetime.date) -> LeftOpen:
    """About 20 queries, however much there is."""
    council = ending.council
    savings = recurring.savings(on, council=council)
    tasks = [*_entries(ending), *_returns(ending, on), *_charges(ending), *_attesting(ending, savings, on)]
    return LeftOpen(
        [task for task in tasks if task.number],
        [task.what for task in tasks if not task.number],
        _people(ending, on),
        savings,
    )


def _entries(ending):
    council, own = ending.council, [ending.council.pk]
    by = ending.last_day
    for what, found, standing, who in (
        ("Entries without a document", needs.undocumented(own), "undocumented", OFFICER),
        ("Entries not signed off", needs.unsigned(own), "unsigned", LEAD),
        ("Entries disputed by another member", needs.disputed(own), "disputed", LEAD),
    ):
        url = addressing.entries(council=council.slug, series=Series.BANKED, standing=standing)
        yield Task(what, needs.bounded(found), who, by, url)


def _returns(ending, on):
    """Each quarter by itself, many overdue ones of a partnership as one; `after` where due after the last day."""
    open_quarters = [
        one
        for one in quarters_of([ending.council.pk], today=on)
        if one.owed and one.state != Return.Step.CLOSED and one.quarter.first_day < ending.on
    ]
    if not open_quarters:
        yield Task("Returns", 0, LEAD, ending.last_day, "")
    piles: dict[tuple, list] = {}
    for one in open_quarters:
        if one.overdue:
            piles.setdefault((one.partnership.name, one.state), []).append(one)
    piled = {key: pile for key, pile in piles.items() if len(pile) > MOST_LATE}
    for (partnership, state), pile in piled.items():
        step, who = STEPS[state]
        what = f"Overdue returns of {partnership}, {pile[0].quarter.months_label} to {pile[-1].quarter.months_label}"
        url = reverse("savings:returns-together", args=[ending.council.code])
        yield Task(f"{what}: {step}", len(pile), who, pile[-1].due_on, url)
    for one in open_quarters:
        if one.overdue and (one.partnership.name, one.state) in piled:
            continue
        step, who = STEPS[one.state]
        url = reverse("savings:return", args=[one.partnership.slug, one.council.code, one.quarter.slug])
        what = f"Return for {one.quarter.months_label}, {one.partnership.name}: {step}"
        if not one.ended:
            what += f" once the quarter has ended on {one.quarter.end - datetime.timedelta(days=1):%-d %B %Y}"
        yield Task(what, 1, who, one.due_on, url, after=one.due_on >= ending.on)


def _charges(ending):
    council, by = ending.council, ending.last_day
    differing = needs.unexplained([council.pk])
    yield Task("Charges on which payer and receiver differ", len(differing), LEAD, by,
               reverse("savings:charge-differences"))  # fmt: skip
    provisional = Charge.objects.filter(
        Q(council=council), final=False, reversed_by__isnull=True, reverses__isnull=True
    )
    url = f"{reverse('savings:charges')}?standing=provisional"
    yield Task("Provisional charges to make final", needs.bounded(provisional), OFFICER, by, url)


def _attesting(ending, savings, on):
    this_year = FinancialYear.containing(min(on, ending.last_day))
    found = False
    for start in range(this_year.start, this_year.start - MOST_YEARS, -1):
        year = FinancialYear(start)
        number = sum(Line(one, year, 1, "").open for one in savings if one.asked_in(year))
        if number:
            found = True
            url = reverse("savings:attest", args=[ending.council.code, year.slug])
            yield Task(f"Recurring savings to attest for {year.label}", number, OFFICER, year.due_on(), url,
                       after=year.due_on() >= ending.on)  # fmt: skip
    if not found:
        yield Task("Recurring savings to attest", 0, OFFICER, ending.last_day, "")


def _people(ending, on):
    """Whoever records or leads: for the council until its last day, for its successors from then on. One query."""
    councils = [heir.council for heir in ending.heirs] if ending.passed else [ending.council.pk]
    held = Role.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), starts_on__lte=on)
    return list(
        held.filter(council__in=councils, what__in=(OFFICER, LEAD))
        .select_related("person", "council")
        .order_by("council__name", "what", "person__name")
    )
