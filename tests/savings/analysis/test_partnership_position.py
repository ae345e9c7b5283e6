"""The tables of a position: what is read, what is refused."""

import pytest

from savings.analysis import run
from savings.analysis.tables import Malformed

MEMBERS = [{"council": "A", "role": "provider"}, {"council": "B", "role": "receiver"}]


def line(id, council="A", amount="1000000", **more):
    usual = {"service": "payroll", "kind": "saving", "cashable": "True", "grade": "1", "doc_ref": ""}
    return {"id": id, "fy": "2020/21", "council": council, "amount_pence": amount, **usual, **more}


def charge(payer="B", receiver="A"):
    return {"fy": "2020/21", "payer": payer, "receiver": receiver, "amount_pence": "1"}


def evaluate(lines, charges=(), **params):
    return run("partnership_position", params, {"lines": lines, "charges": charges, "members": MEMBERS})


def test_ids_are_numbers_when_all_are_and_words_when_not():
    assert evaluate([line("9"), line("10", "B")])["excluded_ids"] == [10]
    assert evaluate([line("9"), line("10", "B"), line("x", service="")])["excluded_ids"] == ["9"]


def test_ids_of_resolved_pairs_may_be_numbers_or_text():
    lines = [line("9"), line("10", "B")]
    assert evaluate(lines, resolved_distinct=[[9, 10]])["excluded_ids"] == []
    assert evaluate(lines, resolved_distinct=[["10", "9"]])["excluded_ids"] == []


def test_nothing_claimed_and_nothing_counted_give_null_shares():
    result = evaluate([line("1", kind="cost")])
    assert result["evidence_share"] is None
    assert result["disputed_share"] is None
    assert result["net_counted_pence"] == -1_000_000
    assert result["reasons"] == []


def test_a_cost_needs_neither_class_nor_grade():
    assert evaluate([line("1", kind="cost", cashable="", grade="")])["cost_pence"] == 1_000_000


def test_every_member_is_listed_even_with_nothing():
    assert [(row["council"], row["net_pence"]) for row in evaluate([])["members"]] == [("A", 0), ("B", 0)]


def test_weighted_figures_are_rounded_once():
    """0.4 of 1 and of 1 is 0.8 of a penny: rounded apart they would be nothing."""
    lines = [line("1", amount="1", grade="0", service=""), line("2", "B", amount="1", grade="0", service="")]
    assert evaluate(lines)["weighted_central_pence"] == 1


@pytest.mark.parametrize(
    ("lines", "charges", "place"),
    [
        ([line("1", "Z")], [], r"lines, row 1 .*column council: Z is not a member"),
        ([line("1")], [charge(payer="Z")], r"charges, row 1 .*column payer"),
        ([line("1")], [charge(receiver="Z")], r"charges, row 1 .*column receiver"),
        ([line("1")], [charge("A", "A")], r"charges, row 1 .*column receiver"),
        ([line("1"), line("1")], [], r"lines, row 2 .*column id: repeats row 1"),
        ([line("1", grade="4")], [], r"lines, row 1 .*column grade"),
        ([line("1", kind="gift")], [], r"lines, row 1 .*column kind"),
        ([line("1", cashable="perhaps")], [], r"lines, row 1 .*column cashable"),
        ([line("1", cashable="")], [], r"lines, row 1 .*column cashable: it is empty"),
        ([line("1", grade="")], [], r"lines, row 1 .*column grade: it is empty"),
        ([line("1", amount="")], [], r"lines, row 1 .*column amount_pence"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_place(lines, charges, place):
    with pytest.raises(Malformed, match=place):
        evaluate(lines, charges)


@pytest.mark.parametrize("pairs", ["1,2", [["1"]], [["1", "7"]], [1]])
def test_a_pair_names_two_lines(pairs):
    with pytest.raises(Malformed, match="resolved_distinct"):
        evaluate([line("1"), line("2")], resolved_distinct=pairs)
