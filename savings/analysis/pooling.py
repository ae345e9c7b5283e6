"""What is the average effect of sharing, and what should a new partnership expect?

Leans on the partnerships at hand being like those to come. The mean is never shown without the prediction interval:
an average saving is no promise. Wrong when partnerships that failed are not on record. The Hartung-Knapp error is
floored (`hk_adhoc`): with few, oddly agreeing effects the plain one is too narrow.
Sources: Hartung & Knapp (2001); Rover, Knapp & Friede (2015); Higgins, Thompson & Spiegelhalter (2009); Egger et
al. (1997) in its weighted-regression form.
"""

import math
from typing import Any

import numpy as np
from scipy import stats

from savings.analysis.heterogeneity import (
    Effects,
    dersimonian_laird,
    fit,
    paule_mandel,
    reml,
    typical_variance,
)

TESTS = ("z", "hk", "hk_adhoc")
ESTIMATORS = {"DL": dersimonian_laird, "REML": reml, "PM": paule_mandel}


def plain(y: np.ndarray, v: np.ndarray) -> Effects:
    """Effects with nothing but a common mean."""
    return Effects(y, v, np.ones((len(y), 1)))


def error_scale(test: str, rss: float, df: int) -> float:
    """What the model variance is multiplied by: 1 for z, q for Hartung-Knapp, at least 1 when floored."""
    if test == "z":
        return 1.0
    q = rss / df
    return q if test == "hk" else max(1.0, q)


def critical(test: str, level: float, df: int) -> float:
    """How many standard errors the interval reaches."""
    return float(stats.norm.ppf((1 + level) / 2) if test == "z" else stats.t.ppf((1 + level) / 2, df))


def two_sided(test: str, ratio: float, df: int) -> float:
    return float(2 * (stats.norm.sf(abs(ratio)) if test == "z" else stats.t.sf(abs(ratio), df)))


def pool(effects: Effects, method: str, tau2: float, test: str, level: float) -> dict[str, Any]:
    """One row of `fits`. Figures that one effect alone cannot give are None."""
    found = fit(effects, tau2)
    mu, df = float(found.b[0]), effects.df
    row: dict[str, Any] = {"tau2_method": method, "test": test, "k": len(effects.y), "mu": mu, "tau2": tau2}
    if df == 0 and test != "z":
        return row | dict.fromkeys(("se", "ci_lo", "ci_hi", "p", "i2_pct", "pi_lo", "pi_hi"))
    se = math.sqrt(error_scale(test, found.rss, df) * float(found.covariance[0, 0]))
    reach = critical(test, level, df)
    spread = math.sqrt(se**2 + tau2)
    return row | {
        "se": se,
        "ci_lo": mu - reach * se,
        "ci_hi": mu + reach * se,
        "p": two_sided(test, mu / se, df) if se > 0 else None,
        "i2_pct": 100 * tau2 / (tau2 + typical_variance(effects)) if df else None,
        "pi_lo": mu - reach * spread,
        "pi_hi": mu + reach * spread,
    }


def shrink(ids: list[Any], effects: Effects, pooled: dict[str, Any], level: float) -> list[dict[str, Any]]:
    """Each effect drawn towards the mean by as much as it is uncertain; largest saving first.

    `not_distinguishable` (from the average) when the interval contains the mean.
    """
    mu, tau2 = pooled["mu"], pooled["tau2"]
    reach = critical("hk_adhoc", level, effects.df)
    rows = []
    for name, y, v in zip(ids, effects.y, effects.v, strict=True):
        own = tau2 / (tau2 + v)
        est = own * y + (1 - own) * mu
        se = math.sqrt(own * v + (1 - own) ** 2 * pooled["se"] ** 2)
        lo, hi = float(est - reach * se), float(est + reach * se)
        row = {"id": name, "est": float(est), "se": se, "lo": lo, "hi": hi}
        rows.append({**row, "not_distinguishable": lo <= mu <= hi})
    return sorted(rows, key=lambda row: row["est"])


def small_study(effects: Effects) -> dict[str, Any] | None:
    """t-test of the slope of effect on its error, weights 1/v. None when the errors are all alike."""
    se = np.sqrt(effects.v)
    if np.ptp(se) <= 1e-12 * se.max():
        return None
    sloped = Effects(effects.y, effects.v, np.column_stack([np.ones_like(se), se]))
    found = fit(sloped, 0.0)
    error = math.sqrt(found.rss / sloped.df * found.covariance[1, 1])
    if error == 0:
        return None
    ratio = float(found.b[1]) / error
    return {"t": ratio, "df": sloped.df, "p": two_sided("t", ratio, sloped.df)}
