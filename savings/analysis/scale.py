"""Do larger services cost less per head, and is there a size beyond which they do not?

Leans on cost being a smooth function of size in logs, and on size being the only thing that differs. Wrong when
larger councils are also poorer or denser: an association, not what merging would do. The turning point is shown only
where the curve really bends upwards inside the sizes observed.
Sources: Nerlove (1963) for the form; MacKinnon & White (1985) for HC1; clustering with the usual small-sample factor.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

BEND_SURE = 0.05  # p below which the bend counts as real
SEEN = (0.05, 0.95)  # quantiles of observed scale within which a turning point may be shown


class Observations(NamedTuple):
    """One element per row kept; amounts above zero."""

    cost: np.ndarray
    scale: np.ndarray
    unit: np.ndarray | None  # labels
    year: np.ndarray | None


class Regression(NamedTuple):
    b: np.ndarray
    covariance: np.ndarray | None  # None when there are no degrees of freedom left
    df: int  # for its t-tests: n - p, or clusters - 1

    def se(self, column: int) -> float | None:
        return None if self.covariance is None else math.sqrt(self.covariance[column, column])


def regress(y: np.ndarray, x: np.ndarray, clusters: np.ndarray | None) -> Regression:
    """Least squares with HC1 errors, or clustered ones. Raises LinAlgError when columns cannot be told apart."""
    n, p = x.shape
    if np.linalg.matrix_rank(x) < p:
        raise np.linalg.LinAlgError("columns cannot be told apart")
    inverse = np.linalg.inv(x.T @ x)
    b = np.linalg.lstsq(x, y)[0]
    scores = x * (y - x @ b)[:, None]
    groups = n
    if clusters is not None:
        labels, codes = np.unique(clusters, return_inverse=True)
        groups = len(labels)
        scores = np.array([scores[codes == code].sum(axis=0) for code in range(groups)])
    df = n - p if clusters is None else groups - 1
    if df < 1 or n <= p:
        return Regression(b, None, df)
    factor = n / (n - p) if clusters is None else groups / (groups - 1) * (n - 1) / (n - p)
    return Regression(b, factor * inverse @ (scores.T @ scores) @ inverse, df)


def _design(seen: Observations, year_effects: bool, *columns: np.ndarray) -> np.ndarray:
    """The columns, a constant, and one dummy for each year but the first."""
    dummies = []
    if year_effects and seen.year is not None:
        dummies = [(seen.year == year) * 1.0 for year in np.unique(seen.year)[1:]]
    return np.column_stack([*columns, np.ones(len(seen.cost)), *dummies])


def curve(seen: Observations, unit_cost: bool, year_effects: bool, clustered: bool, level: float) -> dict[str, Any]:
    """Figures of the straight and of the bent line. Raises LinAlgError when the data cannot tell them."""
    x = np.log(seen.scale)
    y = np.log(seen.cost / seen.scale) if unit_cost else np.log(seen.cost)
    clusters = seen.unit if clustered else None
    straight = regress(y, _design(seen, year_effects, x), clusters)
    mean = float(x.mean())
    bent = regress(y, _design(seen, year_effects, x - mean, (x - mean) ** 2), clusters)
    return {
        "n": len(x),
        "linear": {**_elasticity(straight, level), "total_cost_elasticity": float(straight.b[0]) + unit_cost},
        "quadratic": _bend(bent, mean, seen.scale),
    }


def _elasticity(line: Regression, level: float) -> dict[str, float | None]:
    b, se = float(line.b[0]), line.se(0)
    if se is None:
        return {"elasticity": b, "se": None, "lo": None, "hi": None}
    reach = float(stats.t.ppf((1 + level) / 2, line.df)) * se
    return {"elasticity": b, "se": se, "lo": b - reach, "hi": b + reach}


def _bend(line: Regression, mean: float, scale: np.ndarray) -> dict[str, Any]:
    b1, b2 = float(line.b[0]), float(line.b[1])
    point, log_se = None, None
    if b2 != 0 and abs(mean - b1 / (2 * b2)) < 700:  # beyond, its exponential is not a number
        point = math.exp(mean - b1 / (2 * b2))
        if line.covariance is not None:
            slope = np.array([-1 / (2 * b2), b1 / (2 * b2**2)])
            log_se = math.sqrt(slope @ line.covariance[:2, :2] @ slope)
    low, high = np.quantile(scale, SEEN)
    se = line.se(1)
    sure = se is not None and se > 0 and b2 > 0 and 2 * stats.t.sf(b2 / se, line.df) < BEND_SURE
    return {
        "b1": b1,
        "b2": b2,
        "b2_se": se,
        "turning_point": point,
        "turning_point_log_se": log_se,
        "turning_point_shown": bool(sure and point is not None and low <= point <= high),
    }
