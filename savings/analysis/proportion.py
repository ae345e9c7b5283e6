"""How large is a share, and which of many findings would survive being one of many?

Leans on each case being independent and counted once. Wrong when the register is not a random sample: the interval
speaks of chance only. Wilson is shown, Clopper-Pearson stands beside it as the cautious one. Findings listed
together are adjusted so that among those with q <= 0.10 about one in ten is expected to be false.
Sources: Wilson (1927); Clopper & Pearson (1934); Benjamini & Hochberg (1995).
"""

import math
from typing import Any

import numpy as np
from scipy import stats

from savings.analysis.envelope import estimated
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.tables import Row, Tables, at, no_repeats, param, read
from savings.analysis.values import or_blank, real, share, text, whole

ENDS = ("wilson_lo", "wilson_hi", "exact_lo", "exact_hi")


def wilson(x: int, n: int, level: float) -> tuple[float, float]:
    """Score interval without continuity correction; n above zero."""
    z = float(stats.norm.ppf((1 + level) / 2))
    centre = (x + z**2 / 2) / (n + z**2)
    reach = z / (n + z**2) * math.sqrt(x * (n - x) / n + z**2 / 4)
    return (0.0 if x == 0 else centre - reach), (1.0 if x == n else centre + reach)


def exact(x: int, n: int, level: float) -> tuple[float, float]:
    """Clopper-Pearson."""
    tail = (1 - level) / 2
    low = 0.0 if x == 0 else float(stats.beta.ppf(tail, x, n - x + 1))
    high = 1.0 if x == n else float(stats.beta.ppf(1 - tail, x + 1, n - x))
    return low, high


def benjamini_hochberg(p: list[float]) -> list[float]:
    """Adjusted p-values in the order given: the least of m p_(j) / j over j at or above each rank, at most 1."""
    order = np.argsort(p, kind="stable")[::-1]
    ranks = np.arange(len(p), 0, -1)
    stepped = np.minimum.accumulate(np.asarray(p)[order] * len(p) / ranks)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(stepped, 1)
    return [float(q) for q in adjusted]


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `proportion`: intervals for table `counts`, q-values for table `pvalues`; either may be left out."""
    level = param(params, "level", share, default=0.95)
    counts = read({"counts": [], **tables}, "counts", x=whole, n=whole)
    findings = read({"pvalues": [], **tables}, "pvalues", i=text, p=or_blank(_probability))
    no_repeats("pvalues", findings, "i")
    for number, row in enumerate(counts, start=1):
        if not 0 <= row["x"] <= row["n"]:
            raise at("counts", number, "x", f"{row['x']} is not between 0 and {row['n']}")
    q = iter(benjamini_hochberg([row["p"] for row in findings if row["p"] is not None]))
    return estimated(
        {
            "rows": [{**row, **_ends(row["x"], row["n"], level)} for row in counts],
            "bh": [{"i": row["i"], "q": None if row["p"] is None else next(q)} for row in findings],
        }
    )


def _ends(x: int, n: int, level: float) -> dict[str, float | None]:
    if n == 0:
        return dict.fromkeys(ENDS)
    return dict(zip(ENDS, (*wilson(x, n, level), *exact(x, n, level)), strict=True))


def _probability(cell: object) -> float:
    number = real(cell)
    if not 0 <= number <= 1:
        raise ValueError(f"{cell!r} is not between 0 and 1")
    return number
