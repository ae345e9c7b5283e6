"""Which quarters members owe a return for, and how far each has come. A missing return is never nil."""

import datetime
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import connection
from django.db.models import Min, Q
from django.utils import timezone

from councils.models import Council
from councils.years import FinancialYear, Quarter
from partnerships.models import Membership, Partnership
from savings.models import Return, Rollup

OPEN = "open"
Step = Return.Step


class MemberQuarter(NamedTuple):
    """The return of one member for one quarter, as it stands on the day `today`."""

    partnership: Partnership
    council: Council
    quarter: Quarter
    last: Return | None  # the latest step, with who took it
    today: datetime.date
    since: datetime.date = datetime.date.min  # the first day of this member's record here, see `_records_begin`

    @property
    def owed(self) -> bool:
        """Whether a return is owed: the quarter ended within the record, or somebody made one all the same."""
        return self.last is not None or self.quarter.end > self.since

    @property
    def before_record(self) -> bool:
        """Of a quarter before the record began nothing is known here; that is not nought."""
        return self.ended and not self.owed

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
        return self.owed and not self.settled and self.due_on < self.today

    @property
    def due(self) -> bool:
        """The quarter has ended, its return is not signed off, and there is still time."""
        return self.owed and self.ended and not self.settled and not self.overdue


def quarters_of(
    councils: Iterable[int], *, today: datetime.date, since: datetime.date = datetime.date.min
) -> list[MemberQuarter]:
    """Every quarter of membership of `councils` (ids) that has begun, oldest first. Four queries.

    Only those that begin on the day `since` or later, when given.
    """
    memberships = list(_memberships().filter(council__in=councils).order_by("partnership__name", "council__name"))
    latest = {
        (step.partnership_id, step.council_id, step.quarter): step
        for step in Return.objects.filter(council__in=councils)
        .order_by("partnership_id", "council_id", "quarter", "-sequence")
        .distinct("partnership_id", "council_id", "quarter")
        .select_related("stepped_by")
    } if memberships else {}  # fmt: skip
    begins = _records_begin({each.partnership_id for each in memberships})
    found = {}  # a council that joined twice may have one quarter in both memberships
    for each in memberships:
        for quarter in _begun(each, today):
            if quarter.first_day < since:
                continue
            key = (each.partnership_id, each.council_id, quarter.first_day)
            record = begins.get(key[:2], datetime.date.min)
            found[key] = MemberQuarter(each.partnership, each.council, quarter, latest.get(key), today, record)
    return sorted(found.values(), key=lambda one: one.quarter)


def member_quarter(slug: str, code: str, quarter: Quarter, *, readers: set[int], today: datetime.date):
    """One of them with its steps, oldest first; None when the council was no member in it, it has not begun, or none of
    `readers` (council ids) is or was a member of the partnership. At most five queries."""
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
    last = steps[-1] if steps else None
    begins = _records_begin({held.partnership_id})
    record = begins.get((held.partnership_id, held.council_id), datetime.date.min)
    return MemberQuarter(held.partnership, held.council, quarter, last, today, record), steps


def closed_quarters(councils: Iterable[int]) -> list[Return]:
    """The closing steps of quarters of `councils` (ids) that are closed now, newest quarter first. One query."""
    latest = (
        Return.objects.filter(council__in=councils)
        .order_by("partnership_id", "council_id", "quarter", "-sequence")
        .distinct("partnership_id", "council_id", "quarter")
        .select_related("partnership", "council")
    )
    return sorted((step for step in latest if step.step == Step.CLOSED), key=lambda step: step.quarter, reverse=True)


def _records_begin(partnerships: set[int]) -> dict[tuple[int, int], datetime.date]:
    """When the record of each member begins, by partnership and council: the day its membership was entered here, or
    1 April of the first year for which anything of it is recorded, whichever is earlier. Two queries."""
    if not partnerships:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM members_joined_record(%s)", [sorted(partnerships)])
        found = {(pair, council): timezone.localdate(at) for pair, council, at in cursor.fetchall()}
    first = Rollup.objects.filter(partnership__in=partnerships).filter(Q(entries__gt=0) | Q(returned__gt=0))
    for pair, council, year in (
        first.values("partnership", "council")
        .annotate(first=Min("year"))
        .values_list("partnership", "council", "first")
    ):
        key, begins = (pair, council), FinancialYear(year).first_day
        found[key] = min(found.get(key, begins), begins)
    return found


def _memberships():
    """Memberships that owe returns: nobody keeps a ledger for what is only known from the public record."""
    return Membership.objects.current().kept().select_related("partnership__ending", "council")


def _begun(membership: Membership, today: datetime.date) -> Iterator[Quarter]:
    """Quarters that touch the membership and had begun by `today`."""
    ending = getattr(membership.partnership, "ending", None)
    left = min(membership.ends_on or datetime.date.max, ending.ended_on if ending else datetime.date.max)
    quarter = Quarter.containing(membership.starts_on)
    while quarter.first_day < left and quarter.first_day <= today:
        yield quarter
        quarter = quarter.following
