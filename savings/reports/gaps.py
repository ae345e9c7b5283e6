"""What is missing: quarters nobody returned, and entries that are unsigned, undocumented or sent back."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from councils.years import Quarter
from partnerships.models import Membership, Partnership
from savings.models import Return
from savings.reporting import rows

from .entries import Row


class Step(NamedTuple):
    """The latest step of one member's return for one quarter."""

    council: int
    quarter: datetime.date  # its first day
    step: str
    by: str
    at: datetime.datetime
    nil_savings: bool
    nil_costs: bool


class Returns(NamedTuple):
    """How far one member has accounted for the quarters that have ended. A missing return is never nil."""

    member: str
    due: int  # quarters
    signed_off: int  # of those, with a return that is signed off or closed
    silent: list[Quarter]  # of those, without a return

    @property
    def returned(self) -> int:
        return self.due - len(self.silent)


def returns_of(partnership: Partnership, memberships: Iterable[Membership], *, on: datetime.date) -> list[Returns]:
    """For each member, in the order given; a council that joined twice appears once. One query."""
    steps = {
        (step.council, step.quarter): step.step for step in rows("report_returns", Step, partnership=partnership.pk)
    }
    due: dict[int, set[Quarter]] = {}
    names: dict[int, str] = {}
    for membership in memberships:
        names[membership.council_id] = membership.council.name
        due.setdefault(membership.council_id, set()).update(_quarters(membership, on))
    return [_returns(names[council], council, sorted(quarters), steps) for council, quarters in due.items()]


def _returns(name: str, council: int, quarters: list[Quarter], steps: dict) -> Returns:
    found = [(quarter, steps.get((council, quarter.first_day))) for quarter in quarters]
    done = (Return.Step.SIGNED_OFF, Return.Step.CLOSED)
    return Returns(
        member=name,
        due=len(quarters),
        signed_off=sum(step in done for _, step in found),
        silent=[quarter for quarter, step in found if step in (None, Return.Step.REOPENED)],
    )


def _quarters(membership: Membership, on: datetime.date) -> Iterable[Quarter]:
    """Quarters that touch the membership and had ended by the day `on`."""
    left = membership.ends_on or datetime.date.max
    quarter = Quarter.containing(membership.starts_on)
    while quarter.end <= on and quarter.first_day < left:
        yield quarter
        quarter = quarter.following


class Missing(NamedTuple):
    """Banked entries that stand and lack something; an entry may be on several lists."""

    unsigned: list[Row]  # nobody has signed them off, though there is a document
    undocumented: list[Row]  # no document supports them
    returned: list[Row]  # sent back to the recorder and neither put right nor reversed
    real_terms: list[Row]  # entered in the money of another year, though every figure here is nominal


def missing_of(entries: Iterable[Row]) -> Missing:
    standing = [row for row in entries if row.banked and row.stands]
    return Missing(
        unsigned=[row for row in standing if row.grade < 2 and row.documents],
        undocumented=[row for row in standing if not row.documents],
        returned=[row for row in standing if row.outcome == "returned"],
        real_terms=[row for row in standing if row.price_base is not None],
    )
