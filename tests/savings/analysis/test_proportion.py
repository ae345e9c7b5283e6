"""Shares and false discoveries: edges by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.analysis import run
from savings.analysis.proportion import benjamini_hochberg, exact, wilson
from savings.analysis.tables import Malformed

CALM = settings(deadline=None, max_examples=100)  # a busy machine must not turn arithmetic red


def test_no_cases_have_no_share():
    row = run("proportion", {}, {"counts": [{"x": 0, "n": 0}]})["rows"][0]
    assert row == {"x": 0, "n": 0, "wilson_lo": None, "wilson_hi": None, "exact_lo": None, "exact_hi": None}


def test_a_blank_p_has_no_q_and_is_not_one_of_the_many():
    given = [{"i": "a", "p": "0.01"}, {"i": "b", "p": ""}, {"i": "c", "p": "0.04"}]
    assert run("proportion", {}, {"pvalues": given})["bh"] == [
        {"i": "a", "q": 0.02}, {"i": "b", "q": None}, {"i": "c", "q": 0.04}
    ]  # fmt: skip


@pytest.mark.parametrize("row", [{"x": 3, "n": 2}, {"x": -1, "n": 2}])
def test_more_than_all_is_an_error(row):
    with pytest.raises(Malformed, match=r"counts, row 1 .*column x"):
        run("proportion", {}, {"counts": [row]})


def test_a_p_value_is_between_0_and_1():
    with pytest.raises(Malformed, match=r"pvalues, row 1 .*column p"):
        run("proportion", {}, {"pvalues": [{"i": 1, "p": 1.5}]})


@CALM
@given(st.integers(1, 200), st.data())
def test_an_interval_holds_its_share_and_the_exact_one_is_within_0_and_1(n, data):
    x = data.draw(st.integers(0, n))
    for low, high in (wilson(x, n, 0.95), exact(x, n, 0.95)):
        assert -1e-12 <= low <= x / n + 1e-12
        assert x / n - 1e-12 <= high <= 1 + 1e-12


@CALM
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusting_keeps_the_order_and_never_lowers(p):
    q = benjamini_hochberg(p)
    assert all(after >= before - 1e-15 for before, after in zip(p, q, strict=True))
    assert [q[i] for i in sorted(range(len(p)), key=p.__getitem__)] == sorted(q)
