"""What became of the promise, scheme by scheme, in the years that have ended.

Only what is banked as cash-releasing on a scheme of the promise is delivery. An underspend somewhere else may cover a
shortfall in the budget; it stands beside, as money of another scheme or another class, and the shortfall stays.
"""

from collections import defaultdict
from typing import NamedTuple

from django.db.models import Q, Sum

from savings.models import Entry, Scheme
from savings.models.typed import BenefitClass, Kind, Series

CASH = Q(kind=Kind.SAVING, benefit_class=BenefitClass.CASH_RELEASING)


class SchemeDelivery(NamedTuple):
    """Signed pence, cash-releasing, gross of costs, to the end of the last year that has ended."""

    scheme: Scheme
    promised: int
    delivered: int

    @property
    def short(self) -> int:
        """What is missing; negative when more was delivered than promised."""
        return self.promised - self.delivered


class Delivery(NamedTuple):
    rows: list[SchemeDelivery]  # schemes of the promise, by reference
    outside: list[SchemeDelivery]  # banked on schemes that nobody promised
    not_cash: int  # savings of other classes banked on any scheme: funding shifts, cost avoidance and so on

    @property
    def promised(self) -> int:
        return sum(row.promised for row in self.rows)

    @property
    def delivered(self) -> int:
        return sum(row.delivered for row in self.rows)

    @property
    def short(self) -> int:
        return self.promised - self.delivered

    @property
    def beside(self) -> int:
        """Banked, and no delivery of what was promised."""
        return sum(row.delivered for row in self.outside) + self.not_cash


def delivery_of(partnership, forces, *, last_year) -> Delivery:
    """`forces`: the case in force by council id; `last_year`: start of the last year that is added. Three queries."""
    entries = Entry.objects.filter(partnership=partnership, year__lte=last_year)
    in_force = Q(pk__in=[])
    for council, case in forces.items():
        in_force |= Q(council=council, business_case=case)
    promised = dict(_by_scheme(entries.filter(CASH & in_force, series=Series.PROJECTED)))
    banked: defaultdict[int, int] = defaultdict(int)
    not_cash = 0
    found = entries.filter(series=Series.BANKED, kind=Kind.SAVING).values_list("scheme", "benefit_class")
    for scheme, benefit_class, pence in found.annotate(pence=Sum("amount_pence")).order_by("scheme"):
        if benefit_class == BenefitClass.CASH_RELEASING:
            banked[scheme] += pence
        else:
            not_cash += pence
    schemes = Scheme.objects.filter(pk__in={*promised, *banked}).order_by("reference")
    all_rows = [SchemeDelivery(each, promised.get(each.pk, 0), banked[each.pk]) for each in schemes]
    return Delivery(
        rows=[row for row in all_rows if row.scheme.pk in promised],
        outside=[row for row in all_rows if row.scheme.pk not in promised and row.delivered],
        not_cash=not_cash,
    )


def _by_scheme(entries):
    return entries.order_by("scheme").values_list("scheme").annotate(pence=Sum("amount_pence"))
