"""Lists of entries, and what they add up to, without ever counting a whole ledger."""

from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum

from councils.money import pounds
from savings.models import Entry
from savings.models.typed import Kind, Series

MOST = 10_000  # rows a list counts, sorts, adds up or pages through; past it, narrow the list

LISTED_WITH = ("council", "partnership", "scheme", "state", "reverses__state", "reversed_by")


def listed():
    """Entries with what a row shows, in one query."""
    return Entry.objects.select_related(*LISTED_WITH)


class BoundedPaginator(Paginator):
    """Counts to `MOST` and no further, so that a page costs the same in a ledger of any size."""

    object_list: QuerySet

    @property
    def count(self):
        if not hasattr(self, "_counted"):
            self._counted = self.object_list.order_by()[: MOST + 1].count()
        return min(self._counted, MOST)

    @property
    def overflows(self):
        """There are more than `MOST`."""
        return self.count == MOST and self._counted > MOST


class SeriesTotal(NamedTuple):
    """What the entries of one series add up to, in pence, nominal, every class, net of reversals."""

    series: str
    savings: int
    costs: int
    income: int

    @property
    def net(self):
        return self.savings - self.costs

    def cells(self):
        return [str(Series(self.series).label), *(pounds(p) for p in (self.savings, self.costs, self.net, self.income))]


TOTAL_HEADERS = ["Series", "Savings", "Costs", "Net of costs", "Income, beside"]


def totals(entries):
    """One `SeriesTotal` for each series among `entries` (a queryset), banked first."""
    summed = entries.order_by().values("series").annotate(
        savings=Sum("amount_pence", default=0, filter=Q(kind=Kind.SAVING)),
        costs=Sum("amount_pence", default=0, filter=Q(kind__in=[Kind.ONE_OFF_COST, Kind.RUNNING_COST])),
        income=Sum("amount_pence", default=0, filter=Q(kind=Kind.INCOME)),
    )  # fmt: skip
    found = {row["series"]: SeriesTotal(**row) for row in summed}
    return [found[series] for series in (Series.BANKED, Series.FORECAST, Series.PROJECTED) if series in found]
