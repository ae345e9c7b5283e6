"""Did this one partnership's cost fall against councils that did not share? The door of `synthetic`.

Question, assumptions and limits are those of `one_unit` and `placebos`. The interval is approximate and says so; the
fit, the donor weights and the in-time placebo belong beside every use of it.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from savings.analysis.consolidation import consolidate
from savings.analysis.envelope import estimated, refused
from savings.analysis.one_unit import Fit, Setting, plain_did, synthetic_control, synthetic_did
from savings.analysis.panels import NEVER, Panel, read_treated_panel
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.placebos import InTime, in_time, interval, rank
from savings.analysis.tables import Malformed, Row, Tables, param
from savings.analysis.values import among, share, text, truth

PERFECT_NOTE = "perfect_fit"
DETECTABLE = 2.49  # standard errors: 90% two-sided, 80% power


class Comparison(NamedTuple):
    """One treated unit and its donors, all complete; `setting` is None when there is nothing to fit."""

    setting: Setting | None
    donors: list[str]
    years: np.ndarray
    start: int
    before: int  # years before and from the start
    after: int
    lost: bool  # the treated unit itself misses a year


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `synthetic`."""
    level = param(params, "level", share, default=0.90)
    gates = param(params, "gates", truth, default=True)
    panel, treated, deflated, notes = _panel(params, tables)
    comparison = _comparison(panel, treated)
    fit = synthetic_did(comparison.setting) if comparison.setting else None
    poor = fit is not None and deflated and fit.rmspe_pre > parameters.synthetic_poor_fit_above
    reasons = _too_little(comparison, poor, gates, parameters) + ([] if deflated else ["missing_deflator"])
    if reasons or fit is None or comparison.setting is None:
        return refused(reasons)
    earlier = in_time(
        comparison.setting, comparison.years, comparison.start, level, parameters.synthetic_pre_years_from
    )
    figures = _figures(comparison, comparison.setting, fit, level)
    perfect = figures["sc"]["rmspe_ratio"] is None
    return estimated(
        {
            **figures,
            "in_time_placebo": _in_time(earlier),
            "comparison_status": "intime_placebo_failed" if earlier and earlier.failed else "available",
            "absent_years": panel.absent_years(),
            "notes": notes + [PERFECT_NOTE] * perfect,
        }
    )


def _panel(params: Row, tables: Tables) -> tuple[Panel, int, bool, list[str]]:
    """The panel, the place of the one treated unit in it, and whether amounts are in real terms, with notes."""
    if param(params, "input", among("matrix", "raw"), default="matrix") == "raw":
        panel, deflated, notes = consolidate(tables, params)
        wanted = param(params, "partnership", text, default=None)
        treated = [i for i in _treated(panel) if wanted in (None, panel.units[i])]
        table = "members"
    else:
        panel, deflated, notes = read_treated_panel(tables), True, []
        treated, table = _treated(panel), "panel"
    if len(treated) != 1:
        raise Malformed(f"table {table}: {len(treated)} treated units, where one is needed")
    return panel.of_present_years(), treated[0], deflated, notes


def _treated(panel: Panel) -> list[int]:
    return [int(i) for i in np.flatnonzero(panel.start != NEVER)]


def _comparison(panel: Panel, treated: int) -> Comparison:
    """Donors never shared, are complete, and are of the treated unit's class where classes are known."""
    start = int(panel.start[treated])
    alike = np.ones(len(panel.units), dtype=bool)
    if panel.classes is not None:
        alike = np.array([own <= panel.classes[treated] for own in panel.classes])
    donors = np.flatnonzero((panel.start == NEVER) & panel.complete & alike)
    before = int((panel.years < start).sum())
    after = len(panel.years) - before
    lost = not panel.complete[treated]
    whole = not lost and before > 0 and after > 0 and len(donors) > 0
    setting = Setting(panel.y[treated], panel.y[donors], before) if whole else None
    return Comparison(setting, [panel.units[i] for i in donors], panel.years, start, before, after, lost)


def _too_little(found: Comparison, poor: bool, gates: bool, parameters: Parameters) -> list[str]:
    """Every reason, in the order of section 8. Without gates only what makes an estimate impossible."""
    donors, pre, post = (
        (
            parameters.synthetic_donors_from,
            parameters.synthetic_pre_years_from,
            parameters.synthetic_post_years_from,
        )
        if gates
        else (1, 1, 1)
    )
    reasons = {
        "too_few_donors": len(found.donors) < donors,
        "too_few_pre_years": found.before < pre,
        "too_few_post_years": found.after < post,
        "missing_data": found.lost,
        "poor_fit": gates and poor,
    }
    return [reason for reason, holds in reasons.items() if holds]


def _figures(found: Comparison, setting: Setting, fit: Fit, level: float) -> dict[str, Any]:
    control = synthetic_control(setting)
    place = rank(setting, control)
    chance = interval(setting, fit.att, level)
    return {
        "sdid": {
            "att": fit.att,
            "placebo_sd": chance.sd,
            "lo": chance.lo,
            "hi": chance.hi,
            "placebo_p": chance.p,
            "rmspe_pre": fit.rmspe_pre,
            "saving_pct": _saving(fit.att),
            "detectable": None if chance.sd is None else DETECTABLE * chance.sd,
            "weights": _named(found.donors, fit.unit_weights),
            "year_weights": [
                {"year": int(year), "w": float(w)} for year, w in zip(found.years, fit.year_weights, strict=False)
            ],
        },
        "sc": {
            "att": control.att,
            "rmspe_pre": control.rmspe_pre,
            "rmspe_ratio": None if np.isinf(control.ratio) else float(control.ratio),
            "placebo_rank": place,
            "placebo_p": None if place is None else place / (len(found.donors) + 1),
            "weights": _named(found.donors, control.unit_weights),
        },
        "did": {"att": plain_did(setting)},
        "n_donors": len(found.donors),
        "n_pre": found.before,
        "n_post": found.after,
    }


def _saving(att: float) -> float | None:
    """Per cent; None for an effect that cannot be a log change."""
    return 100 * (1 - math.exp(att)) if att < 700 else None


def _named(donors: list[str], weights: np.ndarray) -> list[dict[str, Any]]:
    return [{"unit": unit, "w": float(w)} for unit, w in zip(donors, weights, strict=True)]


def _in_time(found: InTime | None) -> dict[str, Any] | None:
    return None if found is None else found._asdict()
