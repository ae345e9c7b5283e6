"""How large an effect would chance have shown?

Leans on every donor being as likely as the partnership to move on its own: each is treated as if it had shared, with
the real one left out. Deterministic, no random draws. The interval is approximate: too wide when the partnership is
steadier than a donor, too narrow when it reacts to common shocks more strongly. Wrong when donors are few.
Source: Arkhangelsky et al. (2021), placebo variance; Abadie, Diamond & Hainmueller (2010), ranks.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats

from savings.analysis.one_unit import Fit, Setting, synthetic_control, synthetic_did

AS_LARGE = 1 - 1e-12  # ties count as at least as large, whatever rounding makes of them


class Interval(NamedTuple):
    """None where there are fewer than two donors: the only placebo would have nobody to be compared with."""

    sd: float | None
    lo: float | None
    hi: float | None
    p: float | None


def interval(setting: Setting, att: float, level: float) -> Interval:
    """att +- t_(J-1) * s, with s the sd (divisor J) of the donors' placebo effects about their mean."""
    donors = len(setting.donors)
    if donors < 2:
        return Interval(None, None, None, None)
    effects = np.array([synthetic_did(setting.without_treated(donor)).att for donor in range(donors)])
    sd = float(effects.std())
    reach = float(stats.t.ppf((1 + level) / 2, donors - 1)) * sd
    as_large = int((np.abs(effects) >= AS_LARGE * abs(att)).sum())
    return Interval(sd, att - reach, att + reach, (1 + as_large) / (donors + 1))


def rank(setting: Setting, fit: Fit) -> int | None:
    """Rank of the partnership's RMSPE ratio among itself and the donors, 1 the largest; None for a perfect fit."""
    donors = len(setting.donors)
    if np.isinf(fit.ratio) or donors < 2:
        return None
    ratios = [synthetic_control(setting.without_treated(donor)).ratio for donor in range(donors)]
    return 1 + sum(ratio >= AS_LARGE * fit.ratio for ratio in ratios)


class InTime(NamedTuple):
    att: float
    lo: float | None
    hi: float | None
    failed: bool


def in_time(setting: Setting, years: np.ndarray, start: int, level: float, fewest: int) -> InTime | None:
    """A start two years too early, on years before the real one; None when fewer than `fewest` would remain."""
    before = int((years < start - 2).sum())
    if before < fewest or before == setting.before:
        return None
    earlier = setting.at_an_earlier_start(before, setting.before)
    att = synthetic_did(earlier).att
    found = interval(earlier, att, level)
    failed = found.lo is not None and found.hi is not None and not found.lo <= 0 <= found.hi
    return InTime(att, found.lo, found.hi, failed)
