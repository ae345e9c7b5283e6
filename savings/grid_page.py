"""The grid as a page shows it: schemes by months, what is banked, what was typed over it, and why a cell is locked."""

from itertools import chain
from typing import NamedTuple

from councils.money import MoneyError, parse_pounds, pounds
from councils.years import MONTHS
from savings.actions.entries import COSTS
from savings.actions.grid import Place, stranger
from savings.forms.grid import MOST_ROWS, Sent, shown
from savings.models import Entry, Scheme
from savings.models.typed import Kind, Recurrence
from savings.standing_cells import MONTHS_AND_WHOLE, WHOLE, Cell, RowKey, closed_months, pence_of, standing_cells

FAMILIES = {
    Kind.SAVING: "Savings, every class", Kind.ONE_OFF_COST: "Costs of sharing", Kind.RUNNING_COST: "Costs of sharing",
    Kind.INCOME: "Income, beside savings",
}  # fmt: skip
NOTHING = Sent({}, {}, {}, set(), set(), set())
NONE, UNREAD = "none", "–"  # a total of nothing recorded, which is not £0.00, and of what cannot be read; as in grid.js


class GridCell(NamedTuple):
    name: str  # ROW.MONTH, as the form spells it
    label: str
    value: str
    mark: str
    locked: str = ""  # why nothing can be typed, in words
    error: str = ""
    suggested: bool = False
    url: str = ""  # what stands there


class GridRow(NamedTuple):
    key: RowKey
    scheme: Scheme
    words: str
    code: str
    cells: list[GridCell]
    total: str  # in words: of nothing recorded, and while a cell cannot be read, it is no amount

    @property
    def marks(self):
        return ",".join(cell.mark for cell in self.cells)

    @property
    def family(self):
        return FAMILIES[Kind(self.key.kind)]


class Total(NamedTuple):
    family: str
    months: list[str]
    total: str


class Grid(NamedTuple):
    headers: list[str]
    rows: list[GridRow]
    totals: list[Total]
    schemes: list[Scheme]  # to add a row for
    closed: list[str]  # one line for each closed quarter
    hidden: int  # schemes left out, when there are more than a page takes
    errors: list[tuple[str, str]]  # (name of the cell, row and month in words: what is wrong)


def headers(year):
    return [f"{MONTHS[month - 1][:3]} {year.month_first_day(month):%y}" for month in range(1, 13)] + ["Whole year"]


def month_words(year, month):
    return f"the whole of {year.label}" if month == WHOLE else year.month_label(month)


def row_words(key: RowKey):
    words = Kind(key.kind).label
    if key.benefit_class:
        words += f", {Entry.BenefitClass(key.benefit_class).label.lower()}"
    return words if key.kind in COSTS else f"{words}, {Recurrence(key.recurrence).label.lower()}"


def proposed(scheme, kind=Kind.SAVING) -> RowKey:
    """The row a scheme proposes for that kind: its own class and recurrence for a saving."""
    if kind == Kind.SAVING:
        return RowKey(scheme.public_id, kind.value, scheme.benefit_class, scheme.recurrence)
    recurrence = {
        Kind.ONE_OFF_COST: Recurrence.ONE_OFF.value, Kind.RUNNING_COST: Recurrence.RECURRING.value,
    }.get(kind, scheme.recurrence)  # fmt: skip
    return RowKey(scheme.public_id, kind.value, "", recurrence)


def grid(*, council, partnership, year, today, sent: Sent = NOTHING, errors: dict[Place, str] | None = None,
         added: RowKey | None = None) -> Grid:  # fmt: skip
    """Six queries, however many cells. `sent` is what somebody typed and has not saved."""
    errors = errors or {}
    schemes = list(partnership.schemes.order_by("reference"))
    cells = standing_cells(council=council, partnership=partnership, year=year)
    codes = _codes(council, partnership, year)
    kept = _rows(schemes, cells, sent, added)
    locks = _Locks(council, partnership, year, today, cells)
    by_id = {scheme.public_id: scheme for scheme in schemes}
    rows = []
    for key in kept[:MOST_ROWS]:
        scheme = by_id[key.scheme]
        row = [_cell(key, scheme, month, cells, sent, errors, locks, year) for month in MONTHS_AND_WHOLE]
        code = sent.codes.get(key, codes.get((key.scheme, key.kind), ""))
        rows.append(GridRow(key, scheme, row_words(key), code, row, _sum(row)))
    said = [(cell.name, f"{cell.label}: {cell.error}") for row in rows for cell in row.cells if cell.error]
    return Grid(
        headers(year), rows, _totals(rows), schemes, _closed(year, locks.closed), max(len(kept) - MOST_ROWS, 0), said,
    )  # fmt: skip


