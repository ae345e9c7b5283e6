"""Tables and parameters on their way in.

Question: does the input say what the method needs? A table is a list of mappings from column name to cell, as
`csv.DictReader` gives it; columns nobody asks for are ignored. Malformed input is an error that names the table,
the row and the column. It is not a refusal: a refusal is about evidence that is too thin, not about a typing slip.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from savings.analysis.values import Reader, or_blank

Row = Mapping[str, Any]
Tables = Mapping[str, Iterable[Row]]


class Malformed(ValueError):
    """Input that cannot be read. The message names the place and can be shown to a person as it stands."""


def at(table: str, row: int, column: str, problem: object) -> Malformed:
    """A `Malformed` for one cell. Rows count from 1 below the header, which is line 1 of a file."""
    return Malformed(f"table {table}, row {row} (line {row + 1}), column {column}: {problem}")


def read(tables: Tables, name: str, **readers: Reader) -> list[dict[str, Any]]:
    """One dict per row of table `name`, holding the columns named by keyword, each through its reader.

    A reader wrapped by `optional` allows the whole column to be absent. Raises `Malformed`.
    """
    if name not in tables:
        raise Malformed(f"table {name} is missing")
    rows = list(tables[name])
    return [
        {column: _cell(name, number, row, column, reader) for column, reader in readers.items()}
        for number, row in enumerate(rows, start=1)
    ]


def optional(reader: Reader, default: Any = None) -> Reader:
    """A reader for a column that may be absent or blank, either of which means `default`."""

    def read_or_default(cell: object) -> Any:
        value = or_blank(reader)(cell)
        return default if value is None else value

    read_or_default.may_be_absent = True  # type: ignore[attr-defined]
    return read_or_default


def _cell(table: str, number: int, row: Row, column: str, reader: Reader) -> Any:
    if column not in row and not getattr(reader, "may_be_absent", False):
        raise at(table, number, column, "there is no such column")
    cell = row.get(column)
    try:
        return reader("" if cell is None else cell)
    except ValueError as problem:
        raise at(table, number, column, problem) from None


def no_repeats(table: str, rows: Iterable[Row], *key: str) -> None:
    """Raise `Malformed` at the second row that has the same `key` columns as an earlier one."""
    seen: dict[tuple, int] = {}
    for number, row in enumerate(rows, start=1):
        value = tuple(row[column] for column in key)
        if value in seen:
            raise at(table, number, ", ".join(key), f"repeats row {seen[value]}")
        seen[value] = number


MUST: Any = object()


def param(params: Row, key: str, reader: Reader, default: Any = MUST) -> Any:
    """The parameter `key` through its reader; `default` when it is absent or null. Raises `Malformed`."""
    if params.get(key) is None:
        if default is MUST:
            raise Malformed(f"params, key {key}: it is missing")
        return default
    try:
        return reader(params[key])
    except ValueError as problem:
        raise Malformed(f"params, key {key}: {problem}") from None
