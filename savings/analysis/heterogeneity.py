"""How much do true effects differ between partnerships, beyond chance?

Leans on effects being independent and about normal, y_i ~ N(x_i b, v_i + tau^2), with the v_i taken as known. Wrong
when there are few effects (tau^2 is then hardly known: look at its interval) or when the v_i are poor. X holds one
row of moderators per effect; a single column of ones is plain pooling. Everything here is double precision.
Sources: DerSimonian & Laird (1986); Paule & Mandel (1982); Viechtbauer (2005) for REML; Viechtbauer (2007) for
the Q-profile interval.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy import optimize, stats

GRID = 600  # where REML looks for maxima before refining them: evenly spread in ln(smallest v + tau^2)


class Effects(NamedTuple):
    y: np.ndarray  # k effects
    v: np.ndarray  # their k sampling variances, all above zero
    x: np.ndarray  # k rows of p moderators, of full rank

    @property
    def df(self) -> int:
        return len(self.y) - self.x.shape[1]


class Fit(NamedTuple):
    """Weighted least squares at one tau^2."""

    b: np.ndarray
    covariance: np.ndarray  # inverse of X'WX
    rss: float  # sum of w * residual^2: Cochran's Q at tau^2 = 0
    score: float  # slope of the restricted likelihood in tau^2
    likelihood: float  # restricted log-likelihood, up to a constant


def fit(effects: Effects, tau2: float) -> Fit:
    """The fit with weights 1/(v + tau^2)."""
    y, v, x = effects
    w = 1 / (v + tau2)
    information = x.T @ (w[:, None] * x)
    covariance = np.linalg.inv(information)
    b = covariance @ (x.T @ (w * y))
    residual = y - x @ b
    rss = float(w @ residual**2)
    trace = w.sum() - np.trace(covariance @ (x.T @ (w[:, None] ** 2 * x)))
    likelihood = -(np.log(v + tau2).sum() + np.linalg.slogdet(information)[1] + rss) / 2
    return Fit(b, covariance, rss, float((w**2 @ residual**2 - trace) / 2), float(likelihood))


def dersimonian_laird(effects: Effects) -> float:
    """The moment estimate, from Q at tau^2 = 0."""
    plain = fit(effects, 0.0)
    return max(0.0, (plain.rss - effects.df) / _trace(effects, plain))


def _trace(effects: Effects, plain: Fit) -> float:
    """tr(P) at tau^2 = 0; for plain pooling, sum a - sum a^2 / sum a."""
    a = 1 / effects.v
    return float(a.sum() - np.trace(plain.covariance @ (effects.x.T @ (a[:, None] ** 2 * effects.x))))


def typical_variance(effects: Effects) -> float:
    """s^2 of I^2 (Higgins & Thompson 2002)."""
    return effects.df / _trace(effects, fit(effects, 0.0))


def paule_mandel(effects: Effects) -> float:
    """The tau^2 at which Q equals its degrees of freedom; 0 when it is below them already."""
    return where_q_is(effects, effects.df)


def q_profile(effects: Effects, level: float) -> tuple[float, float]:
    """Interval for tau^2: where Q meets the quantiles of chi-squared. Ends below zero are 0."""
    tail = (1 - level) / 2
    return (
        where_q_is(effects, stats.chi2.ppf(1 - tail, effects.df)),
        where_q_is(effects, stats.chi2.ppf(tail, effects.df)),
    )


def where_q_is(effects: Effects, wanted: float) -> float:
    """The tau^2 at which Q falls to `wanted`; 0 when it starts at or below it. Q falls as tau^2 grows."""

    def excess(tau2: float) -> float:
        return fit(effects, tau2).rss - wanted

    if excess(0.0) <= 0:
        return 0.0
    high = float(effects.v.max())
    while excess(high) > 0:
        high *= 2
    return float(optimize.brentq(excess, 0.0, high, xtol=1e-300, rtol=1e-14))


def reml(effects: Effects) -> float:
    """The most likely tau^2 under the restricted likelihood, of all its local maxima."""
    grid = _grid(effects)
    scores = [fit(effects, tau2).score for tau2 in grid]
    maxima = [0.0] if scores[0] <= 0 else []
    for low, high, rising, after in zip(grid, grid[1:], scores, scores[1:], strict=False):
        if rising > 0 >= after:
            root = optimize.brentq(lambda tau2: fit(effects, tau2).score, low, high, xtol=1e-300, rtol=1e-14)
            maxima.append(float(root))
    return max(maxima, key=lambda tau2: fit(effects, tau2).likelihood)


def _grid(effects: Effects) -> np.ndarray:
    """From 0 to beyond every maximum.

    The score is below zero once (t + max v) / (t + min v)^2 < df / e'e, with e the unweighted residuals: its first
    term is at most e'e / (t + min v)^2 and its second at least df / (t + max v).
    """
    least, most = float(effects.v.min()), float(effects.v.max())
    residual = effects.y - effects.x @ np.linalg.lstsq(effects.x, effects.y)[0]
    ease = effects.df / max(float(residual @ residual), 1e-300)
    bound = (1 + math.sqrt(1 + 4 * ease * (most - least))) / (2 * ease)
    return np.geomspace(least, max(1.01 * bound, 2 * least), GRID) - least
