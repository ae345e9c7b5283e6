"""Which units take part in a comparison of many partnerships, and are they enough?

Leans on dropping before counting, always in the same order, so that two people with the same table refuse or
estimate alike. Wrong if the units dropped differ from those kept: what was dropped is told with the result.
Source: EVIDENCE sections 5.1, 8 and 10.1.
"""

from typing import NamedTuple

import numpy as np

from savings.analysis.panels import NEVER, Panel
from savings.analysis.parameters import Parameters


class Selection(NamedTuple):
    panel: Panel  # complete units in cohorts of two or more, and never-treated ones (start 0)
    pre_years: int | None  # before the earliest start of any treated unit; None when there is none
    treated_lost: int  # treated units with a missing year
    treated_seen: int  # treated units before that

    @property
    def treated(self) -> int:
        return int((self.panel.start != NEVER).sum())

    @property
    def controls(self) -> int:
        return int((self.panel.start == NEVER).sum())


def select(panel: Panel) -> Selection:
    """Drop units with a missing year, then those treated from the first year; later than the last is never."""
    if not len(panel.years):
        return Selection(panel, None, 0, 0)
    first, last = panel.years[0], panel.years[-1]
    treated = (panel.start > first) & (panel.start <= last)
    already = (panel.start != NEVER) & (panel.start <= first)
    kept = panel.keep(panel.complete & ~already)
    kept = kept._replace(start=np.where(kept.start > last, NEVER, kept.start))
    starts = kept.start[kept.start != NEVER]
    return Selection(
        of_one_class(without_lone_cohorts(kept)),
        int((panel.years < starts.min()).sum()) if len(starts) else None,
        int((treated & ~panel.complete).sum()),
        int(treated.sum()),
    )


def without_lone_cohorts(panel: Panel) -> Panel:
    """A cohort of one has no variance that could be estimated."""
    cohorts, sizes = np.unique(panel.start[panel.start != NEVER], return_counts=True)
    return panel.keep(~np.isin(panel.start, cohorts[sizes < 2]))


def of_one_class(panel: Panel) -> Panel:
    """Controls of the classes the treated units are of, where classes are known."""
    if panel.classes is None:
        return panel
    treated = panel.start != NEVER
    wanted = frozenset().union(*(panel.classes[i] for i in np.flatnonzero(treated)))
    return panel.keep(treated | np.array([own <= wanted for own in panel.classes], dtype=bool))


def too_little(selection: Selection, parameters: Parameters) -> list[str]:
    """Every reason not to estimate, in the order of section 8."""
    few_years = selection.pre_years is not None and selection.pre_years < parameters.did_pre_years_from
    reasons = {
        "too_few_treated": selection.treated < parameters.did_treated_from,
        "too_few_controls": selection.controls < parameters.did_controls_from,
        "too_few_pre_years": few_years,
        "missing_data": 2 * selection.treated_lost > selection.treated_seen,
    }
    return [reason for reason, holds in reasons.items() if holds]
