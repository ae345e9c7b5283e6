"""Reads partnerships and their times, for methods `km` and `cif`, and prints their curves at the times asked for.

Question, assumptions and limits are those of `survival`. A curve stops when fewer than five are at risk: a step made
by one of four partnerships says more about it than about sharing.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import stats

from savings.analysis.envelope import estimated, refused
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.survival import (
    ENDED,
    Records,
    Survival,
    aalen_johansen,
    kaplan_meier,
    log_log,
    median,
    stops_after,
)
from savings.analysis.tables import Malformed, Row, Tables, at, optional, param, read
from savings.analysis.values import real, share, truth, whole


def estimate_km(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `km`. Refused when any partnership ended unpaid: `cif` is the method for that."""
    level = param(params, "level", share, default=0.95)
    records = read_records(tables, "event")
    reasons = _too_few(params, records, parameters)
    if (records.status == ENDED).any():
        reasons.append("competing_events")
    if reasons:
        return refused(reasons)
    curve = kaplan_meier(records)
    end = _end(params, records, parameters)
    z = float(stats.norm.ppf((1 + level) / 2))
    rows = _rows(params, records, end, curve, lambda point: _survival(point, z))
    return estimated({"n": len(records.exit), "km": rows, "median": {"time": median(curve, end)}})


def _survival(point: Survival | None, z: float) -> dict[str, float | None]:
    if point is None:
        return dict.fromkeys(("surv", "se", "lo", "hi"))
    if point.surv == 1:
        return {"surv": 1.0, "se": 0.0, "lo": 1.0, "hi": 1.0}
    if point.surv == 0:
        return {"surv": 0.0, "se": None, "lo": None, "hi": None}
    lo, hi = log_log(point, z)
    return {"surv": point.surv, "se": point.surv * math.sqrt(point.greenwood), "lo": lo, "hi": hi}


def estimate_cif(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `cif`: status 1 is paid back, 2 ended unpaid, 0 still running unpaid."""
    records = read_records(tables, "status")
    reasons = _too_few(params, records, parameters)
    if reasons:
        return refused(reasons)
    end = _end(params, records, parameters)
    rows = _rows(
        params,
        records,
        end,
        aalen_johansen(records),
        lambda point: {
            "paid": point and point.paid,
            "dissolved": point and point.ended,
            "se": point and point.se,
        },
    )
    return estimated({"n": len(records.exit), "cif": rows})


def _too_few(params: Row, records: Records, parameters: Parameters) -> list[str]:
    gates = param(params, "gates", truth, default=True)
    return ["too_few_partnerships"] if gates and len(records.exit) < parameters.curve_shown_from else []


def _end(params: Row, records: Records, parameters: Parameters) -> float:
    gates = param(params, "gates", truth, default=True)
    return stops_after(records, parameters.curve_stops_below) if gates else math.inf


def _rows(params: Row, records: Records, end: float, curve: Sequence[Any], told: Callable) -> list[dict[str, Any]]:
    """One row per time asked for (every event time by default); estimates are null once the curve has stopped."""
    steps = [point.time for point in curve]
    rows = []
    for t in _times(params, records):
        point = curve[bisect_right(steps, t) - 1] if t <= end else None
        rows.append({"time": t, "n_risk": int(records.at_risk(t).sum()), **told(point)})
    return rows


def _times(params: Row, records: Records) -> list[float]:
    if params.get("times") is None:
        return [float(t) for t in records.event_times()]
    if not isinstance(params["times"], list):
        raise Malformed("params, key times: it is not a list of numbers")
    return [param({"times": t}, "times", real) for t in params["times"]]


def read_records(tables: Tables, status: str) -> Records:
    """Table `records`: `time` or `exit`, an optional `entry` (missing or 0 means always at risk), and the status."""
    table = list(tables.get("records", []))
    leaves = "exit" if table and "exit" in table[0] else "time"
    rows = read(tables, "records", **{"entry": optional(_duration), leaves: _duration, status: _status})
    for number, row in enumerate(rows, start=1):
        if row["entry"] and row["entry"] >= row[leaves]:
            raise at("records", number, leaves, f"{row[leaves]} is not after entry at {row['entry']}")
    return Records(
        np.array([row["entry"] or -math.inf for row in rows], dtype=float),
        np.array([row[leaves] for row in rows], dtype=float),
        np.array([row[status] for row in rows], dtype=int),
    )


def _duration(cell: object) -> float:
    number = real(cell)
    if number < 0:
        raise ValueError(f"{cell!r} is below zero")
    return number


def _status(cell: object) -> int:
    number = whole(cell)
    if number not in (0, 1, 2):
        raise ValueError(f"{cell!r} is not 0, 1 or 2")
    return number
