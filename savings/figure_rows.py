"""Rows of a table of figures: the partnerships of a council, or the members of a partnership.

A partnership that is in no roll-up yet stands in the table all the same, because a gap must be seen.
"""

from typing import NamedTuple

from django.urls import reverse

from savings import addressing
from savings.reporting.figures import Figures


class FigureRow(NamedTuple):
    name: str
    url: str
    note: str  # role and dates where they matter
    figures: Figures
    opens: dict[str, str]  # where a figure opens, by name of the figure

    @property
    def recorded(self):
        return self.figures.recorded


def of_partnerships(memberships, named, *, council):
    """One row for each partnership that keeps a ledger, in name order."""
    found = {each.id: each.figures for each in named}
    kept = {each.partnership.pk: each for each in memberships if each.kept}
    return [
        FigureRow(
            name=each.partnership.name,
            url=reverse("partnerships:partnership", args=[each.partnership.slug]),
            note="" if each.current else each.when,
            figures=found.get(pk, Figures()),
            opens=addressing.opened(council=council, partnership=each.partnership),
        )
        for pk, each in sorted(kept.items(), key=lambda item: item[1].partnership.name)
    ]


def of_members(memberships, named, *, partnership, open_to_reader):
    """One row for each member there is or was, current ones first; amounts open when the reader may see the entries."""
    found = {each.id: each.figures for each in named}
    rows: dict[int, FigureRow] = {}
    for each in memberships:
        rows.setdefault(
            each.council.pk,
            FigureRow(
                name=each.council.name,
                url=reverse("councils:council", args=[each.council.slug]),
                note=f"{each.role}{', host' if each.membership.host else ''}{'' if each.current else f', {each.when}'}",
                figures=found.get(each.council.pk, Figures()),
                opens=addressing.opened(council=each.council, partnership=partnership)
                if open_to_reader
                else addressing.closed(),
            ),
        )
    return list(rows.values())
