"""Did costs of those who shared fall against those who did not? Many partnerships: the door of `did_staggered`.

Question, assumptions and limits are those of `group_time` and `did_checks`. The headline is the group overall with a
t-interval on the number of treated units: with few of them the normal one is too narrow. When the pre-trend fails,
the estimate stands there greyed and supports no claim.
"""

import math
from typing import Any

from scipy import stats

from savings.analysis.consolidation import consolidate
from savings.analysis.did_checks import imputation, pre_trend, robustness, two_way
from savings.analysis.did_selection import Selection, select, too_little
from savings.analysis.envelope import estimated, refused
from savings.analysis.group_time import Aggregate, Estimate, calendar, dynamic, group, group_time, simple
from savings.analysis.panels import Panel, read_started_panel
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.tables import Row, Tables, param
from savings.analysis.values import among, share, truth

DETECTABLE = 2.49  # standard errors: 90% two-sided, 80% power


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `did_staggered`."""
    level = param(params, "level", share, default=0.90)
    gates = param(params, "gates", truth, default=True)
    notyet = param(params, "control_group", among("never", "notyet"), default="never") == "notyet"
    panel, deflated, notes = _panel(params, tables)
    panel = panel.of_present_years()
    chosen = select(panel)
    reasons = too_little(chosen, parameters) if gates else []
    reasons += [] if deflated else ["missing_deflator"]
    cells = group_time(chosen.panel, notyet)
    if not reasons and not any(cell.year >= cell.cohort for cell in cells):
        reasons = ["too_few_controls" if chosen.treated else "too_few_treated"]
    if reasons:
        return refused(reasons)
    figures = _figures(chosen, cells, notyet, level, parameters)
    return estimated({**figures, "absent_years": panel.absent_years(), "notes": notes})


def _panel(params: Row, tables: Tables) -> tuple[Panel, bool, list[str]]:
    if param(params, "input", among("panel", "raw"), default="panel") == "raw":
        return consolidate(tables, params)
    return read_started_panel(tables), True, []


def _figures(
    chosen: Selection, cells: list[Estimate], notyet: bool, level: float, parameters: Parameters
) -> dict[str, Any]:
    panel = chosen.panel
    by_group, by_age = group(cells, panel.start), dynamic(cells, panel.start)
    trend = pre_trend(cells, by_age, chosen.treated, parameters)
    imputed = imputation(panel)
    return {
        "att_gt": [{"g": cell.cohort, "t": cell.year, "att": cell.att, "se": cell.se} for cell in cells],
        "simple": _told(simple(cells, panel.start)),
        "group": _told(by_group),
        "dynamic": _told(by_age),
        "calendar": _told(calendar(cells, panel.start)),
        "headline": _headline(by_group.overall, chosen.treated, level),
        "pre_trend": trend,
        "comparison_status": {None: "refused", True: "pretrend_failed", False: "available"}[trend["failed"]],
        "imputation": imputed,
        "twfe": {"coef": two_way(panel)},
        "robustness": robustness(panel, notyet, imputed["overall"]),
        "n_treated_units": chosen.treated,
        "n_control_units": chosen.controls,
    }


def _told(aggregate: Aggregate) -> dict[str, Any]:
    return {
        "overall": {"att": aggregate.overall.att, "se": aggregate.overall.se},
        "rows": [{"key": key, "att": each.att, "se": each.se} for key, each in aggregate.rows.items()],
    }


def _headline(overall: Estimate, treated: int, level: float) -> dict[str, float]:
    reach = float(stats.t.ppf((1 + level) / 2, treated - 1)) * overall.se
    return {
        "att": overall.att,
        "se": overall.se,
        "lo": overall.att - reach,
        "hi": overall.att + reach,
        "saving_pct": 100 * (1 - math.exp(overall.att)),
        "detectable": DETECTABLE * overall.se,
    }
