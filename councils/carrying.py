"""Whether figures are read as they were, or carried to the councils that came after (DESIGN 3: every page either way).

Reading, not writing: inside `carrying` whoever reads figures shares out what belongs to a council that has ended among
its successors (`councils.succession`). Outside of it history stays with the council it happened to.
"""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Q, QuerySet

from .models import Council, Succession
from .succession import Line, ancestry, heirs, line


class _Asked:
    """The day as of which amounts are carried; the successions are read when first needed, once."""

    def __init__(self, on: datetime.date):
        self.on = on
        self._line: Line | None = None

    @property
    def followed(self) -> bool:
        """Whether anything read so far depends on who came after whom."""
        return self._line is not None

    @property
    def line(self) -> Line:
        if self._line is None:
            self._line = line(on=self.on)
        return self._line


_asked: ContextVar[_Asked | None] = ContextVar("carrying", default=None)


@contextmanager
def carrying(*, on: datetime.date) -> Iterator[_Asked]:
    """Figures read inside are carried down every succession that has come about by `on`; gives what was `followed`."""
    asked = _Asked(on)
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


def reading() -> Line | None:
    """The line of successions to carry along; None while everything is read as it was. At most one query a request."""
    asked = _asked.get()
    return asked.line if asked else None


def forebears(councils: Iterable[int]) -> set[int]:
    """`councils` (ids), and while carrying everybody of whom a part has come to one of them."""
    through = reading()
    return set(councils) if through is None else ancestry(councils, through)


def with_heirs(members: QuerySet, own: Iterable[int]) -> QuerySet | set[int]:
    """What a list of councils to choose from holds: `members` (a queryset of ids), and while carrying those that came
    after them and the reader's `own` as well. No query unless carrying."""
    through = reading()
    if through is None:
        return members
    known = set(members)
    return known | set(own) | {heir for each in known for heir in heirs(each, through)}


def matters(councils: Iterable[int], *, on: datetime.date) -> bool:
    """Whether one of `councils` (ids) has been succeeded, or has succeeded another, by `on`. One query."""
    known = list(councils)
    either = Q(predecessor__in=known) | Q(successor__in=known)
    return Succession.objects.filter(either, on__lte=on).exists()


def named(councils: Iterable[int]) -> dict[int, Council]:
    """Councils by id, for those that only a succession has led to. One query."""
    return Council.objects.in_bulk(list(councils))
