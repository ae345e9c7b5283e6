"""Every judgement the figures rest on, in one place and with a version.

Question: which rates, weights and thresholds gave this figure? Leans on policy, not on data: the weights say how
far a council's word is trusted at each grade and nobody has measured that. Wrong when HM Treasury replaces its
discount rates or audits show another ratio of audited to claimed: make a new version, never edit an old one.
"""

from dataclasses import dataclass
from fractions import Fraction

WEIGHT_READINGS = ("low", "central", "high")


Weights = tuple[Fraction, Fraction, Fraction, Fraction]


def _weights(*values: str) -> Weights:
    nought, one, two, three = (Fraction(value) for value in values)
    return nought, one, two, three


# By grade: self-declared, documented, finance signed-off, audited.
LOW = _weights("0.00", "0.50", "0.90", "1.00")
CENTRAL = _weights("0.40", "0.75", "0.95", "1.00")
HIGH = _weights("1.00", "1.00", "1.00", "1.00")


@dataclass(frozen=True)
class Parameters:
    """One dated set. Money is whole pence; shares and rates are exact fractions; grades count from 0 to 3."""

    version: str = "2026-1"

    # HM Treasury, Green Book (2022): (last year of the band, rate). Under review since December 2025.
    discount_schedule: str = "stpr_2003"
    discount_bands: tuple[tuple[int, Fraction], ...] = (
        (30, Fraction("0.035")),
        (75, Fraction("0.030")),
        (125, Fraction("0.025")),
    )

    # How much of a saving of each grade the evidence-weighted net believes.
    weight_low: Weights = LOW
    weight_central: Weights = CENTRAL
    weight_high: Weights = HIGH
    proven_from_grade: int = 2

    # Two amounts are near within the larger of a share of the larger one and a fixed sum.
    tolerance_bps: int = 100
    tolerance_pence: int = 100_000

    # How much there must be before an estimate is shown at all.
    realisation_shown_from: int = 5  # partnerships
    effects_pooled_from: int = 3
    effects_ranked_from: int = 5  # for the prediction interval and the league table
    effects_regressed_from: int = 10  # also for the small-study check
    effects_per_coefficient: int = 10
    curve_shown_from: int = 10  # partnerships
    curve_stops_below: int = 5  # at risk
    scale_units_from: int = 20  # councils
    scale_spread_from: int = 3  # largest over smallest

    # The counterfactual methods.
    did_treated_from: int = 5  # partnerships in cohorts of two or more
    did_controls_from: int = 10
    did_pre_years_from: int = 3
    pre_trend_fails_below: float = 0.10  # p
    synthetic_donors_from: int = 10
    synthetic_pre_years_from: int = 5
    synthetic_post_years_from: int = 1
    synthetic_poor_fit_above: float = 0.05  # RMSPE before the start, logs

    # The verdict's gates and thresholds.
    gate_complete_years: int = 2
    gate_completeness: Fraction = Fraction("0.80")
    gate_disputed_share: Fraction = Fraction("0.10")
    proven_share: Fraction = Fraction("0.50")
    deadline_grace_years: int = 2
    deadline_latest: int = 9
    deadline_without_plan: int = 4

    def weights(self, reading: str) -> Weights:
        """The four weights of a reading: `low`, `central` or `high`."""
        return {"low": self.weight_low, "central": self.weight_central, "high": self.weight_high}[reading]


CURRENT = Parameters()
