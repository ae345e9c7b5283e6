"""What do similar councils say about the claim?

Leans on a fair comparison having been made (see the counterfactual methods): where none exists the answer is
`not_possible`, which is not a point against anybody. The claim contradicts the comparison when costs rose, or when
a saving of the claimed size would have shown and did not. Wrong when cost was shifted outside what is compared.
Source: EVIDENCE section 5.3; effects are log changes in unit cost, so below zero is a saving.
"""

import math
from fractions import Fraction
from typing import NamedTuple

STATUSES = ("available", "refused", "pretrend_failed", "intime_placebo_failed")


class Comparison(NamedTuple):
    """The 90% interval of the estimated effect, and what the claim would mean as an effect (None: nothing claimed)."""

    lo: Fraction
    hi: Fraction
    claimed_tau: Fraction | None


def state(comparison: Comparison | None) -> str:
    """The first matching row of the table in section 5.3; None stands for no fair comparison."""
    if comparison is None:
        return "not_possible"
    missed = comparison.claimed_tau is not None and comparison.claimed_tau < comparison.lo
    if comparison.hi < 0:
        return "supports_smaller" if missed else "supports"
    return "contradicts" if comparison.lo > 0 or missed else "inconclusive"


def claimed_effect(saving: float, spent: float) -> float | None:
    """What a claim means as an effect: ln(1 - s) with s = S / (A + S); None when nothing is claimed.

    `saving` is the mean yearly real counted cashable saving net of recurrent costs since the start, `spent` the mean
    actual real cost, both in pence. Raises ValueError unless `spent` is above zero.
    """
    if spent <= 0:
        raise ValueError("a claim cannot be compared with a cost that is not above zero")
    return math.log(1 - saving / (spent + saving)) if saving > 0 else None


def saved(spent: float, tau: float) -> float:
    """Pence saved in a year in which `spent` was the actual real cost and `tau` the effect."""
    return spent * math.expm1(-tau)
