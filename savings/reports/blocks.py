"""The few shapes a report is made of. Sections return them, `typst/` sets them; they are plain data for a JSON file."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MOST_LINES = 150  # of a list that is not the entries themselves


class Column(NamedTuple):
    name: str
    width: float = 1  # share of the page
    number: bool = False  # set right, and never broken


def number(name: str, width: float = 1) -> Column:
    return Column(name, width, number=True)


def section(title: str, *blocks, wide: bool = False) -> dict:
    """A numbered section; `wide` turns its pages. Blocks that are None are left out."""
    return {"title": title, "wide": wide, "blocks": [block for block in blocks if block]}


def heading(words: str) -> dict:
    return {"kind": "heading", "text": words}


def text(words: str) -> dict:
    return {"kind": "text", "text": words}


def bullets(items: Iterable[str]) -> dict:
    return {"kind": "list", "items": list(items)}


def facts(pairs: Iterable[tuple[str, str]]) -> dict:
    """Terms and what is to be said of them."""
    return {"kind": "facts", "pairs": [list(pair) for pair in pairs]}


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence], *, empty: str = "", sums: int = 0,
          small: bool = False) -> dict:  # fmt: skip
    """A table with its caption above; the last `sums` rows are sums. Without rows it is the sentence `empty`.

    A cell is text, or `cell(...)`.
    """
    rows = [list(row) for row in rows]
    if not rows and empty:
        return text(empty)
    return {
        "kind": "table", "caption": caption, "rows": rows, "sums": sums, "small": small,
        "columns": [column._asdict() for column in columns],
    }  # fmt: skip


def cell(words: str, *, code: str = "", under: Iterable[str] = ()) -> dict:
    """A cell with lines beneath: `code` in one unbroken line of small fixed width, then the texts `under`."""
    return {"text": words, "code": code, "under": [line for line in under if line]}


def cut(rows: Sequence, most: int = MOST_LINES) -> tuple[Sequence, str]:
    """The first `most` rows, and what to say when there are more."""
    if len(rows) <= most:
        return rows, ""
    return rows[:most], f". The first {most:,} of {len(rows):,} are printed; the attached file has them all"
