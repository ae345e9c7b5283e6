"""Booking a grid: every changed cell of one council, partnership and year, as one act or not at all.

A new value in an empty cell is a new entry; a changed value is a reversal of what stood there and a new entry; an
emptied cell is a reversal. Everything wrong is found before anything is written and said cell by cell.
"""

import zlib
from collections import Counter
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.models import Act
from councils.money import pounds
from councils.refusals import Refused
from councils.rights import rights_of
from savings import locks
from savings.models import BudgetReduction, Entry, Scheme, with_amounts
from savings.models.typed import Kind, Series
from savings.standing_cells import WHOLE, Cell, RowKey, begun, closed_months, standing_cells

from . import periods, rollups
from .entries import COPIED, COSTS, refuse_stranger
from .ledger_words import ledger_words

GRIDS = 0x677269  # "gri": the class of our advisory locks
CARRIED = ("ledger_code", "funded_by", "document_ref", "price_base", "budget_reduction")

Place = tuple[RowKey, int]


class Change(NamedTuple):
    """One cell as somebody wants it. `was` is the mark of the cell they were looking at."""

    row: RowKey
    month: int  # 1 (April) to 12, or `WHOLE`
    pence: int | None  # None empties it
    was: str
    ledger_code: str = ""  # for a new entry; one that is replaced keeps its own


class Booked(NamedTuple):
    act: Act | None  # None when everything was there already
    new: int
    changed: int
    removed: int


class NotBooked(Refused):
    """Nothing was written. `cells` says what is wrong where, `clashes` where somebody else was quicker, `codes` which
    ledger codes are new and so need to be told how much was taken out of them."""

    def __init__(self, message, *, cells=None, clashes=None, codes=()):
        super().__init__(message)
        self.cells: dict[Place, str] = cells or {}
        self.clashes: dict[Place, Cell] = clashes or {}
        self.codes: list[str] = list(codes)


class Plan(NamedTuple):
    """What booking would do, cell by cell."""

    new: list[Change]
    changed: list[tuple[Change, Cell]]
    removed: list[tuple[Change, Cell]]

    @property
    def something(self):
        return bool(self.new or self.changed or self.removed)


def plan(changes, cells) -> Plan:
    """Sorts `changes` by what they come to beside the `cells` that stand; what is there already is left out.

    Raises `NotBooked` with the clashes: cells that are neither as they were nor as they are wanted.
    """
    found, clashes = Plan([], [], []), {}
    for change in changes:
        cell = cells.get(change.row, {}).get(change.month, Cell())
        if (cell.pence if cell.entries else None) == change.pence:
            continue
        if cell.mark != change.was:
            clashes[change.row, change.month] = cell
        elif change.pence is None:
            found.removed.append((change, cell))
        elif cell.entries:
            found.changed.append((change, cell))
        else:
            found.new.append(change)
    if clashes:
        raise NotBooked("Somebody else changed what you were changing. Choose which holds.", clashes=clashes)
    return found


@transaction.atomic
def book(*, by, at, council, partnership, year, changes, reason="", reductions=None) -> Booked:
    """Write `changes`; `reductions` says in pence what was taken out of budgets whose code is new. A dozen queries,
    however many cells. Raises `NotBooked`, or `Refused` naming the field `reason`."""
    if not rights_of(by.pk, on=timezone.localdate(at)).may_record(council.pk):
        raise Refused("You cannot record for that council.")
    _one_at_a_time(council, partnership, year)
    cells = standing_cells(council=council, partnership=partnership, year=year)
    wanted = plan(changes, cells)
    if not wanted.something:
        return Booked(None, 0, 0, 0)
    if (wanted.changed or wanted.removed) and not reason.strip():
        raise Refused("Say why amounts already recorded are changed.", field="reason")
    check(wanted, council=council, partnership=partnership, year=year, cells=cells, at=at)
    schemes = {scheme.public_id: scheme for scheme in Scheme.objects.filter(partnership=partnership)}
    subject = f"partnership:{partnership.public_id}"
    with ledger_words(), act(by=by, at=at, verb="booked", subject=subject, reason=reason) as this:
        posted = {
            "act": this, "posted_quarter": periods.open_quarter(partnership=partnership, council=council, at=at),
            "recorded_by": by, "recorded_at": at,
        }  # fmt: skip
        gone = [entry for _, cell in (*wanted.changed, *wanted.removed) for entry in cell.entries]
        Entry.objects.bulk_create(_reversal(entry, reason, posted) for entry in gone)
        codes = _reductions(this, council, year, wanted, reductions or {}, by)
        fixed = posted | {
            "council": council, "partnership": partnership, "series": Series.BANKED, "year": year.start,
        }  # fmt: skip
        fresh = [_entry(change, {"ledger_code": change.ledger_code}, codes, schemes, fixed)
                 for change in wanted.new]  # fmt: skip
        fresh += [_entry(change, _carried(cell, change), codes, schemes, fixed) for change, cell in wanted.changed]
        Entry.objects.bulk_create(fresh)
    rollups.ring()
    return Booked(this, len(wanted.new), len(wanted.changed), len(wanted.removed))


