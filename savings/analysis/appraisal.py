"""Has one partnership put back more than it took out, in today's money?

Leans on the flows being complete and on counting only what was banked: savings as counted after the duplicate
rules, costs in full, charges between members in neither. Wrong when a year is missing, which is why a missing year
takes every total with it rather than passing for nil. The cumulative stays in cash so that it agrees with ledgers.
Source: HM Treasury, The Green Book (2022); EVIDENCE sections 1 and 2.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate
from typing import Any, NamedTuple

from savings.analysis.deflating import Deflator, read_deflator
from savings.analysis.discounting import factors
from savings.analysis.envelope import estimated
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.payback import payback
from savings.analysis.rounding import half_away, six_places
from savings.analysis.tables import Malformed, Row, Tables, at, param, read
from savings.analysis.values import label, or_blank, whole, year

REAL_FIGURES = ("discounted_payback", "npv_pence", "pv_saving_pence", "pv_cost_pence", "bcr", "roi")
NO_COST_NOTE = "no cost recorded"


class Flow(NamedTuple):
    """One financial year of one partnership, cash pence; a cost is positive."""

    saving: int
    cost: int

    @property
    def net(self) -> int:
        return self.saving - self.cost


def appraise(
    flows: Mapping[int, Flow | None], first: int, last: int, deflator: Deflator, parameters: Parameters = CURRENT
) -> dict[str, Any]:
    """The appraisal of years `first` to `last` (start years, both included), in the envelope of section 10.1.

    A year that is absent from `flows`, or None, was not returned: figures that need it are null (`missing_year`).
    A year without an index makes the real figures null (`missing_deflator`).
    """
    years = range(first, last + 1)
    known = _until_gap(flows, years)
    complete = len(known) == len(years)
    covered = deflator.covers(*years)
    figures: dict[str, Any] = {
        "base_fy": label(first),
        "as_at_fy": label(last),
        "price_base_fy": label(deflator.base),
        "discount_schedule": parameters.discount_schedule,
        "cumulative_pence": list(accumulate(flow.net for flow in known)),
        "payback": payback([flow.net for flow in known], first) if complete else None,
        **dict.fromkeys(REAL_FIGURES),
        "notes": deflator.notes(*years),
    }
    if complete and covered:
        figures |= _real_figures(known, first, deflator, parameters)
        figures["notes"] += [NO_COST_NOTE] if figures["bcr"] is None else []
    reasons = [] if complete else ["missing_year"]
    return estimated(figures, reasons + ([] if covered else ["missing_deflator"]))


def _until_gap(flows: Mapping[int, Flow | None], years: range) -> list[Flow]:
    known = []
    for each in years:
        flow = flows.get(each)
        if flow is None:
            break
        known.append(flow)
    return known


def _real_figures(flows: list[Flow], first: int, deflator: Deflator, parameters: Parameters) -> dict[str, Any]:
    discounted = [weight * deflator.real(1, first + t) for t, weight in enumerate(factors(len(flows) - 1, parameters))]
    savings = [worth * flow.saving for worth, flow in zip(discounted, flows, strict=True)]
    costs = [worth * flow.cost for worth, flow in zip(discounted, flows, strict=True)]
    saved, spent = sum(savings, Fraction(0)), sum(costs, Fraction(0))
    return {
        "discounted_payback": payback([saving - cost for saving, cost in zip(savings, costs, strict=True)], first),
        "npv_pence": half_away(saved - spent),
        "pv_saving_pence": half_away(saved),
        "pv_cost_pence": half_away(spent),
        "bcr": six_places(saved, spent),
        "roi": six_places(saved - spent, spent),
    }


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `annual_appraisal`. Rows of one financial year are added; a blank amount makes its year missing."""
    rows = read(tables, "flows", fy=year, saving_pence=or_blank(whole), cost_pence=or_blank(whole))
    if not rows:
        raise Malformed("table flows has no rows")
    first = param(params, "base_fy", year, default=min(row["fy"] for row in rows))
    last = param(params, "as_at_fy", year, default=max(row["fy"] for row in rows))
    if last < first:
        raise Malformed("params, key base_fy: it is later than the last year of the flows")
    for number, row in enumerate(rows, start=1):
        if row["fy"] < first and (row["saving_pence"] or row["cost_pence"]):
            raise at("flows", number, "fy", f"{label(row['fy'])} is before the base year {label(first)}")
    return appraise(_by_year(rows), first, last, read_deflator(tables, params), parameters)


def _by_year(rows: list[dict[str, Any]]) -> dict[int, Flow | None]:
    flows: dict[int, Flow | None] = {}
    for row in rows:
        so_far = flows.get(row["fy"], Flow(0, 0))
        if so_far is None or row["saving_pence"] is None or row["cost_pence"] is None:
            flows[row["fy"]] = None  # part of a year is not a year
        else:
            flows[row["fy"]] = Flow(so_far.saving + row["saving_pence"], so_far.cost + row["cost_pence"])
    return flows
