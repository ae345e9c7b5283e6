"""What the members' shares come to on each day: from one change of membership to the next."""

import datetime
from typing import NamedTuple

WHOLE = 10_000  # basis points


class Stretch(NamedTuple):
    """Days on which the same rows hold."""

    starts_on: datetime.date
    ends_on: datetime.date | None  # first day after
    rows: list  # of `Membership`

    @property
    def cost(self):
        return Sum.of([each.cost_share_bps for each in self.rows])

    @property
    def gain(self):
        return Sum.of([each.gain_share_bps for each in self.rows])


class Sum(NamedTuple):
    """Basis points added up, and for how many members none is agreed."""

    bps: int
    missing: int
    members: int

    @classmethod
    def of(cls, shares):
        return cls(sum(each or 0 for each in shares), sum(each is None for each in shares), len(shares))

    @property
    def whole(self):
        return not self.missing and self.bps == WHOLE

    @property
    def words(self):
        """`100%`, `95%, 5% short`, `none agreed`."""
        if self.missing == self.members:
            return "none agreed"
        said = percent(self.bps)
        if self.missing:
            said += f", and none agreed for {self.missing} of {self.members} members"
        elif self.bps != WHOLE:
            said += f", {percent(abs(WHOLE - self.bps))} {'short' if self.bps < WHOLE else 'too much'}"
        return said


def percent(bps):
    """`33.33%` for 3333; `not agreed` for None."""
    return "not agreed" if bps is None else f"{bps / 100:.2f}".rstrip("0").rstrip(".") + "%"


def stretches(rows):
    """`rows` (current versions of memberships) cut wherever one begins or ends, newest first; days without any are
    left out."""
    days = sorted({each.starts_on for each in rows} | {each.ends_on for each in rows if each.ends_on})
    found = []
    for day, after in zip(days, [*days[1:], None], strict=True):
        held = [each for each in rows if each.starts_on <= day and (each.ends_on is None or each.ends_on > day)]
        if held:
            found.append(Stretch(day, after, held))
    return found[::-1]
