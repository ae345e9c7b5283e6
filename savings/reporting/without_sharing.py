"""What the service would have cost each member without sharing, year by year (R2), beside what it cost (R3 to R5).

What it cost is the outturn of the very line the baseline was taken from; where the baseline comes from elsewhere it
cannot be told. One line of outturn moves for many reasons, so this is context and proves no saving.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Sum

from councils.listing_words import listed
from councils.models import Outturn
from councils.years import FinancialYear
from partnerships.models import Baseline, Volume
from savings.analysis.rolled_baseline import Rolled, Untold, rolled
from savings.models import Entry
from savings.models.typed import Kind, Series

from .verdicts import deflators


class MemberYear(NamedTuple):
    """One member and year; pence, None where it cannot be told."""

    council: Any
    year: int
    found: Rolled | Untold
    cost: int | None
    one_off: int

    @property
    def told(self) -> bool:
        return isinstance(self.found, Rolled)

    @property
    def gross(self) -> int | None:
        return None if self.cost is None or not isinstance(self.found, Rolled) else self.found.pence - self.cost

    @property
    def net(self) -> int | None:
        return None if self.gross is None else self.gross - self.one_off


def without_sharing(case, *, through) -> list[MemberYear]:
    """For the latest baseline of each member, every year after it to the horizon or to the start year `through`.

    Six queries.
    """
    held = Baseline.objects.filter(case=case).select_related("council", "from_source__outturn").order_by("year")
    baselines = {each.council_id: each for each in held}
    if not baselines:
        return []
    deflator = deflators().get(case.partnership.invented)
    prices = deflator.indices if deflator else {}
    volumes: defaultdict[int, dict] = defaultdict(dict)
    for row in volumes_of(case):
        volumes[row.council_id][row.year] = row.quantity
    cost, one_off = _outturn(baselines), _one_off(case)
    return [
        MemberYear(
            each.council, year,
            rolled(each.amount_pence, each.year, year, prices=prices, volumes=volumes[each.council_id],
                   k_bps=case.elasticity_bps),
            cost.get((each.council_id, year)), one_off.get((each.council_id, year), 0),
        )
        for each in sorted(baselines.values(), key=lambda baseline: baseline.council.name)
        for year in range(each.year + 1, min(case.horizon_year, through) + 1)
    ]  # fmt: skip


def volumes_of(case):
    """The volumes of the driver of `case` that hold, oldest row first: of one council and year the last one counts."""
    if not case.volume_driver:
        return []
    rows = Volume.objects.filter(partnership=case.partnership_id, driver=case.volume_driver)
    rows = rows.select_related("council", "recorded_by").order_by("pk")
    return list({(row.council_id, row.year): row for row in rows}.values())


def why(untold: Untold, case) -> str:
    """The refusal in words."""
    said = []
    if untold.deflator:
        said.append(f"there is no price index for {_labels(untold.deflator)}")
    if untold.volume:
        said.append(f"there is no volume ({case.volume_driver}) for {_labels(untold.volume)}")
    if untold.nothing_at_first:
        said.append("the volume of the baseline’s year is nought")
    return ", and ".join(said)


def _labels(years):
    return listed([FinancialYear(year).label for year in years])


def _outturn(baselines):
    lines = {
        council: each.from_source.outturn.line
        for council, each in baselines.items()
        if hasattr(each, "from_source") and each.from_source.outturn
    }
    rows = Outturn.objects.filter(council__in=lines, line__in=set(lines.values()), amount_pence__isnull=False)
    return {
        (row.council_id, row.year): row.amount_pence for row in rows.order_by("pk") if row.line == lines[row.council_id]
    }


def _one_off(case):
    rows = Entry.objects.filter(partnership=case.partnership_id, series=Series.BANKED, kind=Kind.ONE_OFF_COST)
    found = rows.order_by("council").values_list("council", "year").annotate(pence=Sum("amount_pence"))
    return {(council, year): pence for council, year, pence in found}
