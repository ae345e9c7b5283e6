"""The checklists of many quarters of one council at once, in a fixed number of queries: see `closing` for one."""

import datetime
from collections import defaultdict
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Sum

from councils.years import FinancialYear, quarter_of
from savings.models import Decision, Entry, Indicator, Reading
from savings.models.typed import Kind

from .closing import COSTS
from .recurring import savings


class Open(NamedTuple):
    """What is recorded for a quarter (pence, net of costs) and how much of it is not in order."""

    entries: int = 0
    net: int = 0
    unsigned: int = 0
    undocumented: int = 0
    returned: int = 0
    disputed: int = 0
    lapsed: int = 0
    unread: int = 0

    @property
    def in_order(self) -> bool:
        """But for quality, of which many partnerships read once a year."""
        return not (self.unsigned or self.undocumented or self.returned or self.disputed or self.lapsed)

    @property
    def points(self) -> list[str]:
        """Each in words; empty when all is in order."""
        many = "entry" if self.unsigned == 1 else "entries"
        said = [
            (self.unsigned, f"{self.unsigned} {many} not signed off"),
            (self.undocumented, f"{self.undocumented} without a document"),
            (self.returned, f"{self.returned} returned and not put right"),
            (self.disputed, f"{self.disputed} disputed"),
            (self.lapsed, f"{self.lapsed} recurring of the year before not recorded again"),
            (self.unread, f"{self.unread} quality {'indicator' if self.unread == 1 else 'indicators'} not read"),
        ]
        return [words for number, words in said if number]


Key = tuple[int, datetime.date]  # partnership id, first day of the quarter


def open_in(council, ones) -> dict[Key, Open]:
    """Of `ones` (`MemberQuarter`s of `council`). Ten queries, however many."""
    if not ones:
        return {}
    pairs = {one.partnership.pk for one in ones}
    sums = _sums(council, pairs)
    lapsed, unread = _lapsed(council, ones[0].today), _unread(council, pairs)
    found = {}
    for one in ones:
        key = (one.partnership.pk, one.quarter.first_day)
        found[key] = Open(
            **sums.get(key, {}),
            lapsed=lapsed(one) if one.quarter.quarter == 4 else 0,
            unread=unread(one),
        )
    return found


def _sums(council, pairs):
    stands = Q(reverses__isnull=True, taken_back=False)
    rows = (
        Entry.objects.banked()
        .filter(council=council, partnership__in=pairs)
        .annotate(taken_back=Exists(Entry.objects.filter(reverses=OuterRef("pk"))))
        .order_by()
        .values("partnership", "year", "month")
        .annotate(
            entries=Count("pk"),
            savings=Sum("amount_pence", filter=Q(kind=Kind.SAVING), default=0),
            costs=Sum("amount_pence", filter=Q(kind__in=COSTS), default=0),
            unsigned=Count("pk", filter=stands & ~Q(state__grade__gte=2)),
            undocumented=Count("pk", filter=stands & ~Q(state__grade__gte=1)),
            returned=Count("pk", filter=Q(state__outcome=Decision.Outcome.RETURNED, taken_back=False)),
            disputed=Count("pk", filter=Q(state__disputed=True)),
        )
    )
    found: dict[Key, dict[str, int]] = {}
    for row in rows:
        year = FinancialYear(row["year"])
        quarter = year.quarters[3 if row["month"] is None else quarter_of(row["month"]) - 1]
        sums = found.setdefault((row["partnership"], quarter.first_day), defaultdict(int))
        sums["net"] += row["savings"] - row["costs"]
        for name in ("entries", "unsigned", "undocumented", "returned", "disputed"):
            sums[name] += row[name]
    return found


def _lapsed(council, on):
    """Counts the schemes that `closing.lapsed` names."""
    found = savings(on, council=council)

    def count(one):
        own = [each for each in found if each.partnership == one.partnership]
        return len({each.scheme.pk for each in own if each.open_in(one.quarter.year)})

    return count


def _unread(council, pairs):
    indicators: defaultdict[int, set[int]] = defaultdict(set)
    for pk, pair in Indicator.objects.filter(partnership__in=pairs).values_list("pk", "partnership"):
        indicators[pair].add(pk)
    read: defaultdict[datetime.date, set[int]] = defaultdict(set)
    readings = Reading.objects.filter(council=council, indicator__partnership__in=pairs)
    for quarter, indicator in readings.values_list("quarter", "indicator"):
        read[quarter].add(indicator)
    return lambda one: len(indicators[one.partnership.pk] - read[one.quarter.first_day])
