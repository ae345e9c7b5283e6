"""Effects of many partnerships taken together: the door of method `meta`.

Question, assumptions and limits are those of `pooling` and `heterogeneity`; this module reads the table, refuses
when there is too little, and prints every estimator with every test.
"""

from typing import Any

import numpy as np
from scipy import stats

from savings.analysis.envelope import estimated, refused
from savings.analysis.heterogeneity import fit, q_profile
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.pooling import ESTIMATORS, TESTS, plain, pool, shrink, small_study
from savings.analysis.tables import Malformed, Row, Tables, no_repeats, param, read
from savings.analysis.values import real, share, text, truth


def variance(cell: object) -> float:
    """A sampling variance: a number above zero."""
    number = real(cell)
    if number <= 0:
        raise ValueError(f"{cell!r} is not above zero")
    return number


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `meta`."""
    level = param(params, "level", share, default=0.95)
    gates = param(params, "gates", truth, default=True)
    rows = read(tables, "effects", id=text, yi=real, vi=variance)
    no_repeats("effects", rows, "id")
    if gates and len(rows) < parameters.effects_pooled_from:
        return refused(["too_few_effects"])
    if not rows:
        raise Malformed("table effects has no rows")
    effects = plain(np.array([row["yi"] for row in rows]), np.array([row["vi"] for row in rows]))
    tau2 = {name: estimator(effects) if effects.df else 0.0 for name, estimator in ESTIMATORS.items()}
    fits = [pool(effects, name, tau2[name], test, level) for name in ESTIMATORS for test in TESTS]
    league = next(row for row in fits if (row["tau2_method"], row["test"]) == ("REML", "hk_adhoc"))
    q, lo_hi = fit(effects, 0.0).rss, q_profile(effects, level) if effects.df else (None, None)
    return estimated(
        {
            "fits": fits,
            "q": q,
            "q_p": float(stats.chi2.sf(q, effects.df)) if effects.df else None,
            "tau2_ci_lo": lo_hi[0],
            "tau2_ci_hi": lo_hi[1],
            "shrunk": shrink([row["id"] for row in rows], effects, league, level) if effects.df else [],
            "egger": small_study(effects) if len(rows) >= parameters.effects_regressed_from else None,
            "prediction_and_league_shown": len(rows) >= parameters.effects_ranked_from,
        }
    )
