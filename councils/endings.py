"""Whether a council is to end or has ended, on which day, and who comes after it: from the register or from a plan."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from .models import Council, PlannedPassing, ReorganisationStep, ReorganisationVersion, Succession
from .reorganisations import DRAFT, PROPOSED, Plan, plans


class Heir(NamedTuple):
    name: str
    url: str  # empty while it is only planned
    share_bps: int
    council: int | None = None  # id, where it is in the register

    @property
    def percent(self) -> str:
        return f"{self.share_bps / 100:.2f}%"


class CouncilEnding(NamedTuple):
    """The end of one council, as of the day `today`."""

    council: Council
    on: datetime.date  # first day without it
    heirs: list[Heir]  # the larger share first
    plan: Plan | None  # None once the register holds it
    today: datetime.date

    @property
    def passed(self) -> bool:
        return self.plan is None and self.on <= self.today

    @property
    def draft(self) -> bool:
        return self.plan is not None and self.plan.state == DRAFT

    @property
    def last_day(self) -> datetime.date:
        return self.on - datetime.timedelta(days=1)

    @property
    def days_left(self) -> int:
        return (self.on - self.today).days


def ending_of(council: Council, *, on: datetime.date) -> CouncilEnding | None:
    """From the successions, else from the plan that has come furthest, the nearest day first. At most six queries."""
    rows = list(
        Succession.objects.filter(predecessor=council).select_related("successor").order_by("-share_bps", "successor")
    )
    if rows:
        heirs = [
            Heir(row.successor.name, row.successor.get_absolute_url(), row.share_bps, row.successor.pk) for row in rows
        ]
        return CouncilEnding(council, rows[0].on, heirs, None, on)
    if council.ended_on:
        return CouncilEnding(council, council.ended_on, [], None, on)
    found = [
        plan
        for plan in plans()
        if plan.state in (PROPOSED, DRAFT) and council.pk in {each.predecessor_id for each in plan.passings}
    ]
    if not found:
        return None
    plan = min(found, key=lambda each: each.state == DRAFT)  # `plans` has the nearest day first
    return CouncilEnding(council, plan.version.vesting_on, _planned(plan, council), plan, on)


def _planned(plan, council):
    heirs = []
    for each in plan.passings:
        if each.predecessor_id == council.pk:
            after = each.successor or each.planned
            heirs.append(
                Heir(after.name, each.successor.get_absolute_url() if each.successor else "", each.share_bps,
                     each.successor_id)
            )  # fmt: skip
    return heirs


def ending_soon(councils: Iterable[int], *, on: datetime.date) -> set[int]:
    """Which of `councils` (ids) the register or a proposed plan ends after the day `on`. One query."""
    councils = set(councils)
    ahead = Succession.objects.filter(predecessor__in=councils, on__gt=on).values_list("predecessor", flat=True)
    steps = ReorganisationStep.objects.filter(reorganisation=OuterRef("version__reorganisation"))
    later = ReorganisationVersion.objects.filter(
        reorganisation=OuterRef("version__reorganisation"), number__gt=OuterRef("version__number")
    )
    planned = PlannedPassing.objects.filter(
        Exists(steps.filter(step=PROPOSED, version=OuterRef("version"))),
        ~Exists(steps.exclude(step=PROPOSED)), ~Exists(later),
        predecessor__in=councils,
    ).values_list("predecessor", flat=True)  # fmt: skip
    return set(ahead.union(planned))
