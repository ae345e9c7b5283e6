"""What happened to each cohort in each year, against units that had not shared?

Leans on parallel trends: without sharing, the cohort would have moved as its controls did. No already-treated unit
is ever a control, which is where two-way fixed effects goes wrong when savings build up over time. Wrong when
councils joined because their costs were already turning (see the pre-trend).
Source: Callaway & Sant'Anna (2021), without covariates, varying base period before the start.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from savings.analysis.panels import NEVER, Panel


class Estimate(NamedTuple):
    """An effect and each unit's pull on it: se = |pull| / n. `cohort` and `year` are 0 where they do not apply."""

    att: float
    pull: np.ndarray
    cohort: int = 0
    year: int = 0

    @property
    def se(self) -> float:
        return math.sqrt(self.pull @ self.pull) / len(self.pull)


def group_time(panel: Panel, notyet: bool) -> list[Estimate]:
    """ATT(g, t) for every cohort and every year but the first; cells without controls are left out.

    Base year: the last one before the start, for years from the start on; the one before, for earlier years.
    """
    cells = []
    for cohort in np.unique(panel.start[panel.start != NEVER]):
        own = panel.start == cohort
        last_before = int(np.searchsorted(panel.years, cohort)) - 1
        for column in range(1, len(panel.years)):
            year = int(panel.years[column])
            base = last_before if year >= cohort else column - 1
            controls = panel.start == NEVER
            if notyet:
                controls = controls | ((panel.start > year) & ~own)
            if controls.any():
                change = panel.y[:, column] - panel.y[:, base]
                cells.append(_cell(change, own, controls)._replace(cohort=int(cohort), year=year))
    return cells


def _cell(change: np.ndarray, own: np.ndarray, controls: np.ndarray) -> Estimate:
    moved, would_have = change[own].mean(), change[controls].mean()
    pull = own * (change - moved) / own.mean() - controls * (change - would_have) / controls.mean()
    return Estimate(float(moved - would_have), pull)


def mean(estimates: Sequence[Estimate]) -> Estimate:
    """The plain mean: weights that were not estimated add nothing to the error."""
    return Estimate(
        float(np.mean([each.att for each in estimates])), np.mean([each.pull for each in estimates], axis=0)
    )


def by_cohort_size(estimates: Sequence[Estimate], start: np.ndarray) -> Estimate:
    """Weighted by the share of units in each estimate's cohort, with the error of estimating those shares."""
    belongs = np.array([start == each.cohort for each in estimates], dtype=float)
    shares = belongs.mean(axis=1)
    total = shares.sum()
    surprise = belongs - shares[:, None]
    pull_on_weights = surprise / total - np.outer(shares, surprise.sum(axis=0)) / total**2
    atts = np.array([each.att for each in estimates])
    pulls = np.array([each.pull for each in estimates])
    weights = shares / total
    return Estimate(float(weights @ atts), weights @ pulls + atts @ pull_on_weights)


class Aggregate(NamedTuple):
    overall: Estimate
    rows: dict[int, Estimate]  # by cohort, by years since the start, or by year


def simple(cells: Sequence[Estimate], start: np.ndarray) -> Aggregate:
    return Aggregate(by_cohort_size(_after(cells), start), {})


def group(cells: Sequence[Estimate], start: np.ndarray) -> Aggregate:
    """Over the years of each cohort, then over cohorts: every partnership counts once."""
    rows = {g: mean(own)._replace(cohort=g) for g, own in _sorted(_after(cells), "cohort").items()}
    return Aggregate(by_cohort_size(list(rows.values()), start), rows)


def dynamic(cells: Sequence[Estimate], start: np.ndarray) -> Aggregate:
    """By years since the start; those before it tell whether trends were parallel."""
    rows: dict[int, list[Estimate]] = {}
    for cell in cells:
        rows.setdefault(cell.year - cell.cohort, []).append(cell)
    estimates = {key: by_cohort_size(rows[key], start) for key in sorted(rows)}
    return Aggregate(mean([each for key, each in estimates.items() if key >= 0]), estimates)


def calendar(cells: Sequence[Estimate], start: np.ndarray) -> Aggregate:
    rows = {t: by_cohort_size(own, start) for t, own in _sorted(_after(cells), "year").items()}
    return Aggregate(mean(list(rows.values())), rows)


def _after(cells: Sequence[Estimate]) -> list[Estimate]:
    return [cell for cell in cells if cell.year >= cell.cohort]


def _sorted(cells: Sequence[Estimate], field: str) -> dict[int, list[Estimate]]:
    rows: dict[int, list[Estimate]] = {}
    for cell in sorted(cells, key=lambda cell: (getattr(cell, field), cell.cohort, cell.year)):
        rows.setdefault(getattr(cell, field), []).append(cell)
    return rows
