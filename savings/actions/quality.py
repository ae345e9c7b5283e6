"""Agreeing what a saving must leave as good as it was, and reading it (R15)."""

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from savings.models import Indicator, Reading


@transaction.atomic
def agree(*, by, at, partnership, name, unit, higher_is_better, baseline, tolerance):
    """A new indicator of the partnership: its value before sharing, and how much worse (in its unit) is tolerated."""
    if tolerance < 0:
        raise Refused("A tolerance is zero or more.", field="tolerance")
    if Indicator.objects.filter(partnership=partnership, name=name).exists():
        raise Refused("This partnership already has an indicator with that name.", field="name")
    with act(by=by, at=at, verb="agreed indicator", subject=f"{partnership.slug}: {name}") as this:
        return Indicator.objects.create(
            act=this, partnership=partnership, name=name, unit=unit, higher_is_better=higher_is_better,
            baseline=baseline, tolerance=tolerance,
        )  # fmt: skip


@transaction.atomic
def read(*, by, at, indicator, council, quarter, value):
    """What `indicator` read for `council` in `quarter` (a `Quarter`); the latest of a quarter holds."""
    with act(by=by, at=at, verb="read indicator", subject=f"{indicator.name} {quarter.label}") as this:
        return Reading.objects.create(
            act=this, indicator=indicator, partnership_id=indicator.partnership_id, council=council,
            quarter=quarter.first_day, value=value,
        )  # fmt: skip
