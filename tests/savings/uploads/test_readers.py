"""The readers of amounts, periods and headers, on whatever a spreadsheet may hold: read right, or refused in words."""

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from councils.money import MoneyError, parse_pounds
from savings.uploads import cells
from savings.uploads.columns import Column, Unreadable, find
from savings.uploads.entry_columns import COLUMNS, NAMES
from savings.uploads.files import NotRead, read

NEAR_AMOUNTS = st.text("0123456789.,£-+() eE'−", max_size=16) | st.text(max_size=12)
AMOUNT = (Column("amount", cells.amount),)


def one_by_one(text):
    try:
        return parse_pounds(cells.armed(text)) if text.strip() else None
    except MoneyError:
        return "refused"


@settings(max_examples=2_000)
@given(st.lists(NEAR_AMOUNTS, min_size=1, max_size=8))
@example(["-0.00", "0.0", "00.50", "1e5", "99999999999.99"])
def test_amounts_read_together_are_those_read_one_by_one(written):
    """The column's quick way and the careful reader of one amount agree on every text."""
    frame = pl.DataFrame({"row": range(len(written)), "amount": written}, schema={"row": pl.Int64, "amount": pl.String})
    found, problems = cells.read(frame, AMOUNT)
    refused = set(problems["row"])
    together = ["refused" if row in refused else pence for row, pence in found.iter_rows()]
    assert together == [one_by_one(each) for each in written]
    assert all(message for message in problems["message"])


TEXT = cells.Text("note", lines=False, longest=12)


def text_alone(written):
    try:
        return TEXT(written)
    except Unreadable:
        return "refused"


@settings(max_examples=2_000)
@given(st.lists(st.text("ab '#=-REF!\n\t\u200b£é", max_size=16) | st.text(max_size=16), min_size=1, max_size=8))
@example(["", " ", "  a ", "'=a", " '=a", "#REF!", " #REF!", "#1 spot", "a" * 13, " " * 13 + "a", "a\n"])
def test_texts_read_together_are_those_read_one_by_one(written):
    """What a column's quick way takes, the careful reader of one text says too."""
    frame = pl.DataFrame({"row": range(len(written)), "note": written}, schema={"row": pl.Int64, "note": pl.String})
    found, problems = cells.read(frame, (Column("note", TEXT),))
    refused = set(problems["row"])
    together = ["refused" if row in refused else text for row, text in found.iter_rows()]
    assert together == [text_alone(each) for each in written]


@settings(max_examples=2_000)
@given(st.text("0123456789-/ :TAprilMay", max_size=20) | st.text(max_size=12))
def test_a_period_is_read_or_refused_with_its_cure(written):
    messages = []
    for read_one, low, high in ((cells.month, 1, 12), (cells.year, 1990, 2100)):
        try:
            found = read_one(written)
        except Unreadable as refusal:
            found = None
            messages.append(str(refusal))
        assert found is None or low <= found <= high
    assert all(len(message) > 10 for message in messages)


@settings(max_examples=2_000)
@given(st.lists(st.sampled_from(NAMES) | st.text(max_size=14), max_size=20))
def test_a_header_names_each_column_once_or_says_what_is_wrong(written):
    header = find(written, COLUMNS)
    assert len(set(header.places.values())) == len(header.places)
    if not header.problems:
        assert {column.name for column in COLUMNS if column.required} <= set(header.places)
        assert not header.extra


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_rows_or_refused(content):
    for begun in (b"", ",".join(NAMES).encode() + b"\n"):
        try:
            read(begun + content, COLUMNS, most=100)
        except NotRead:
            continue


@given(st.text(max_size=30))
def test_the_mark_against_formulas_comes_off_again(text):
    assert cells.armed(cells.defused(text)) == text
    assert not cells.defused(text).startswith(("=", "+", "-", "@", "\t", "\r"))
