"""What is missing, said as plainly as what is there."""

from councils.money import pounds

from ..blocks import Column, cut, number, section, table, text
from ..content import Content
from ..entries import Row
from ..gaps import Returns
from ..printable import written
from .spoken import numbers, period, short_day, what


def missing(content: Content) -> dict:
    lacking, places = content.missing, numbers(content)
    return section(
        "What is missing",
        text("An entry counts as claimed even when something here is missing. It becomes proven only by sign-off."),
        _returns(content.returns),
        _entries(places, "Documented, not signed off", lacking.unsigned, "Every documented entry is signed off."),
        _entries(places, "Without any document", lacking.undocumented, "Every banked entry has a document."),
        table(
            "Sent back to the person who recorded it, and not put right",
            RETURNED,
            [
                [
                    *_entry(places, row)[:4],
                    f"{written(row.decided_by)}, {short_day(row.decided_at)}",
                    written(row.reason),
                ]
                for row in lacking.returned
            ],
            small=True,
            empty="No entry is waiting to be put right.",
        ),
        _entries(
            places, "Entered in the money of another year, though every figure here is nominal", lacking.real_terms, ""
        )
        if lacking.real_terms
        else None,
    )


COLUMNS = (
    number("Entry no.", 0.6),
    Column("Member and scheme", 2),
    Column("Period", 1.2),
    number("Amount", 1.2),
    Column("Kind and class", 2),
    Column("Recorded by", 1.8),
)
RETURNED = (*COLUMNS[:4], Column("Sent back by", 1.6), Column("Why", 2.4))


def _returns(returns: list[Returns]) -> dict:
    columns = (
        Column("Member", 1.6),
        number("Quarters ended", 0.8),
        number("Returned", 0.8),
        number("Signed off", 0.8),
        Column("Without a return", 3),
    )
    return table(
        "Quarterly returns: a member's statement that a quarter is complete, nil or not",
        columns,
        [[written(r.member), f"{r.due}", f"{r.returned}", f"{r.signed_off}", _quiet(r)] for r in returns],
        small=True,
        empty="Nobody owes a return.",
    )


def _quiet(returns: Returns) -> str:
    """`2023/24 all; 2024/25 quarters 3 and 4`, or `none`."""
    years: dict[str, list[str]] = {}
    for quarter in returns.silent:
        years.setdefault(quarter.year.label, []).append(str(quarter.quarter))
    words = []
    for label, quarters in years.items():
        if len(quarters) == 4:
            words.append(f"{label} all four")
        elif len(quarters) == 1:
            words.append(f"{label} quarter {quarters[0]}")
        else:
            words.append(f"{label} quarters {', '.join(quarters[:-1])} and {quarters[-1]}")
    return "; ".join(words) or "none"


def _entries(places: dict[int, int], caption: str, entries: list[Row], empty: str) -> dict:
    shown, more = cut(entries)
    total = pounds(sum(row.pence for row in entries))
    many = f"{len(entries):,} {'entry' if len(entries) == 1 else 'entries'}, {total}"
    return table(f"{caption}: {many}{more}", COLUMNS, [_entry(places, row) for row in shown], small=True, empty=empty)


def _entry(places: dict[int, int], row: Row) -> list[str]:
    return [
        f"{places[row.pk]:,}",
        f"{written(row.member)}, {written(row.scheme)}",
        period(row),
        pounds(row.pence),
        what(row),
        f"{written(row.recorded_by)}, {short_day(row.recorded_at)}",
    ]
