"""The columns of a kind of upload, and finding them in a header that somebody wrote."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

#: Columns of files that we hand back; whoever mends one and sends it again need not take them out.
OURS = {"row_in_file", "outcome", "problem"}


class Unreadable(ValueError):
    """A cell cannot be read. The message says what is wrong and how to mend it; `code` is for programs."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class Column(NamedTuple):
    """One column: `read` turns the text of a cell into its value (None: not given), raising `Unreadable`."""

    name: str
    read: Callable[[str], Any]
    required: bool = False  # the column, not each of its cells
    aliases: tuple[str, ...] = ()


class Header(NamedTuple):
    """Which cell of a row holds which column; `problems` says in words why a file with it is refused."""

    places: dict[str, int]
    extra: list[str]
    problems: list[tuple[str, str, str]]  # (code, the name as written, message)


def plain(name: str) -> str:
    """A header's name as it is compared: `Financial Year `, `financial-year` and `FINANCIAL_YEAR` are one."""
    return re.sub(r"[\s_\-./]+", "_", unicodedata.normalize("NFKC", name).strip().casefold()).strip("_")


def known_in(cells: Sequence[str], columns: Sequence[Column]) -> int:
    """How many of the `columns` stand in this row, by name or alias."""
    names = _names(columns)
    return len({names[plain(cell)] for cell in cells if plain(cell) in names})


def find(cells: Sequence[str], columns: Sequence[Column], *, allow_extra: bool = False) -> Header:
    """The header in a row of a file; columns may be in any order."""
    names, places, extra = _names(columns), {}, []
    problems: list[tuple[str, str, str]] = []
    for place, written in enumerate(cells):
        if not written.strip() or plain(written) in OURS:
            continue
        name = names.get(plain(written))
        if name is None:
            extra.append(written.strip())
        elif name in places:
            problems.append(("duplicate_header", written, f"There are two columns “{name}”. Take one out."))
        else:
            places[name] = place
    missing = [column.name for column in columns if column.required and column.name not in places]
    free = [name for name in names if names[name] not in places]
    for written in extra:
        near = get_close_matches(plain(written), free, n=1, cutoff=0.6)
        if near:
            name = names[near[0]]
            said = f"There is no column “{written}”. Did you mean “{name}”? Rename it."
            problems.append(("unknown_header", written, said))
        elif not allow_extra:
            said = f"There is no column “{written}”. Take it out, or choose to leave out columns that are not known."
            problems.append(("unknown_header", written, said))
    for name in missing:
        problems.append(("missing_header", name, f"The column “{name}” is missing. Add it, even where it is empty."))
    return Header(places, extra, problems)


def _names(columns: Sequence[Column]) -> dict[str, str]:
    return {plain(written): column.name for column in columns for written in (column.name, *column.aliases)}
