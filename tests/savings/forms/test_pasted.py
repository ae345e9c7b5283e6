"""A block pasted from a spreadsheet: read whole, every problem said at once."""

import pytest

from savings.forms import pasted

COLUMNS = [
    pasted.Column("member", pasted.one_of({"Northford": 1, "NFD": 1, "Southmere": 2}, "a member")),
    pasted.Column("year", pasted.year),
    pasted.Column("amount", pasted.amount),
    pasted.Column("note", str, optional=True),
]


@pytest.mark.parametrize(
    "text",
    [
        "Northford\t2026/27\t120,000\tPosts\nsouthmere\t2027-28\t£5.50",
        "member,year,amount,note\nNorthford, 2026/27, \"120,000\", Posts\n\nSouthmere,2027/28,5.50",
    ],
)  # fmt: skip
def test_tabs_and_commas_read_alike(text):
    found = pasted.read(text, COLUMNS)
    assert found.complaints == []
    assert found.rows == [
        {"member": 1, "year": 2026, "amount": 120_000_00, "note": "Posts"},
        {"member": 2, "year": 2027, "amount": 5_50, "note": None},
    ]


def test_every_problem_is_said_at_once():
    found = pasted.read("Northfrod,2026,0\nSouthmere,2026/27,-5,x,y", COLUMNS)
    assert [complaint.split(":")[0] for complaint in found.complaints] == [
        "Line 1, member", "Line 1, year", "Line 1, amount", "Line 2, end", "Line 2, amount",
    ]  # fmt: skip
    assert "Did you mean “Northford”?" in found.complaints[0]


def test_a_missing_cell_is_named():
    assert pasted.read("Northford,2026/27", COLUMNS).complaints == ["Line 1, amount: it is empty."]


def test_many_problems_are_counted_not_listed():
    complaints = pasted.read("\n".join(["nobody,2026/27,5"] * 50), COLUMNS).complaints
    assert len(complaints) == pasted.MOST_SHOWN + 1
    assert complaints[-1] == "And 30 more problems like these."


def test_too_many_lines_are_refused():
    assert pasted.read("x\n" * 2_001, COLUMNS).complaints == ["There are 2,001 lines. Paste 2,000 at most."]
