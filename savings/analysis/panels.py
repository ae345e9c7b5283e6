"""Units watched over years: the shape both counterfactual methods work on.

Question: who was seen in which year, and who started when? Leans on panels being balanced: a unit with a missing
year is dropped, because a gap filled in is a number nobody reported. Wrong if the years missing are the bad ones.
"""

from typing import Any, NamedTuple

import numpy as np

from savings.analysis.tables import Row, Tables, at, no_repeats, read
from savings.analysis.values import Reader, calendar, or_blank, real, text

NEVER = 0


class Panel(NamedTuple):
    """n units over T years, sorted. `y` is n by T with nan where missing; `start` is the first treated year or 0.

    `classes` holds the classes of council each unit is made of, or is None when classes are not known.
    """

    units: list[str]
    years: np.ndarray
    y: np.ndarray
    start: np.ndarray
    classes: list[frozenset[str]] | None = None

    def keep(self, mask: np.ndarray) -> "Panel":
        """The units where `mask` is true."""
        chosen = np.flatnonzero(mask)
        classes = None if self.classes is None else [self.classes[i] for i in chosen]
        return Panel([self.units[i] for i in chosen], self.years, self.y[chosen], self.start[chosen], classes)

    def without_years(self, *gone: int) -> "Panel":
        mask = ~np.isin(self.years, gone)
        return self._replace(years=self.years[mask], y=self.y[:, mask])

    def of_present_years(self) -> "Panel":
        """Without the years in which nobody has anything."""
        return self.without_years(*self.years[np.isnan(self.y).all(axis=0)]) if len(self.units) else self

    @property
    def complete(self) -> np.ndarray:
        """Which units have no missing year."""
        return ~np.isnan(self.y).any(axis=1)

    def absent_years(self) -> list[int]:
        """Years between the first and the last that nobody has."""
        if not len(self.years):
            return []
        return [year for year in range(self.years[0], self.years[-1]) if year not in self.years]


def read_panel(tables: Tables, mark: str, mark_reader: Reader) -> tuple[Panel, list[dict[str, Any]]]:
    """Table `panel` (unit, year, y and a column `mark`) with nobody started, and its rows for reading the marks."""
    rows = read(tables, "panel", **{"unit": text, "year": calendar, "y": or_blank(real), mark: mark_reader})
    no_repeats("panel", rows, "unit", "year")
    units = sorted({row["unit"] for row in rows})
    years = np.array(sorted({row["year"] for row in rows}), dtype=int)
    y = np.full((len(units), len(years)), np.nan)
    place = {unit: i for i, unit in enumerate(units)}
    for row in rows:
        if row["y"] is not None:
            y[place[row["unit"]], np.searchsorted(years, row["year"])] = row["y"]
    return Panel(units, years, y, np.full(len(units), NEVER)), rows


def read_started_panel(tables: Tables) -> Panel:
    """Table `panel` with the start year of each unit in column `g` (0: never)."""
    panel, rows = read_panel(tables, "g", calendar)
    starts: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if starts.setdefault(row["unit"], row["g"]) != row["g"]:
            raise at("panel", number, "g", f"{row['unit']} has another start in an earlier row")
        if row["g"] < 0:
            raise at("panel", number, "g", f"{row['g']} is below zero")
    return panel._replace(start=np.array([starts[unit] for unit in panel.units], dtype=int))


def read_treated_panel(tables: Tables) -> Panel:
    """Table `panel` with column `treated`, 1 from the start on: `start` is the first year it is 1."""
    panel, rows = read_panel(tables, "treated", _zero_or_one)
    starts: dict[str, int] = {}
    for row in sorted(rows, key=_by_year):
        if row["treated"]:
            starts.setdefault(row["unit"], row["year"])
    for number, row in enumerate(rows, start=1):
        if not row["treated"] and starts.get(row["unit"], row["year"] + 1) < row["year"]:
            raise at("panel", number, "treated", f"{row['unit']} was treated in an earlier year")
    return panel._replace(start=np.array([starts.get(unit, NEVER) for unit in panel.units], dtype=int))


def _by_year(row: Row) -> int:
    return int(row["year"])


def _zero_or_one(cell: object) -> int:
    number = real(cell)
    if number not in (0, 1):
        raise ValueError(f"{cell!r} is neither 0 nor 1")
    return int(number)
