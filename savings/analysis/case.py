"""A calculation that stands in a file.

Question: can anybody work this figure out again? A case is a JSON file naming a method, its parameters and its
tables, which are CSV files beside it (UTF-8, header first). Keys it does not need (source, expected) are ignored.
"""

import csv
import json
from pathlib import Path
from typing import Any

from savings.analysis.methods import run
from savings.analysis.tables import Malformed


def evaluate_case(path: str | Path) -> dict[str, Any]:
    """The result of the case at `path`. Raises `Malformed`, in words that can be shown, for anything unreadable."""
    place = Path(path)
    case = _read_case(place)
    tables = {name: read_csv(name, place.parent / str(file)) for name, file in case.get("tables", {}).items()}
    return run(case["method"], case.get("params", {}), tables)


def _read_case(place: Path) -> dict[str, Any]:
    try:
        case = json.loads(place.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as problem:
        raise Malformed(f"{place} cannot be read: {getattr(problem, 'strerror', None) or problem}") from None
    except ValueError as problem:
        raise Malformed(f"{place.name} is not JSON: {problem}") from None
    if not isinstance(case, dict) or not isinstance(case.get("method"), str):
        raise Malformed(f"{place.name}: it is not an object with a method")
    for key in ("params", "tables"):
        if not isinstance(case.get(key, {}), dict):
            raise Malformed(f"{place.name}: {key} is not an object")
    return case


def read_csv(name: str, file: Path) -> list[dict[str, str]]:
    """The rows of one CSV file. Raises `Malformed` for ragged rows and for columns named twice."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines = list(csv.reader(opened, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise Malformed(f"table {name}: {file.name} cannot be read: {problem}") from None
    while lines and not any(lines[-1]):
        lines.pop()  # empty lines at the end
    if not lines:
        raise Malformed(f"table {name}: {file.name} has no header")
    header, *rows = ([cell.strip() for cell in line] for line in lines)
    if len(set(header)) != len(header):
        raise Malformed(f"table {name}: a column is named twice in the header")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            place = f"table {name}, row {number} (line {number + 1})"
            raise Malformed(f"{place}: it has {len(row)} cells, not {len(header)}")
    return [dict(zip(header, row, strict=True)) for row in rows]
