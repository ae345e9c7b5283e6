"""When had it put back, for good, what it took out?

Leans on flows being spread evenly within a year, so that the moment can be read off a straight line, and on the
clock starting on 1 April of the first year. Sustained: the last crossing counts, not the first, so a second round
of cost after an early success puts payback off. Wrong when a year's flows bunch at one end of it.
Source: EVIDENCE section 2; the rule is ours, because the textbook rule takes the first crossing.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any

from savings.analysis.values import label


def payback(net: Sequence[int | Fraction], base_year: int) -> dict[str, Any]:
    """Sustained payback of the yearly nets from `base_year` on; at least one year, exact amounts.

    `status` is `immediate`, `paid_back` or `not_yet`; `years` counts from 1 April of `base_year`. When not yet paid
    back, `years` and `fy` are None and `censored_years` is how long it has been watched.
    """
    cumulative = list(accumulate(net))
    below = [index for index, total in enumerate(cumulative) if total < 0]
    result = {"fy": None, "relapsed": _relapsed(cumulative), "censored_years": None}
    if not below:
        return {**result, "status": "immediate", "years": 0.0}
    index = below[-1] + 1
    if index == len(cumulative):
        return {**result, "status": "not_yet", "years": None, "censored_years": index}
    years = index + Fraction(-cumulative[index - 1]) / net[index]
    return {**result, "status": "paid_back", "fy": label(base_year + index), "years": float(years)}


def _relapsed(cumulative: Sequence[int | Fraction]) -> bool:
    """Whether it rose from below zero to zero or above and later fell below zero again."""
    sank = recovered = False
    for total in cumulative:
        if total < 0:
            if recovered:
                return True
            sank = True
        else:
            recovered = sank
    return False
