"""Reads the lines, charges and members of one partnership from tables.

Question: do the tables speak of this partnership and nothing else? A line or charge of a council that is not a
member is an error, with its place, and so is a pair of distinct lines that names no line.
"""

from collections.abc import Mapping
from typing import Any

from savings.analysis.lines import GRADES, ROLES, Charge, Id, Line, Member, at_grade
from savings.analysis.tables import Malformed, Row, Tables, at, no_repeats, optional, read
from savings.analysis.values import among, or_blank, text, truth, whole, year


def read_members(tables: Tables) -> list[Member]:
    """In the order of the table; a council named twice has both roles."""
    sides: dict[str, tuple[bool, bool]] = {}
    for row in read(tables, "members", council=text, role=among(*ROLES)):
        provides, receives = sides.get(row["council"], (False, False))
        also_provides, also_receives = ROLES[row["role"]]
        sides[row["council"]] = (provides or also_provides, receives or also_receives)
    return [Member(council, *both) for council, both in sides.items()]


def read_lines(tables: Tables, members: list[Member]) -> dict[str, Line]:
    """By the id as it is written. Ids that are all plain numbers become numbers, so that 9 comes before 10."""
    rows = read(
        tables,
        "lines",
        id=text,
        fy=year,
        council=text,
        service=optional(text, default=""),
        kind=among("saving", "cost"),
        cashable=or_blank(truth),
        grade=or_blank(_grade),
        amount_pence=whole,
        doc_ref=optional(text, default=""),
    )
    no_repeats("lines", rows, "id")
    _members_only("lines", rows, members, "council")
    _savings_classed(rows)
    numbers = all(row["id"].isdecimal() and row["id"] == str(int(row["id"])) for row in rows)
    return {row["id"]: _line(row, int(row["id"]) if numbers else row["id"]) for row in rows}


def _savings_classed(rows: list[dict[str, Any]]) -> None:
    """A cost has no class and counts at any grade; a saving must say both."""
    for number, row in enumerate(rows, start=1):
        for column in ("cashable", "grade"):
            if row["kind"] == "saving" and row[column] is None:
                raise at("lines", number, column, "it is empty")


def _line(row: Row, line_id: Id) -> Line:
    return Line(
        id=line_id,
        year=row["fy"],
        council=row["council"],
        service=row["service"],
        is_saving=row["kind"] == "saving",
        cashable=bool(row["cashable"]),
        by_grade=at_grade(row["amount_pence"], row["grade"] or 0),
        doc_refs=frozenset({row["doc_ref"]} - {""}),
    )


def _grade(cell: object) -> int:
    grade = whole(cell)
    if grade not in GRADES:
        raise ValueError(f"{cell!r} is not a grade from 0 to 3")
    return grade


def read_charges(tables: Tables, members: list[Member]) -> list[Charge]:
    rows = read(tables, "charges", fy=year, payer=text, receiver=text, amount_pence=whole)
    _members_only("charges", rows, members, "payer", "receiver")
    for number, row in enumerate(rows, start=1):
        if row["payer"] == row["receiver"]:
            raise at("charges", number, "receiver", f"{row['receiver']} cannot charge itself")
    return [Charge(row["fy"], row["payer"], row["receiver"], row["amount_pence"]) for row in rows]


def _members_only(table: str, rows: list[dict[str, Any]], members: list[Member], *columns: str) -> None:
    known = {member.council for member in members}
    for number, row in enumerate(rows, start=1):
        for column in columns:
            if row[column] not in known:
                raise at(table, number, column, f"{row[column]} is not a member")


def read_distinct(params: Row, lines: Mapping[str, Line]) -> list[tuple[Id, Id]]:
    """The pairs of `resolved_distinct`, as ids of lines."""
    pairs = params.get("resolved_distinct") or []
    if not isinstance(pairs, list | tuple):
        raise Malformed("params, key resolved_distinct: it is not a list of pairs of ids")
    return [_pair(number, pair, lines) for number, pair in enumerate(pairs, start=1)]


def _pair(number: int, pair: Any, lines: Mapping[str, Line]) -> tuple[Id, Id]:
    place = f"params, key resolved_distinct, row {number}"
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise Malformed(f"{place}: {pair!r} is not a pair of ids")
    one, other = (str(each).strip() for each in pair)
    for each in (one, other):
        if each not in lines:
            raise Malformed(f"{place}: {each} is not the id of a line")
    return lines[one].id, lines[other].id
