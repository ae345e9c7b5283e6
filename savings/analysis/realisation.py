"""How much of what was promised was delivered, across partnerships?

Leans on promise and delivery of each partnership being for the same years, members and prices, and on partnerships
being independent of each other, since the error comes from leaving out one at a time. Wrong when one large
partnership carries the ratio: compare it with the median beside it. With one partnership there is no error at all.
Source: ratio estimator with leave-one-out jackknife, Cochran (1977) chapter 6; quantiles of type 7.
"""

from typing import Any

import numpy as np
from scipy import stats

from savings.analysis.envelope import estimated, refused
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.tables import Row, Tables, no_repeats, param, read
from savings.analysis.values import or_blank, real, share, text, truth


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `realisation`. Pairs with nothing promised, or with a blank, are left out and counted in `excluded`."""
    level = param(params, "level", share, default=0.95)
    gates = param(params, "gates", truth, default=True)
    rows = read(tables, "pairs", partnership=text, projected_pence=or_blank(real), banked_pence=or_blank(real))
    no_repeats("pairs", rows, "partnership")
    pairs = [(row["projected_pence"], row["banked_pence"]) for row in rows]
    kept = [pair for pair in pairs if None not in pair and pair[0] > 0]
    if gates and len(kept) < parameters.realisation_shown_from:
        return refused(["too_few_partnerships"])
    projected, banked = np.array(kept, dtype=float).reshape(-1, 2).T
    return estimated({"n": len(kept), "excluded": len(rows) - len(kept), **delivery(projected, banked, level)})


def delivery(projected: np.ndarray, banked: np.ndarray, level: float) -> dict[str, float | None]:
    """The delivery factor, its jackknife interval and the spread of single ratios. Projected must be above zero.

    Double precision from here on: these are estimates, not sums of money. None where n is too small.
    """
    figures: dict[str, float | None] = dict.fromkeys(("factor", "se", "ci_lo", "ci_hi", "median", "p20", "p80"))
    n = len(projected)
    if n == 0:
        return figures
    factor = banked.sum() / projected.sum()
    ratios = np.quantile(banked / projected, [0.5, 0.2, 0.8])
    figures |= {"factor": float(factor), **dict(zip(("median", "p20", "p80"), map(float, ratios), strict=True))}
    if n > 1:
        without = (banked.sum() - banked) / (projected.sum() - projected)
        se = float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
        reach = stats.t.ppf((1 + level) / 2, n - 1) * se
        figures |= {"se": se, "ci_lo": float(factor - reach), "ci_hi": float(factor + reach)}
    return figures