def check(wanted: Plan, *, council, partnership, year, cells, at):
    """Refuse, cell by cell, what the ledger would refuse: strangers, closed or coming periods, both ways of a year."""
    closed = closed_months(council=council, partnership=partnership, year=year)
    known = {scheme.public_id for scheme in Scheme.objects.filter(partnership=partnership)}
    bases = _bases(wanted, cells)
    wrong: dict[Place, str] = {}
    strangers: dict[tuple[int, bool], str] = {}
    memberships = list(partnership.memberships.current().filter(council=council))
    for change in (*wanted.new, *(each for each, _ in (*wanted.changed, *wanted.removed))):
        place, cost = (change.row, change.month), change.row.kind in COSTS
        if change.row.scheme not in known:
            raise Refused("That scheme belongs to another partnership.", field="scheme")
        if change.month in closed:
            wrong[place] = f"{closed[change.month]}. Record an adjustment with the form for one entry."
        elif change.pence is not None:
            if (change.month, cost) not in strangers:
                strangers[change.month, cost] = stranger(
                    council, partnership, year, change.month, cost, timezone.localdate(at), memberships
                )
            if said := strangers[change.month, cost] or _unclear(change, bases):
                wrong[place] = said
    if wrong:
        raise NotBooked("Nothing was saved: some cells need to be put right.", cells=wrong)


def _one_at_a_time(council, partnership, year):
    """Two saves of one grid wait for each other, so the second compares with what the first has written."""
    locks.wait(GRIDS, zlib.crc32(f"{council.pk}/{partnership.pk}/{year.start}".encode()))


def stranger(council, partnership, year, month, cost, today, memberships):
    """Why nothing can be banked for that month, in words; empty when something can."""
    if not begun(year, month, today):
        return "That has not begun yet. What you expect is a forecast."
    try:
        refuse_stranger(
            council=council, partnership=partnership, year=year, month=month or None, cost=cost, memberships=memberships
        )
    except Refused as refusal:
        return str(refusal)
    return ""


def _unclear(change, bases):
    if change.pence < 0:
        return "A negative amount is only for a quarter that is already closed. To undo an amount, empty its cell."
    if change.pence == 0:
        return "An amount cannot be £0. Leave the cell empty."
    if len(bases[change.row.scheme, change.row.kind]) > 1:
        return "A scheme’s year is recorded by month or as a whole, never both."
    return ""


def _bases(wanted, cells):
    """{(scheme, kind): whether months, the whole year or both would stand after saving}."""
    gone = {(change.row, change.month) for change, _ in (*wanted.changed, *wanted.removed)}
    places = [(row, month) for row, months in cells.items() for month in months if (row, month) not in gone]
    places += [(change.row, change.month) for change in (*wanted.new, *(each for each, _ in wanted.changed))]
    bases: dict[tuple, set[bool]] = {}
    for row, month in places:
        bases.setdefault((row.scheme, row.kind), set()).add(month == WHOLE)
    return bases


def _reversal(entry, reason, posted):
    copied = {field: getattr(entry, field) for field in COPIED}
    return Entry(**copied, **posted, amount_pence=-entry.amount_pence, note=reason, reverses=entry)


def _carried(cell, change):
    """What the entry that stood there said besides its amount; its code is told anew where it had none."""
    last = cell.entries[-1]
    said = {field: getattr(last, field) for field in CARRIED}
    return said if said["ledger_code"] else {**said, "ledger_code": change.ledger_code}


def _entry(change, said, codes, schemes, fixed):
    row, said = change.row, dict(said)
    if row.kind == Kind.SAVING and said["ledger_code"] and not said.get("budget_reduction"):
        said["budget_reduction"] = codes[said["ledger_code"]]
    return Entry(
        **fixed, **said, scheme=schemes[row.scheme], kind=row.kind, benefit_class=row.benefit_class or None,
        recurrence=row.recurrence, month=change.month or None, amount_pence=change.pence,
    )  # fmt: skip


def _reductions(this, council, year, wanted, reductions, by):
    """{code: its reduction} of every code the savings name, made where new; refuses claims past what was taken out."""
    claims: Counter = Counter()
    places: dict[str, list[Place]] = {}
    for change, code in (
        *((change, change.ledger_code) for change in wanted.new),
        *((change, _carried(cell, change)["ledger_code"]) for change, cell in wanted.changed),
    ):
        if code and change.row.kind == Kind.SAVING:
            claims[code] += change.pence
            places.setdefault(code, []).append((change.row, change.month))
    there = BudgetReduction.objects.filter(council=council, year=year.start, code__in=claims)
    known = {each.code: each for each in with_amounts(there)}
    stands_at = {code: (each.stands_at, each.claimed) for code, each in known.items()}
    fresh = sorted(claims.keys() - known.keys())
    if missing := [code for code in fresh if (reductions.get(code) or 0) <= 0]:
        raise NotBooked(f"Say how much was taken out of {', '.join(missing)} in {year.label}.", codes=missing)
    made = BudgetReduction.objects.bulk_create(
        BudgetReduction(act=this, council=council, year=year.start, code=code, amount_pence=reductions[code],
                        recorded_by=by) for code in fresh
    )  # fmt: skip
    known |= {each.code: each for each in made}
    stands_at |= {each.code: (each.amount_pence, 0) for each in made}
    wrong: dict[Place, str] = {}
    for code, (pence, claimed) in stands_at.items():
        if claimed + claims[code] > pence:
            said = (
                f"Claims on budget {code} would come to more than was taken out of it: "
                f"{pounds(pence)} was taken out, and {pounds(claimed)} of that is already claimed."
            )
            wrong |= dict.fromkeys(places[code], said)
    if wrong:
        raise NotBooked("Nothing was saved: some cells need to be put right.", cells=wrong)
    return known
