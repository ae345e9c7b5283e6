"""What would one partnership have cost had it not shared? Three answers for one treated unit.

Leans on a mix of donors that moved as the partnership did before the start and goes on doing so. Synthetic
difference-in-differences forgives a constant gap and listens most to the years that foretell the later ones;
synthetic control demands the level too; plain difference-in-differences weighs all alike. Wrong when something hit
the partnership alone at the time. Sources: Arkhangelsky et al. (2021); Abadie, Diamond & Hainmueller (2010).
"""

from typing import NamedTuple

import numpy as np

from savings.analysis.simplex import weights

PERFECT = 1e-6  # RMSPE before the start below which a ratio to it means nothing


class Setting(NamedTuple):
    """One treated unit (T0 + T1 years) and J donors (J by T0 + T1); `before` is T0."""

    treated: np.ndarray
    donors: np.ndarray
    before: int

    def sigma(self) -> float:
        """Sample sd of the donors' year-on-year changes before the start; 0 when there are fewer than two."""
        changes = np.diff(self.donors[:, : self.before], axis=1).ravel()
        return float(changes.std(ddof=1)) if len(changes) > 1 else 0.0

    def without_treated(self, donor: int) -> "Setting":
        """The placebo in which this donor is treated and the real partnership is left out."""
        return Setting(self.donors[donor], np.delete(self.donors, donor, axis=0), self.before)

    def at_an_earlier_start(self, before: int, until: int) -> "Setting":
        return Setting(self.treated[:until], self.donors[:, :until], before)


class Fit(NamedTuple):
    att: float
    rmspe_pre: float
    unit_weights: np.ndarray
    year_weights: np.ndarray  # of the years before the start
    rmspe_post: float

    @property
    def ratio(self) -> float:
        """Post over pre RMSPE; inf for a perfect fit."""
        return np.inf if self.rmspe_pre < PERFECT else self.rmspe_post / self.rmspe_pre


def synthetic_did(setting: Setting) -> Fit:
    """With intercepts for both sets of weights, and zeta keeping donor weights spread."""
    treated, donors, before = setting
    after, sigma = len(treated) - before, setting.sigma()
    zeta = after**0.25 * sigma
    pre, post = donors[:, :before], donors[:, before:].mean(axis=1)
    a, b = pre.T - pre.mean(axis=1), treated[:before] - treated[:before].mean()
    units = weights(a, b, zeta**2 * before)
    years = weights(pre - pre.mean(axis=0), post - post.mean(), (1e-6 * sigma) ** 2 * len(donors))
    change = treated[before:].mean() - years @ treated[:before]
    att = change - units @ (post - pre @ years)
    gap = treated - units @ donors
    after_intercept = gap[before:] - gap[:before].mean()
    return Fit(float(att), _root_mean_square(a @ units - b), units, years, _root_mean_square(after_intercept))


def synthetic_control(setting: Setting) -> Fit:
    """Levels matched, all years before the start alike."""
    treated, donors, before = setting
    ridge = (1e-6 * setting.sigma()) ** 2 * before
    units = weights(donors[:, :before].T, treated[:before], ridge)
    gap = treated - units @ donors
    years = np.full(before, 1 / before)
    pre, post = _root_mean_square(gap[:before]), _root_mean_square(gap[before:])
    return Fit(float(gap[before:].mean()), pre, units, years, post)


def plain_did(setting: Setting) -> float:
    treated, donors, before = setting
    others = donors.mean(axis=0)
    return float((treated - others)[before:].mean() - (treated - others)[:before].mean())


def _root_mean_square(values: np.ndarray) -> float:
    return float(np.sqrt((values**2).mean()))
