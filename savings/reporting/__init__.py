"""Reads figures. Pages, charts, sentences, reports and exports all ask here, so that a figure is the same everywhere.

`figures` is what readers call; `rollups` is how the worker keeps the facts behind them; `lines` turns entries into the
claims that the rules of EVIDENCE run on. Statements stand in `savings/sql/`, one a file; `rows` runs them.
"""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection

SQL = Path(__file__).parents[1] / "sql"

Shape = TypeVar("Shape")


def rows(statement: str, shape: Callable[..., Shape], **named: Any) -> list[Shape]:
    """Run `savings/sql/<statement>.sql` with its named parameters; each row becomes a `shape` (a NamedTuple)."""
    with connection.cursor() as cursor:
        cursor.execute(_text(statement), named)
        return [shape(*row) for row in cursor.fetchall()]


def run(statement: str, **named: Any) -> int:
    """Run a statement that changes rows; returns how many it changed."""
    with connection.cursor() as cursor:
        cursor.execute(_text(statement), named)
        return cursor.rowcount


def added(shape: Callable[..., Shape], parts: Iterable[tuple]) -> Shape:
    """Field by field, the sum of NamedTuples of numbers; `shape()` of nothing."""
    return shape(*(sum(column) for column in zip(*parts, strict=True)))


@cache
def _text(statement: str) -> str:
    return (SQL / f"{statement}.sql").read_text(encoding="utf-8")
