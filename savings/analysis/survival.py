"""What share of partnerships has paid back within so many years?

Leans on partnerships still running being no different from the rest when they leave sight (they are censored), and
on those that ended unpaid being counted as what they are: a competing end, never as still waiting. Wrong when
failures vanished before the register began: enter partnerships from the time they were first seen (delayed entry).
Sources: Kaplan & Meier (1958) with Greenwood's error; Aalen & Johansen (1978) with the infinitesimal jackknife.
"""

import math
from typing import NamedTuple

import numpy as np

PAID, ENDED = 1, 2
HALF = 0.5 * (1 + 1e-12)  # a survival of one half, reached by multiplying, may miss it by its last digit


class Records(NamedTuple):
    """One element per partnership; at risk when entry < t <= exit. Entry is -inf for always at risk."""

    entry: np.ndarray
    exit: np.ndarray
    status: np.ndarray  # 0 still running, PAID or ENDED at exit

    def at_risk(self, t: float) -> np.ndarray:
        return (self.entry < t) & (t <= self.exit)

    def event_times(self) -> np.ndarray:
        return np.unique(self.exit[self.status > 0])


def stops_after(records: Records, fewest: int) -> float:
    """The moment after which fewer than `fewest` are at risk, once there had been as many; inf if never.

    The number at risk changes only just after an entry or an exit.
    """
    moments = np.unique(np.concatenate([records.entry, records.exit]))
    enough = False
    for before, after in zip([-math.inf, *moments], [*moments, math.inf], strict=True):
        number = records.at_risk(after).sum()
        if enough and number < fewest:
            return float(before)
        enough = enough or number >= fewest
    return math.inf


class Survival(NamedTuple):
    time: float
    surv: float
    greenwood: float  # sum of d / (n (n - d)); inf once nobody is left


def kaplan_meier(records: Records) -> list[Survival]:
    """The curve just after each event time, beginning with 1 at time -inf."""
    curve = [Survival(-math.inf, 1.0, 0.0)]
    for t in records.event_times():
        n = int(records.at_risk(t).sum())
        d = int(((records.exit == t) & (records.status > 0)).sum())
        last = curve[-1]
        added = d / (n * (n - d)) if n > d else math.inf
        curve.append(Survival(float(t), last.surv * (n - d) / n, last.greenwood + added))
    return curve


def log_log(point: Survival, z: float) -> tuple[float, float]:
    """Interval of a survival strictly between 0 and 1; it never leaves that range."""
    width = z * math.sqrt(point.greenwood) / abs(math.log(point.surv))
    return point.surv ** math.exp(width), point.surv ** math.exp(-width)


def median(curve: list[Survival], until: float) -> float | None:
    """The first time by which half have paid back, if that is before the curve stops."""
    return next((point.time for point in curve if point.surv <= HALF and point.time <= until), None)


class Incidence(NamedTuple):
    time: float
    paid: float
    ended: float
    se: float  # of paid


def aalen_johansen(records: Records) -> list[Incidence]:
    """Cumulative incidence just after each event time, beginning with 0 at time -inf.

    The error is the root of the sum of squares of each partnership's pull: the derivative of the estimate by its
    weight, carried along with the estimate itself.
    """
    curve = [Incidence(-math.inf, 0.0, 0.0, 0.0)]
    surv, paid, ended = 1.0, 0.0, 0.0
    pull_surv = np.zeros(len(records.exit))
    pull_paid = np.zeros(len(records.exit))
    for t in records.event_times():
        here, now = records.at_risk(t), records.exit == t
        n = here.sum()
        paid_now, ended_now = now & (records.status == PAID), now & (records.status == ENDED)
        hazard_paid, hazard = paid_now.sum() / n, (paid_now | ended_now).sum() / n
        pull_hazard_paid = (paid_now - here * hazard_paid) / n
        pull_hazard = ((paid_now | ended_now) - here * hazard) / n
        pull_paid = pull_paid + pull_surv * hazard_paid + surv * pull_hazard_paid
        pull_surv = pull_surv * (1 - hazard) - surv * pull_hazard
        paid, ended = paid + surv * hazard_paid, ended + surv * ended_now.sum() / n
        surv *= 1 - hazard
        curve.append(Incidence(float(t), float(paid), float(ended), float(np.sqrt(pull_paid @ pull_paid))))
    return curve
