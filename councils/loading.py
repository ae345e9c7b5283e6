"""Adding rows that were published elsewhere: what is missing is added, what stands is never overwritten.

Rows are compared by the key they have in their file. A stored row that says something else is reported for a person
to decide, because it may have been put right here, or in a later file. Everything one `Loading` adds is one act on
the register; when nothing is missing there is no act.
"""

import csv
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db.models import SlugField, TextField

from .acts import act

FOLDER = Path(__file__).parent.parent / "reference"
SHOWN = 60  # characters of a value in a report of differences


def read_table(name, folder=FOLDER):
    """The rows of `reference/<name>.csv`, as dictionaries of text in the order of the file."""
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def date_of(text):
    return date.fromisoformat(text) if text else None


def basis_points(text):
    """`0.035` is 350; empty is None. Raises `ValueError` for anything finer than a basis point."""
    if not text:
        return None
    points = Decimal(text) * 10_000
    if points != int(points):
        raise ValueError(f"{text} is finer than a basis point")
    return int(points)


class InTheWay(Exception):
    """A row already here holds a name that a row of the file needs. The message names both."""


class Loading:
    """One run: `add` each table in turn inside `with`, then read `added`, `unchanged` and `differing`."""

    def __init__(self, *, by, at, folder=FOLDER):
        self.by, self.at, self.folder = by, at, folder
        self.added, self.unchanged, self.differing = {}, {}, []
        self.act, self._stack = None, ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *refusal):
        return self._stack.__exit__(*refusal)

    def read(self, name):
        return read_table(name, self.folder)

    def add(self, table, stored, rows, *, key, per=None):
        """Insert those of `rows` whose `key` is not among `stored`, a queryset; each row maps columns to values.

        Reads once and inserts in batches. `per` names the columns that make one row of the file, where one such row
        becomes several here; counts are of rows of the file. Raises `InTheWay`.
        """
        per = per or key
        columns = list(rows[0]) if rows else key
        known = {tuple(row[name] for name in key): row for row in stored.values(*columns)}
        new, in_file, added, differing = [], set(), set(), set()
        for row in rows:
            in_file.add(part := tuple(row[name] for name in per))
            standing = known.get(tuple(row[name] for name in key))
            if standing is None:
                new.append(stored.model(**row))
                added.add(part)
            elif standing != row:
                self.differing.append(_difference(table, stored.model, key, standing, row))
                differing.add(part)
        _refuse_what_is_taken(stored.model, new)
        self._insert(stored.model, new)
        self.added[table] = self.added.get(table, 0) + len(added)
        self.unchanged[table] = self.unchanged.get(table, 0) + len(in_file - added - differing)

    def _insert(self, model, new):
        if new and self.act is None:
            self.act = self._stack.enter_context(
                act(by=self.by, at=self.at, verb="loaded", subject="reference tables", register=True)
            )
        for row in new:
            row.act = self.act
        model.objects.bulk_create(new, batch_size=2000)


def _refuse_what_is_taken(model, new):
    """PostgreSQL would refuse too, but behind row-level security it does not say which row is in the way."""
    for field in model._meta.fields:
        if field.unique and isinstance(field, TextField | SlugField):
            wanted = {getattr(row, field.name): row for row in new}
            taken = model.objects.filter(**{f"{field.name}__in": wanted}).first()
            if taken:
                row = wanted[getattr(taken, field.name)]
                raise InTheWay(f"The {field.name} of “{row}” is that of “{taken}”, which is already here.")


def _difference(table, model, key, standing, row):
    """A sentence for a person: what it is about, and each column that differs."""
    about = " ".join(_named(model, column, row[column]) for column in key)
    changes = [
        f"{column.removesuffix('_id')} is {_named(model, column, standing[column])} here"
        f" and {_named(model, column, row[column])} in the file"
        for column in row
        if standing[column] != row[column]
    ]
    return f"{table}, {about}: {'; '.join(changes)}"


def _named(model, column, value):
    """`value` as a person knows it: what a key points to by its own name, long texts shortened."""
    if value is None or value == "":
        return "empty"
    field = model._meta.get_field(column)
    text = str(field.related_model.objects.get(pk=value) if field.is_relation else value)
    return f"“{text}”" if len(text) <= SHOWN else f"“{text[:SHOWN]}…”"
