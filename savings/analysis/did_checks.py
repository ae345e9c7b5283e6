"""Would another reasonable way of looking give another answer?

Leans on each check failing in a different way: the pre-trend sees cohorts that were drifting before they joined,
imputation uses all untreated years at once, leaving one out finds a result that hangs on one partnership. Passing is
not proof of parallel trends. The two-way figure is here as a diagnostic only: it is biased when effects grow.
Sources: Roth (2022); Borusyak, Jaravel & Spiess (2024); Goodman-Bacon (2021).
"""

from typing import Any

import numpy as np
from scipy import stats

from savings.analysis.did_selection import select, without_lone_cohorts
from savings.analysis.group_time import Aggregate, Estimate, group, group_time, mean
from savings.analysis.panels import NEVER, Panel
from savings.analysis.parameters import Parameters

PANDEMIC = (2020, 2021)
LEAST_RCOND = 1e-10
NOTHING = 1e-12  # in logs: what rounding leaves of a drift that is not there


def pre_trend(cells: list[Estimate], by_age: Aggregate, treated: int, parameters: Parameters) -> dict[str, Any]:
    """Mean yearly change before joining, over the last four years there are; and the joint test of all, to inform."""
    before = [by_age.rows[age] for age in range(-4, 0) if age in by_age.rows]
    figures: dict[str, Any] = dict.fromkeys(("drift", "se", "p", "failed"))
    if before:
        drift = mean(before)
        p = _p(drift.att, drift.se, treated - 1)
        figures = {"drift": drift.att, "se": drift.se, "p": p, "failed": p < parameters.pre_trend_fails_below}
    return figures | _wald([cell for cell in cells if cell.year < cell.cohort])


def _p(estimate: float, se: float, df: int) -> float:
    if abs(estimate) <= NOTHING:
        return 1.0
    if se == 0:
        return 0.0
    return float(2 * stats.t.sf(abs(estimate) / se, df))


def _wald(before: list[Estimate]) -> dict[str, Any]:
    if before:
        pulls = np.array([cell.pull for cell in before])
        covariance = pulls @ pulls.T / pulls.shape[1] ** 2
        if rcond(covariance) >= LEAST_RCOND:
            atts = np.array([cell.att for cell in before])
            wald = float(atts @ np.linalg.solve(covariance, atts))
            return {"wald": wald, "wald_df": len(before), "wald_p": float(stats.chi2.sf(wald, len(before)))}
    return dict.fromkeys(("wald", "wald_df", "wald_p"))


def rcond(matrix: np.ndarray) -> float:
    """Reciprocal condition number in the 1-norm; 0 for a singular matrix."""
    try:
        return 1 / float(np.linalg.norm(matrix, 1) * np.linalg.norm(np.linalg.inv(matrix), 1))
    except (np.linalg.LinAlgError, ZeroDivisionError):
        return 0.0


def imputation(panel: Panel) -> dict[str, Any]:
    """Unit and year effects fitted on untreated observations, then the mean of y less fitted over treated ones."""
    treated = (panel.start[:, None] != NEVER) & (panel.years >= panel.start[:, None])
    untreated = ~treated
    seen = np.where(untreated, panel.y, 0.0)
    counts = untreated.sum(axis=1, keepdims=True)
    unit_means = seen.sum(axis=1, keepdims=True) / counts
    shares = untreated / counts
    normal = np.diag(untreated.sum(axis=0)) - untreated.T.astype(float) @ shares
    right = np.where(untreated, panel.y - unit_means, 0.0).sum(axis=0)
    year_effects = np.linalg.lstsq(normal, right)[0]
    unit_effects = unit_means[:, 0] - shares @ year_effects
    gaps = panel.y - unit_effects[:, None] - year_effects
    usable = treated & untreated.any(axis=0)  # a year in which everybody is treated has no year effect
    ages = panel.years - panel.start[:, None]
    rows = [{"key": int(age), "att": float(gaps[usable & (ages == age)].mean())} for age in np.unique(ages[usable])]
    return {"overall": float(gaps[usable].mean()) if usable.any() else None, "rows": rows}


def two_way(panel: Panel) -> float | None:
    """The coefficient of being treated with unit and year effects, on a balanced panel."""
    treated = ((panel.start[:, None] != NEVER) & (panel.years >= panel.start[:, None])).astype(float)
    left = treated - treated.mean(axis=0) - treated.mean(axis=1, keepdims=True) + treated.mean()
    size = float((left**2).sum())
    return float((left * panel.y).sum()) / size if size > 1e-12 else None


def headline(panel: Panel, notyet: bool) -> float | None:
    """The group overall alone; None when nobody is left to compare."""
    cells = group_time(panel, notyet)
    if not any(cell.year >= cell.cohort for cell in cells):
        return None
    return group(cells, panel.start).overall.att


def robustness(panel: Panel, notyet: bool, imputed: float | None) -> dict[str, Any]:
    """The headline by other ways, and whether all of them have its sign."""
    treated = np.flatnonzero(panel.start != NEVER)
    everyone = np.arange(len(panel.units))
    left_out = [headline(without_lone_cohorts(panel.keep(everyone != one)), notyet) for one in treated]
    range_of = [att for att in left_out if att is not None]
    later, spared = headline(panel, notyet=True), headline(select(panel.without_years(*PANDEMIC)).panel, notyet)
    told = [headline(panel, notyet), later, imputed, spared, *range_of]
    signs = {np.sign(att) for att in told if att is not None}
    return {
        "notyet": later,
        "imputation": imputed,
        "without_pandemic": spared,
        "leave_one_out": {"lo": min(range_of, default=None), "hi": max(range_of, default=None)},
        "robust": len(signs) == 1 and 0 not in signs,
    }
