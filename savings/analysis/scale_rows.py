"""Cost against scale, from a table: the door of method `scale`.

Question, assumptions and limits are those of `scale`. Rows whose cost or scale is blank or not above zero have no
logarithm; they are dropped and counted.
"""

from typing import Any

import numpy as np

from savings.analysis.envelope import estimated, refused
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.scale import Observations, curve
from savings.analysis.tables import Malformed, Row, Tables, no_repeats, param, read
from savings.analysis.values import among, calendar, or_blank, real, share, text, truth


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `scale`."""
    year_effects = param(params, "year_effects", truth, default=False)
    clustered = param(params, "errors", among("HC1", "cluster"), default="HC1") == "cluster"
    rows = _rows(tables, needs_year=year_effects, needs_unit=clustered)
    kept = [row for row in rows if (row["cost"] or 0) > 0 and (row["scale"] or 0) > 0]
    reasons = _too_little(kept, parameters) if param(params, "gates", truth, default=True) else []
    if reasons:
        return refused(reasons)
    seen = Observations(
        np.array([row["cost"] for row in kept], dtype=float),
        np.array([row["scale"] for row in kept], dtype=float),
        np.array([row["unit"] for row in kept]) if kept and "unit" in kept[0] else None,
        np.array([row["year"] for row in kept]) if kept and "year" in kept[0] else None,
    )
    unit_cost = param(params, "unit_cost", truth, default=True)
    try:
        figures = curve(seen, unit_cost, year_effects, clustered, param(params, "level", share, default=0.95))
    except np.linalg.LinAlgError:
        raise Malformed("table rows, column scale: it does not vary enough to draw a curve through") from None
    return estimated({**figures, "n_units": _units(kept), "dropped": len(rows) - len(kept)})


def _rows(tables: Tables, *, needs_year: bool, needs_unit: bool) -> list[dict[str, Any]]:
    table = list(tables.get("rows", []))
    there = set(table[0]) if table else set()
    columns = {"cost": or_blank(real), "scale": or_blank(real)}
    if needs_unit or "unit" in there:
        columns["unit"] = text
    if needs_year or "year" in there:
        columns["year"] = calendar
    rows = read(tables, "rows", **columns)
    if {"unit", "year"} <= set(columns):
        no_repeats("rows", rows, "unit", "year")
    return rows


def _units(kept: list[dict[str, Any]]) -> int:
    """Distinct units; rows, when they are not named."""
    return len({row["unit"] for row in kept}) if kept and "unit" in kept[0] else len(kept)


def _too_little(kept: list[dict[str, Any]], parameters: Parameters) -> list[str]:
    sizes = [row["scale"] for row in kept]
    reasons = {
        "too_few_units": _units(kept) < parameters.scale_units_from,
        "no_spread": not sizes or max(sizes) / min(sizes) < parameters.scale_spread_from,
    }
    return [reason for reason, holds in reasons.items() if holds]
