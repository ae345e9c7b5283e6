"""What passes from councils that end to those that come after them, and how pounds are shared out to the penny.

Nothing in the ledger moves: history stays with the council it happened to (DESIGN 3). To carry an amount to successors
is a way of reading: it goes down the tree of successions, at each fork by the shares of that fork, largest remainder
first, so that what arrives is what set out.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .models import Succession

WHOLE = 10_000  # basis points


class Passing(NamedTuple):
    """One successor of one council: from `on`, `share_bps` basis points of it."""

    predecessor: int
    successor: int
    on: datetime.date
    share_bps: int


#: For each council that has ended: its successors, in order of id.
Line = Mapping[int, Sequence[Passing]]


def line(*, on: datetime.date) -> Line:
    """Every succession that has come about by the date `on`, by predecessor id. One query."""
    rows = Succession.objects.filter(on__lte=on).order_by("predecessor_id", "successor_id")
    return lined_up(Passing(*row) for row in rows.values_list("predecessor_id", "successor_id", "on", "share_bps"))


def lined_up(passings: Iterable[Passing]) -> Line:
    """The same from passings at hand, those of a plan for instance."""
    found: defaultdict[int, list[Passing]] = defaultdict(list)
    for passing in sorted(passings):
        found[passing.predecessor].append(passing)
    return dict(found)


def shared_out(amount: int, shares: Sequence[int]) -> list[int]:
    """`amount` (signed pence, or a count) in parts as `shares` (basis points summing to 10,000), by largest remainder.

    The parts sum to `amount`; none has the other sign; equal remainders go to the earlier share.
    """
    if sum(shares) != WHOLE:
        raise ValueError(f"shares sum to {sum(shares)}, not to {WHOLE:,}")
    size, sign = abs(amount), -1 if amount < 0 else 1
    parts = [size * share // WHOLE for share in shares]
    behind = sorted(range(len(shares)), key=lambda each: (-(size * shares[each] % WHOLE), each))
    for each in behind[: size - sum(parts)]:
        parts[each] += 1
    return [sign * part for part in parts]


def carried(amount: int, council: int, through: Line) -> dict[int, int]:
    """Where an amount of `council` arrives: councils without successors, by id; `council` itself when it is one."""
    successors = through.get(council)
    if not successors:
        return {council: amount}
    arrived: defaultdict[int, int] = defaultdict(int)
    for passing, part in zip(successors, shared_out(amount, [each.share_bps for each in successors]), strict=True):
        for heir, share in carried(part, passing.successor, through).items():
            arrived[heir] += share
    return dict(arrived)


def heirs(council: int, through: Line) -> list[int]:
    """Who is there today for `council`, in order of id; the council itself while it is."""
    return sorted(carried(0, council, through))


def main_heir(council: int, through: Line) -> int:
    """The one that took most of it: what cannot be shared out (a return, a count of rows) goes there whole."""
    share = carried(WHOLE**2, council, through)
    return min(share, key=lambda each: (-share[each], each))


def ancestry(councils: Iterable[int], through: Line) -> set[int]:
    """`councils` and everybody of whom a part has come to one of them."""
    found = set(councils)
    while before := {
        each for each, successors in through.items()
        if each not in found and any(passing.successor in found for passing in successors)
    }:  # fmt: skip
        found |= before
    return found
