"""The banked entries themselves, and the documents behind them."""

from councils.money import pounds
from savings.models import Decision
from savings.words import GRADES

from ..blocks import Column, cell, cut, number, section, table, text
from ..content import Content, DocumentRow
from ..entries import Row
from ..printable import written
from .spoken import moment, numbers, period, short_day, what

MOST_ENTRIES = 400  # printed; past it the largest ones are, and the attached file has every row


def entries(content: Content) -> dict:
    banked = content.banked
    shown = largest(banked)
    places = numbers(content)
    documents = document_numbers(content)
    excluded = {each.line: each.rule for each in content.exclusions}
    by_id = {row.entry: row for row in banked}
    words = (
        "All banked entries"
        if len(shown) == len(banked)
        else f"The {len(shown):,} largest of {len(banked):,} banked entries"
    )
    return section(
        "Entries",
        text(
            f"{words}, by year, member and scheme. The attached file entries.csv has every entry of every series, "
            "under the same number counted from its first line of data. A reversal has the grade of what it reverses."
        ),
        table(
            f"{words}, in-year amounts, nominal",
            COLUMNS,
            [_row(row, places, documents, excluded, by_id) for row in shown],
            small=True,
            empty="Nothing has been banked yet.",
        ),
        wide=True,
    )


COLUMNS = (
    number("No.", 0.45),
    Column("Entry: scheme, note, identity", 3.1),
    Column("Member", 1.1),
    Column("Period", 1.05),
    Column("Kind and class", 1.5),
    number("Amount", 1.25),
    Column("Grade and documents", 1.35),
    Column("Recorded", 1.3),
    Column("Decided", 1.45),
)


def largest(banked: list[Row]) -> list[Row]:
    """At most `MOST_ENTRIES` by size, a pair kept together where it can be, in the order of the whole list."""
    if len(banked) <= MOST_ENTRIES:
        return banked
    by_size = sorted(enumerate(banked), key=lambda each: (-abs(each[1].pence), each[0]))[:MOST_ENTRIES]
    return [row for _, row in sorted(by_size, key=lambda each: each[0])]


def _row(row: Row, places, documents, excluded, by_id) -> list:
    notes = [written(row.note)] if row.note else []
    if row.reverses:
        notes.insert(0, f"Reverses no. {places[by_id[row.reverses].pk]:,}.")
    if row.reversed_by:
        notes.insert(0, f"Reversed by no. {places[by_id[row.reversed_by].pk]:,}.")
    if row.cash and row.line in excluded:
        notes.insert(0, f"Not counted: {excluded[row.line][0].lower()}{excluded[row.line][1:]}.")
    if row.disputed:
        notes.insert(0, "Disputed by a member.")
    if row.adjustment:
        notes.append("Adjusts a quarter that was closed.")
    proof = [", ".join(f"D{documents[each]}" for each in row.documents)] if row.documents else []
    decided = cell("–")
    if row.outcome:
        outcome = str(Decision.Outcome(row.outcome).label)
        decided = cell(written(row.decided_by), under=[f"{outcome} {short_day(row.decided_at)}"])
    return [
        f"{places[row.pk]:,}",
        cell(f"{written(row.scheme)} {written(row.title, most=90)}", code=str(row.entry), under=notes),
        written(row.member),
        period(row),
        what(row),
        pounds(row.pence),
        cell(f"{row.grade} {GRADES[row.grade].lower()}", under=proof),
        cell(written(row.recorded_by), under=[short_day(row.recorded_at)]),
        decided,
    ]


def document_numbers(content: Content) -> dict[int, int]:
    return {document.pk: place for place, document in enumerate(content.documents, start=1)}


def documents(content: Content) -> dict:
    places, codes = numbers(content), document_numbers(content)
    shown, more = cut(content.documents, MOST_ENTRIES)
    return section(
        "Documents",
        text("A document is what was uploaded, to the byte, if its SHA-256 is the one printed here" + more + "."),
        {"kind": "documents", "documents": [_document(each, codes[each.pk], places) for each in shown]}
        if shown
        else text("No document has been attached to any entry."),
    )


def _document(document: DocumentRow, place: int, places: dict[int, int]) -> dict:
    supports = _numbers(document.supports, places)
    uploaded = f"Uploaded for {document.member} by {written(document.uploaded_by)} on {moment(document.uploaded_at)}."
    lines = [
        f"{written(document.file_name)}, {document.media_type}, {document.size:,} bytes. {uploaded}",
        f"Supports {supports}." if supports else "Supports no entry now.",
    ]
    if withdrawn := _numbers(document.withdrawn_from, places):
        lines.append(f"Withdrawn from {withdrawn}.")
    if document.exempt:
        lines.append("Exempt from publication (Local Government Act 1972, Schedule 12A).")
    return {"name": f"D{place} {written(document.title)}", "sha256": document.sha256, "lines": lines}


def _numbers(entries: list[int], places: dict[int, int], most: int = 30) -> str:
    found = sorted(places[each] for each in entries)
    words = ", ".join(f"{place:,}" for place in found[:most])
    more = f" and {len(found) - most:,} more" if len(found) > most else ""
    return f"{'entry' if len(found) == 1 else 'entries'} no. {words}{more}" if found else ""