def _rows(schemes, cells, sent, added):
    """Every scheme's proposed row, rows of another kind or class that hold something, and those asked for."""
    wanted = set(cells) | {place[0] for place in sent.marks} | ({added} if added else set())
    wanted |= {proposed(scheme) for scheme in schemes}
    place = {scheme.public_id: number for number, scheme in enumerate(schemes)}
    kinds = list(Kind.values)
    known = [key for key in wanted if key.scheme in place]
    return sorted(known, key=lambda key: (place[key.scheme], kinds.index(key.kind), *key[2:]))


def _codes(council, partnership, year):
    """{(scheme, kind): the ledger code last used in the year}. One query."""
    used = (
        Entry.objects.banked()
        .in_year(year)
        .filter(council=council, partnership=partnership, reverses__isnull=True)
        .exclude(ledger_code="")
        .order_by("scheme_id", "kind", "-pk")
        .distinct("scheme_id", "kind")
        .values_list("scheme__public_id", "kind", "ledger_code")
    )
    return {(scheme, kind): code for scheme, kind, code in used}


class _Locks:
    """Why a cell takes nothing, worked out once a month and not once a cell."""

    def __init__(self, council, partnership, year, today, cells):
        self.closed = closed_months(council=council, partnership=partnership, year=year)
        memberships = list(partnership.memberships.current().filter(council=council))
        self.strange = {
            (month, cost): "" if month in self.closed
            else stranger(council, partnership, year, month, cost, today, memberships)
            for month in MONTHS_AND_WHOLE for cost in (False, True)
        }  # fmt: skip
        self.bases: dict[tuple, set[bool]] = {}
        for row, months in cells.items():
            self.bases.setdefault((row.scheme, row.kind), set()).update(month == WHOLE for month in months)

    def why(self, key, month):
        if said := self.closed.get(month) or self.strange[month, key.kind in COSTS]:
            return said
        other = month != WHOLE
        if other in self.bases.get((key.scheme, key.kind), ()):
            return "Recorded as a whole year" if other else "Recorded by month"
        return ""


def _cell(key, scheme, month, cells, sent, errors, locks, year):
    place, standing = (key, month), cells.get(key, {}).get(month, Cell())
    name = f"{key.text}.{month}"
    locked, error = locks.why(key, month), errors.get(place, "")
    value, mark = sent.values.get(place), sent.marks.get(place, "")
    if value is None or _untouched(value, mark) or (locked and not error):
        value, mark = shown(standing.pence) if standing.entries else "", standing.mark
    url = standing.entries[0].get_absolute_url() if len(standing.entries) == 1 else ""
    return GridCell(
        name, f"{scheme.reference} {row_words(key).lower()}, {month_words(year, month)}", value,
        mark, "" if error else locked, error, place in sent.suggested, url,
    )  # fmt: skip


def _untouched(value, mark):
    """Nobody typed over it, so the page may show what stands there by now."""
    try:
        return (parse_pounds(value, allow_zero=True) if value else None) == pence_of(mark)
    except MoneyError:
        return False


def _pence(cell):
    """None for an empty cell. Raises MoneyError for what cannot be read."""
    return parse_pounds(cell.value, allow_zero=True) if cell.value else None


def _readable(cell):
    try:
        return _pence(cell)
    except MoneyError:
        return None


def _said(amounts):
    recorded = [pence for pence in amounts if pence is not None]
    return pounds(sum(recorded)) if recorded else NONE


def _sum(cells):
    try:
        return _said(map(_pence, cells))
    except MoneyError:
        return UNREAD


def _totals(rows):
    """By family, of the months and of them all; what cannot be read is left out and has its row's error."""
    found = []
    for family in dict.fromkeys(FAMILIES.values()):
        read = [[_readable(cell) for cell in row.cells] for row in rows if row.family == family]
        if read:
            found.append(Total(family, [_said(month) for month in zip(*read, strict=True)], _said(chain(*read))))
    return found


def _closed(year, closed):
    return [
        f"{quarter.months_label}: {closed[quarter.months[0]][0].lower()}{closed[quarter.months[0]][1:]}"
        for quarter in year.quarters if quarter.months[0] in closed
    ]  # fmt: skip
