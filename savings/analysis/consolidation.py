"""From councils' outturn to a panel in which a partnership is one unit.

Question: what did the members together spend per head? Leans on summing *all* members in *every* year, before and
after: a hosting council books the receivers' cost, so its own figures rise and theirs fall without any saving.
Wrong if a member moves cost to a service outside the table. y = ln(real net expenditure / population).
Source: EVIDENCE section 5; Dixon & Elston (2019) on cost shifting between hosts and receivers.
"""

from typing import Any, NamedTuple

import numpy as np

from savings.analysis.deflating import Deflator, read_deflator
from savings.analysis.panels import NEVER, Panel
from savings.analysis.tables import Row, Tables, no_repeats, read
from savings.analysis.values import or_blank, real, text, year


class Raw(NamedTuple):
    """Consolidated partnerships first, then the single councils that never shared the service."""

    panel: Panel
    deflated: bool  # False when an index is missing: amounts are then nominal and only good for counting
    notes: list[str]


class Outturn(NamedTuple):
    """Councils by years; nan where nothing was returned."""

    councils: list[str]
    years: np.ndarray
    population: np.ndarray
    spending: np.ndarray
    classes: dict[str, str] | None

    def together(self, members: list[str]) -> np.ndarray:
        """ln(spending per head) of some councils as one; nan in years in which any is missing or the sum is not
        above zero."""
        if any(member not in self.councils for member in members):
            return np.full(len(self.years), np.nan)
        rows = [self.councils.index(member) for member in members]
        spending, people = self.spending[rows].sum(axis=0), self.population[rows].sum(axis=0)
        usable = (spending > 0) & (people > 0)
        return np.log(np.where(usable, spending, np.nan) / np.where(usable, people, np.nan))

    def classes_of(self, members: list[str]) -> frozenset[str]:
        known = self.classes or {}
        return frozenset(known.get(member, "") for member in members)


class Sharing(NamedTuple):
    """One partnership: its members and the earliest start of any of them (None: no start is known)."""

    members: list[str]
    start: int | None


def consolidate(tables: Tables, params: Row) -> Raw:
    """Reads `outturn`, `members` and `deflator`. A partnership without a start is dropped, its members with it."""
    deflator = read_deflator(tables, params)
    outturn, deflated = _deflated(_read_outturn(tables), deflator)
    partnerships = _read_members(tables)
    started = {name: sharing for name, sharing in partnerships.items() if sharing.start is not None}
    sharers = {member for sharing in partnerships.values() for member in sharing.members}
    singles = [council for council in outturn.councils if council not in sharers]
    groups = [sharing.members for sharing in started.values()] + [[council] for council in singles]
    starts = [sharing.start for sharing in started.values()] + [NEVER] * len(singles)
    panel = Panel(
        [*started, *singles],
        outturn.years,
        np.array([outturn.together(members) for members in groups]).reshape(len(groups), len(outturn.years)),
        np.array(starts, dtype=int),
        None if outturn.classes is None else [outturn.classes_of(members) for members in groups],
    )
    return Raw(panel, deflated, deflator.notes(*map(int, outturn.years)))


def _deflated(outturn: Outturn, deflator: Deflator) -> tuple[Outturn, bool]:
    years = [int(each) for each in outturn.years]
    if not deflator.covers(*years):
        return outturn, False
    factors = np.array([float(deflator.real(1, each)) for each in years])
    return outturn._replace(spending=outturn.spending * factors), True


def _read_outturn(tables: Tables) -> Outturn:
    table = list(tables.get("outturn", []))
    classed = bool(table) and "class" in table[0]
    columns = {"council": text, "fy": year, "population": or_blank(real), "net_expenditure_pence": or_blank(real)}
    rows = read(tables, "outturn", **(columns | ({"class": or_blank(text)} if classed else {})))
    no_repeats("outturn", rows, "council", "fy")
    councils, years = sorted({row["council"] for row in rows}), sorted({row["fy"] for row in rows})
    row_of, column_of = {c: i for i, c in enumerate(councils)}, {y: i for i, y in enumerate(years)}
    population, spending = (np.full((len(councils), len(years)), np.nan) for _ in range(2))
    for row in rows:
        cell = row_of[row["council"]], column_of[row["fy"]]
        population[cell] = np.nan if row["population"] is None else row["population"]
        spending[cell] = np.nan if row["net_expenditure_pence"] is None else row["net_expenditure_pence"]
    classes = {row["council"]: row["class"] or "" for row in rows} if classed else None
    return Outturn(councils, np.array(years, dtype=int), population, spending, classes)


def _read_members(tables: Tables) -> dict[str, Sharing]:
    rows = read(tables, "members", partnership=text, council=text, start_fy=or_blank(year))
    no_repeats("members", rows, "partnership", "council")
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row["partnership"], []).append(row)
    return {
        name: Sharing(
            [row["council"] for row in own],
            min((row["start_fy"] for row in own if row["start_fy"] is not None), default=None),
        )
        for name, own in found.items()
    }
