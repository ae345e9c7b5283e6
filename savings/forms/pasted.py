"""Reading a block pasted from a spreadsheet: every line is read and every problem is said at once."""

import csv
import difflib
from typing import NamedTuple

from councils.money import MoneyError, parse_pounds
from councils.years import MONTHS, FinancialYear, YearError

MOST_LINES, MOST_SHOWN = 2_000, 20
LONGEST_LINE = 2_000  # characters


class Column(NamedTuple):
    name: str
    read: object  # called with the text of a cell; raises `Unreadable`, `MoneyError` or `YearError`
    optional: bool = False


class Unreadable(ValueError):
    """The cell cannot be taken; the message says why and how to mend it."""


class Pasted(NamedTuple):
    rows: list[dict]  # what was read, by name of the column; only complete when there are no complaints
    complaints: list[str]


def read(text, columns):
    """Lines of cells, separated by tabs or commas, in the order of `columns`; a line of headings is passed over."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        return Pasted([], [f"There are {len(lines):,} lines. Paste {MOST_LINES:,} at most."])
    if long := next((number for number, line in enumerate(lines, start=1) if len(line) > LONGEST_LINE), None):
        return Pasted([], [f"Line {long} has more than {LONGEST_LINE:,} characters. Paste only what the columns hold."])
    rows, complaints = [], []
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in _cells(line)]
        if number == 1 and cells[0].casefold() == columns[0].name:
            continue
        row, wrong = _row(cells, columns)
        rows.append(row)
        complaints += [f"Line {number}, {name}: {why}" for name, why in wrong]
    left = len(complaints) - MOST_SHOWN
    return Pasted(rows, complaints[:MOST_SHOWN] + ([f"And {left} more problems like these."] if left > 0 else []))


def _cells(line):
    return line.split("\t") if "\t" in line else next(csv.reader([line], skipinitialspace=True))


def _row(cells, columns):
    row: dict[str, object] = {}
    wrong: list[tuple[str, str]] = []
    if len(cells) > len(columns):
        wrong.append(("end", f"there are {len(cells)} columns and there should be {len(columns)}."))
    for place, column in enumerate(columns):
        cell = cells[place] if place < len(cells) else ""
        if not cell:
            row[column.name] = None
            if not column.optional:
                wrong.append((column.name, "it is empty."))
            continue
        try:
            row[column.name] = column.read(cell)
        except (Unreadable, MoneyError, YearError) as refusal:
            wrong.append((column.name, str(refusal)))
    return row, wrong


def amount(cell):
    """Positive pence."""
    pence = parse_pounds(cell)
    if pence < 0:
        raise Unreadable(f"“{cell}” is negative. A promise holds savings, costs and charges as positive amounts.")
    return pence


def year(cell):
    """The year a financial year starts in."""
    return FinancialYear.parse(cell).start


def one_of(known, what):
    """A reader of names: `known` holds what each spelling stands for; the nearest known name is offered."""
    folded = {str(name).casefold(): name for name in known}

    def read_name(cell):
        found = folded.get(cell.casefold())
        if found is None:
            near = difflib.get_close_matches(cell.casefold(), folded, n=1)
            hint = f" Did you mean “{folded[near[0]]}”?" if near else ""
            raise Unreadable(f"“{cell}” is not {what}.{hint}")
        return known[found]

    return read_name


def month(cell):
    """1 (April) to 12 (March), from the month's name."""
    return one_of({name: place for place, name in enumerate(MONTHS, start=1)}, "a month")(cell)
