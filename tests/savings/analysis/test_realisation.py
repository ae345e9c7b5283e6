"""Delivery against promise, on pairs small enough to do by hand."""

import pytest

from savings.analysis import run
from savings.analysis.tables import Malformed


def evaluate(*pairs, **params):
    rows = [
        {"partnership": f"p{number}", "projected_pence": projected, "banked_pence": banked}
        for number, (projected, banked) in enumerate(pairs)
    ]
    return run("realisation", params, {"pairs": rows})


def test_four_partnerships_are_too_few_and_nothing_else_is_said():
    assert evaluate(*[(100, 50)] * 4) == {"status": "refused", "reasons": ["too_few_partnerships"]}


def test_the_gate_uses_what_is_left_after_exclusions():
    assert evaluate(*[(100, 50)] * 4, (0, 50), (-5, 1), ("", 5), (5, ""))["status"] == "refused"
    result = evaluate(*[(100, 50)] * 5, (0, 50), (-5, 1), ("", 5), (5, ""))
    assert (result["n"], result["excluded"], result["factor"], result["se"]) == (5, 4, 0.5, 0.0)


def test_one_partnership_has_a_factor_and_no_error():
    result = evaluate((200, 50), gates=False)
    assert result["factor"] == 0.25
    assert result["median"] == 0.25
    assert result["se"] is None
    assert result["ci_lo"] is None
    assert result["ci_hi"] is None


def test_none_has_nothing():
    assert evaluate((0, 50), gates=False)["factor"] is None


def test_two_partnerships_by_hand():
    """Without the first: 0; without the second: 1. Mean 0.5, so se^2 = 1/2 * 1/2."""
    result = evaluate((100, 100), (300, 0), gates=False)
    assert result["factor"] == 0.25
    assert result["se"] == pytest.approx(0.5)
    assert result["ci_hi"] == pytest.approx(0.25 + 12.706204736 * 0.5)


def test_a_partnership_named_twice_is_an_error():
    rows = [{"partnership": "p", "projected_pence": 1, "banked_pence": 1}] * 2
    with pytest.raises(Malformed, match=r"pairs, row 2 .*column partnership"):
        run("realisation", {}, {"pairs": rows})
