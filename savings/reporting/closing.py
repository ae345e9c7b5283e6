"""What a member's quarter adds up to, and what is still open in it: the checklist before closing."""

from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from councils.years import FinancialYear, Quarter, quarter_of
from savings.models import Charge, Decision, Entry, Indicator, Reading, Scheme
from savings.models.typed import Kind, Series, closing_with

from .recurring import savings

COSTS = [Kind.ONE_OFF_COST, Kind.RUNNING_COST]


class Total(NamedTuple):
    """Banked amounts in pence, nominal, every class, reversals taken off."""

    savings: int
    costs: int
    income: int
    entries: int

    @property
    def net(self) -> int:
        return self.savings - self.costs


class Totals(NamedTuple):
    quarter: Total  # what relates to the quarter, whenever it was recorded
    adjustments: Total  # of that, what was recorded after it had closed
    posted: Total  # what is dated in the quarter, whatever it relates to


def totals(one) -> Totals:
    """Of a `MemberQuarter`. One query."""
    wanted = {
        "quarter": closing_with(one.quarter),
        "adjustments": closing_with(one.quarter) & Q(adjustment=True),
        "posted": Q(posted_quarter=one.quarter.first_day),
    }
    kinds = {"savings": Q(kind=Kind.SAVING), "costs": Q(kind__in=COSTS), "income": Q(kind=Kind.INCOME)}
    sums = {
        f"{basis}_{name}": Coalesce(Sum("amount_pence", filter=which & kind), 0)
        for basis, which in wanted.items()
        for name, kind in kinds.items()
    }
    counts = {f"{basis}_entries": Count("pk", filter=which) for basis, which in wanted.items()}
    found = _banked(one).filter(wanted["quarter"] | wanted["posted"]).aggregate(**sums, **counts)
    return Totals(*(Total(*(found[f"{basis}_{name}"] for name in Total._fields)) for basis in wanted))


class Checks(NamedTuple):
    """How many entries that relate to the quarter are not in order; an entry may count under several."""

    unsigned: int
    undocumented: int
    returned: int
    disputed: int


def checks(one) -> Checks:
    """As the ledger counts them under the same filter. One query."""
    stands = Q(reverses__isnull=True, taken_back=False)
    found = (
        _banked(one)
        .filter(closing_with(one.quarter))
        .annotate(taken_back=Exists(Entry.objects.filter(reverses=OuterRef("pk"))))
        .aggregate(
            unsigned=Count("pk", filter=stands & ~Q(state__grade__gte=2)),
            undocumented=Count("pk", filter=stands & ~Q(state__grade__gte=1)),
            returned=Count("pk", filter=Q(state__outcome=Decision.Outcome.RETURNED, taken_back=False)),
            disputed=Count("pk", filter=Q(state__disputed=True)),
        )
    )
    return Checks(**found)


def lapsed(one) -> list[Scheme]:
    """Schemes of which a recurring saving is asked for the year and not answered, as the page that attests asks it:
    what the council banked the year before, and its shares of what a predecessor did. By reference; seven queries.

    Asked with the fourth quarter only, with which a year closes.
    """
    if one.quarter.quarter != 4:
        return []
    found = [each for each in savings(one.today, council=one.council) if each.partnership == one.partnership]
    schemes = {each.scheme.pk: each.scheme for each in found if each.open_in(one.quarter.year)}
    return sorted(schemes.values(), key=lambda scheme: scheme.reference)


MOST_LATE = 50


class Late(NamedTuple):
    """Adjustments that touch a quarter: posted in it for one already closed, or recorded for it after it had closed."""

    entries: list[Entry]  # newest first, at most `MOST_LATE`; each with `relates_to`, the quarter it relates to
    more: bool


def late(one) -> Late:
    """One query."""
    quarter = one.quarter
    touches = Q(posted_quarter=quarter.first_day) | closing_with(quarter)
    found = list(
        _banked(one).filter(touches, adjustment=True).select_related("scheme", "recorded_by").order_by("-pk")
        [: MOST_LATE + 1]
    )  # fmt: skip
    for entry in found:
        year = FinancialYear(entry.year)
        entry.relates_to = Quarter(year, 4 if entry.month is None else quarter_of(entry.month))
        entry.posted_in = Quarter.containing(entry.posted_quarter)
    return Late(found[:MOST_LATE], len(found) > MOST_LATE)


class Charged(NamedTuple):
    """Banked charges of the quarter as the member itself reports them, in pence; None where it reported none."""

    paid: int | None
    received: int | None


def charged(one) -> Charged:
    """One query."""
    found = Charge.objects.filter(
        closing_with(one.quarter), partnership=one.partnership, council=one.council, series=Series.BANKED
    ).aggregate(
        paid=Sum("amount_pence", filter=Q(payer=F("council"))),
        received=Sum("amount_pence", filter=Q(receiver=F("council"))),
    )
    return Charged(**found)


def _banked(one):
    return Entry.objects.banked().filter(partnership=one.partnership, council=one.council)


def unread(one) -> list[Indicator]:
    """Quality indicators of the partnership without a reading for a `MemberQuarter`, in name order. One query."""
    read = Reading.objects.filter(indicator=OuterRef("pk"), council=one.council, quarter=one.quarter.first_day)
    return list(Indicator.objects.filter(~Exists(read), partnership=one.partnership).order_by("name"))
