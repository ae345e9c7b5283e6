"""Rows of the tables of an area: its councils, and the partnerships they are in."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse

from councils.areas import Area
from councils.models import Council
from savings import addressing
from savings.figure_rows import FigureRow
from savings.reporting.figures import Figures, Named


class CouncilRow(NamedTuple):
    """As a `FigureRow`, with the council it is of."""

    council: Council
    name: str
    url: str
    note: str
    figures: Figures
    opens: dict[str, str]

    @property
    def recorded(self) -> bool:
        return self.figures.recorded


def of_councils(
    councils: Iterable[Council], named: Iterable[Named], *, area: Area, on: datetime.date
) -> list[CouncilRow]:
    """One row a council; the one the area is named after first, then by name. Nothing opens: rows are for members."""
    found, opens = {each.id: each.figures for each in named}, addressing.closed()
    return [
        CouncilRow(each, each.name, each.get_absolute_url(), _note(each, on), found.get(each.pk, Figures()), opens)
        for each in sorted(councils, key=lambda each: (each.pk != area.council.pk, each.name))
    ]


def of_partnerships(named: Iterable[Named]) -> list[FigureRow]:
    return [
        FigureRow(
            each.name, reverse("partnerships:partnership", args=[each.slug]), "", each.figures, addressing.closed()
        )
        for each in named
    ]


def _note(council, on):
    kind = council.get_kind_display()
    return f"{kind}, until {council.ends_on:%-d %B %Y}" if council.has_ended(on) else kind
