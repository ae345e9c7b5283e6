"""Which quarters members owe a return for, and how far each has come. A missing return is never nil."""

import datetime
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from councils.models import Council
from councils.years import Quarter
from partnerships.models import Membership, Partnership
from savings.models import Return

OPEN = "open"
Step = Return.Step


class MemberQuarter(NamedTuple):
    """The return of one member for one quarter, as it stands on the day `today`."""

    partnership: Partnership
    council: Council
    quarter: Quarter
    last: Return | None  # the latest step, with who took it
    today: datetime.date

    @property
    def state(self) -> str:
        """A `Return.Step`, or `open` while no step was taken."""
        return self.last.step if self.last else OPEN

    @property
    def due_on(self) -> datetime.date:
        return self.quarter.due_on()

    @property
    def ended(self) -> bool:
        return self.quarter.end <= self.today

    @property
    def settled(self) -> bool:
        """Signed off or closed: it counts as returned."""
        return self.state in (Step.SIGNED_OFF, Step.CLOSED)

    @property
    def overdue(self) -> bool:
        return not self.settled and self.due_on < self.today

    @property
    def due(self) -> bool:
        """The quarter has ended, its return is not signed off, and there is still time."""
        return self.ended and not self.settled and not self.overdue


def quarters_of(councils: Iterable[int], *, today: datetime.date) -> list[MemberQuarter]:
    """Every quarter of membership of `councils` (ids) that has begun, oldest first. Two queries."""
    memberships = list(_memberships().filter(council__in=councils).order_by("partnership__name", "council__name"))
    latest = {
        (step.partnership_id, step.council_id, step.quarter): step
        for step in Return.objects.filter(council__in=councils)
        .order_by("partnership_id", "council_id", "quarter", "-sequence")
        .distinct("partnership_id", "council_id", "quarter")
        .select_related("stepped_by")
    } if memberships else {}  # fmt: skip
    found = {}  # a council that joined twice may have one quarter in both memberships
    for each in memberships:
        for quarter in _begun(each, today):
            key = (each.partnership_id, each.council_id, quarter.first_day)
            found[key] = MemberQuarter(each.partnership, each.council, quarter, latest.get(key), today)
    return sorted(found.values(), key=lambda one: one.quarter)


def member_quarter(slug: str, code: str, quarter: Quarter, *, readers: set[int], today: datetime.date):
    """One of them with its steps, oldest first; None when the council was no member in it, it has not begun, or none of
    `readers` (council ids) is or was a member of the partnership. At most three queries."""
    mine = Membership.objects.filter(council__in=readers).values("partnership")
    memberships = _memberships().filter(partnership__slug=slug, council__code=code, partnership__in=mine)
    held = next((each for each in memberships if quarter in _begun(each, today)), None)
    if held is None:
        return None
    steps = list(
        Return.objects.filter(partnership=held.partnership, council=held.council, quarter=quarter.first_day)
        .select_related("stepped_by")
        .order_by("sequence")
    )
    return MemberQuarter(held.partnership, held.council, quarter, steps[-1] if steps else None, today), steps


def closed_quarters(councils: Iterable[int]) -> list[Return]:
    """The closing steps of quarters of `councils` (ids) that are closed now, newest quarter first. One query."""
    latest = (
        Return.objects.filter(council__in=councils)
        .order_by("partnership_id", "council_id", "quarter", "-sequence")
        .distinct("partnership_id", "council_id", "quarter")
        .select_related("partnership", "council")
    )
    return sorted((step for step in latest if step.step == Step.CLOSED), key=lambda step: step.quarter, reverse=True)


def _memberships():
    """Memberships that owe returns: nobody keeps a ledger for what is only known from the public record."""
    return (
        Membership.objects.current()
        .filter(partnership__from_public_record=False)
        .select_related("partnership__ending", "council")
    )


def _begun(membership: Membership, today: datetime.date) -> Iterator[Quarter]:
    """Quarters that touch the membership and had begun by `today`."""
    ending = getattr(membership.partnership, "ending", None)
    left = min(membership.ends_on or datetime.date.max, ending.ended_on if ending else datetime.date.max)
    quarter = Quarter.containing(membership.starts_on)
    while quarter.first_day < left and quarter.first_day <= today:
        yield quarter
        quarter = quarter.following
