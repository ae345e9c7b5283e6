"""From what was promised first to what is promised now: each difference belongs to the reason its version states.

A council's own amounts are its lines and the charges it pays, taken from the versions its finance lead approved, so
that the end of the bridge is what the roll-ups count as promised. The beginning never changes: it depends only on what
was approved before the council's own first approval.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from partnerships.models import Approval, BusinessCase, PlannedCharge, PlannedLine

from .promised import Promised, promise

REASONS = tuple(BusinessCase.Restated.values)  # price, volume, scope, boundary
NOTHING = Promised()


class Steps(NamedTuple):
    """One member and year, or a sum of such: `original` and what each reason added; together they are `now`."""

    original: Promised = NOTHING
    price: Promised = NOTHING
    volume: Promised = NOTHING
    scope: Promised = NOTHING
    boundary: Promised = NOTHING

    @property
    def now(self) -> Promised:
        return sum(self, NOTHING)

    def __add__(self, other):
        return Steps(*(one + more for one, more in zip(self, other, strict=True)))


class Change(NamedTuple):
    """A line or charge that a version added, removed or changed for `council`; amounts in pence, nought where none."""

    version: int
    reason: str
    council: Any
    what: str  # the scheme's reference, or the receiver of a charge
    kind: str  # a `Kind`, or `charge`
    year: int
    before: int
    after: int


class Bridge(NamedTuple):
    years: list[int]
    members: list  # councils, in name order
    cells: dict[tuple[int, int], Steps]  # by council id and start year
    changes: list[Change]
    originals: dict[int, int | None]  # version first promised, by council id; None: it came in with a later version
    forces: dict[int, int]  # version in force, by council id

    @property
    def restated(self) -> bool:
        """Whether a council approved more than its original."""
        return any(self.originals[council] != version for council, version in self.forces.items())

    def of(self, council=None, year=None, through=None) -> Steps:
        """The sum over what is named; `through` is the last start year that is added."""
        total = Steps()
        for (member, when), cell in self.cells.items():
            if council in (None, member) and year in (None, when) and (through is None or when <= through):
                total += cell
        return total


def bridge_of(partnership) -> Bridge:
    """The `Bridge` of a partnership; empty when nothing is approved. Three queries."""
    given = Approval.objects.filter(partnership=partnership).select_related("case", "council").order_by("pk")
    approvals = list(given)
    cases = {approval.case_id for approval in approvals}
    lines = PlannedLine.objects.filter(case__in=cases).select_related("council").order_by("pk")
    charges = PlannedCharge.objects.filter(case__in=cases).select_related("payer", "receiver").order_by("pk")
    return bridge(approvals, list(lines), list(charges))


def bridge(approvals, lines, charges) -> Bridge:
    """`approvals` in the order they were given; lines and charges of the cases they approve. No database."""
    own, named = _own(lines, charges)
    councils = {each.pk: each for line in lines for each in [line.council]}
    councils |= {each.pk: each for charge in charges for each in (charge.payer, charge.receiver)}
    cells: defaultdict[tuple[int, int], Steps] = defaultdict(Steps)
    changes: list[Change] = []
    originals: dict[int, int | None] = {}
    forces: dict[int, int] = {}
    by_council: defaultdict[int, list] = defaultdict(list)
    for approval in approvals:
        by_council[approval.council_id].append(approval)
    for council, given in by_council.items():
        given.sort(key=lambda approval: approval.case.version)
        came_later = _came_later(given[0], approvals, named)
        originals[council] = None if came_later else given[0].case.version
        forces[council] = given[-1].case.version
        before: tuple[list, list] = ([], [])
        for nth, approval in enumerate(given):
            after = own[approval.case_id, council]
            step = approval.case.restated_for if nth or came_later else "original"
            for key, difference in _difference(before, after).items():
                cells[key] += Steps(**{step: difference})
            if step != "original":
                changes += _changes(before, after, approval)
            before = after
    return Bridge(
        years=sorted({year for _, year in cells}),
        members=sorted((councils[pk] for pk in {pk for pk, _ in cells}), key=lambda council: council.name),
        cells=dict(cells), changes=changes, originals=originals, forces=forces,
    )  # fmt: skip


def _own(lines, charges):
    """By case and council its (lines, charges it pays), and which councils each case names."""
    own: defaultdict[tuple[int, int], tuple[list, list]] = defaultdict(lambda: ([], []))
    named: defaultdict[int, set] = defaultdict(set)
    for line in lines:
        own[line.case_id, line.council_id][0].append(line)
        named[line.case_id].add(line.council_id)
    for charge in charges:
        own[charge.case_id, charge.payer_id][1].append(charge)
        named[charge.case_id] |= {charge.payer_id, charge.receiver_id}
    return own, named


def _came_later(first, approvals, named) -> bool:
    """Whether an earlier version was approved by somebody before, and none such named this council."""
    earlier = {
        each.case_id for each in approvals if each.pk < first.pk and each.case.version < first.case.version
    }  # fmt: skip
    return bool(earlier) and not any(first.council_id in named[case] for case in earlier)


def _difference(before, after) -> dict[tuple[int, int], Promised]:
    was, now = promise(*before).cells, promise(*after).cells
    found = {key: now.get(key, NOTHING) - was.get(key, NOTHING) for key in was.keys() | now.keys()}
    return {key: difference for key, difference in found.items() if any(difference)}


def _changes(before, after, approval):
    was, now = _amounts(*before), _amounts(*after)
    return [
        Change(
            approval.case.version, approval.case.restated_for, approval.council, key[0], key[1], key[2],
            was.get(key, 0), now.get(key, 0),
        )
        for key in sorted(was.keys() | now.keys(), key=str)
        if was.get(key, 0) != now.get(key, 0)
    ]  # fmt: skip


def _amounts(lines, charges):
    found: defaultdict[tuple, int] = defaultdict(int)
    for line in lines:
        found[line.scheme_reference, line.kind, line.year, line.benefit_class, line.recurrence, line.month] += (
            line.amount_pence
        )
    for charge in charges:
        found[charge.receiver.name, "charge", charge.year, None, "", None] += charge.amount_pence
    return found
