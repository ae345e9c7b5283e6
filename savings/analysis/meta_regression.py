"""What do partnerships with larger effects have in common?

Leans on the relation being a straight line and on at most one coefficient for every ten partnerships; more would
fit noise. An association and not a cause: whatever goes with a moderator goes with its coefficient. Wrong when
moderators are chosen after looking. REML; Hartung-Knapp errors with k - p degrees of freedom.
Sources: Viechtbauer (2010); Knapp & Hartung (2003).
"""

import math
from typing import Any, NamedTuple

import numpy as np

from savings.analysis.envelope import estimated, refused
from savings.analysis.heterogeneity import Effects, Fit, fit, reml
from savings.analysis.meta import variance
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.pooling import TESTS, critical, error_scale, plain, two_sided
from savings.analysis.tables import Malformed, Row, Tables, no_repeats, param, read
from savings.analysis.values import or_blank, real, share, text, truth


class Design(NamedTuple):
    effects: Effects
    names: list[str]  # one per column: intercept first
    dropped: int  # rows that lack a moderator


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `meta_regression`."""
    level = param(params, "level", share, default=0.95)
    gates = param(params, "gates", truth, default=True)
    design = _design(params, tables)
    reasons = _too_little(design, parameters) if gates else []
    if reasons:
        return refused(reasons)
    effects = design.effects
    if effects.df < 1 or np.linalg.matrix_rank(effects.x) < len(design.names):
        raise Malformed("table effects: the moderators cannot be told apart with these rows")
    tau2, without = reml(effects), reml(plain(effects.y, effects.v))
    found = fit(effects, tau2)
    return estimated(
        {
            "k": len(effects.y),
            "dropped": design.dropped,
            "fits": [{"test": test, "tau2": tau2, "coef": _coefficients(design, found, test, level)} for test in TESTS],
            "r2_pct": 100 * max(0.0, (without - tau2) / without) if without > 0 else None,
            "q_resid": fit(effects, 0.0).rss,
        }
    )


def _too_little(design: Design, parameters: Parameters) -> list[str]:
    k = len(design.effects.y)
    reasons = {
        "too_few_effects": k < parameters.effects_regressed_from,
        "too_many_moderators": (len(design.names) - 1) * parameters.effects_per_coefficient > k,
    }
    return [reason for reason, holds in reasons.items() if holds]


def _coefficients(design: Design, found: Fit, test: str, level: float) -> list[dict[str, Any]]:
    df = design.effects.df
    scale, reach = error_scale(test, found.rss, df), critical(test, level, df)
    rows = []
    for name, b, own in zip(design.names, found.b, np.diag(found.covariance), strict=True):
        se = math.sqrt(scale * own)
        p = two_sided(test, b / se, df) if se > 0 else None
        rows.append({"name": name, "b": float(b), "se": se, "ci_lo": b - reach * se, "ci_hi": b + reach * se, "p": p})
    return rows


def _design(params: Row, tables: Tables) -> Design:
    moderators = params.get("moderators") or []
    if not isinstance(moderators, list) or not all(isinstance(each, str) for each in moderators):
        raise Malformed("params, key moderators: it is not a list of columns")
    wanted = {name: or_blank(text) for name in moderators}
    rows = read(tables, "effects", **{"id": text, "yi": real, "vi": variance} | wanted)
    no_repeats("effects", rows, "id")
    kept = [row for row in rows if all(row[name] is not None for name in moderators)]
    columns = {"intercept": [1.0] * len(kept)}
    for name in moderators:
        columns |= _columns(name, [row[name] for row in kept])
    effects = Effects(
        np.array([row["yi"] for row in kept]),
        np.array([row["vi"] for row in kept]),
        np.array(list(columns.values()), dtype=float).T,
    )
    return Design(effects, list(columns), len(rows) - len(kept))


def _columns(name: str, cells: list[str]) -> dict[str, list[float]]:
    """The numbers themselves; or, for words, one column per level but the first in sorted order."""
    try:
        return {name: [real(cell) for cell in cells]}
    except ValueError:
        levels = sorted(set(cells))[1:]
        return {f"{name}={level}": [float(cell == level) for cell in cells] for level in levels}
