"""Pooling: edges by hand, and what must hold for any set of effects."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.analysis import run
from savings.analysis.heterogeneity import fit, reml
from savings.analysis.pooling import plain
from savings.analysis.tables import Malformed

CALM = settings(deadline=None, max_examples=40)  # a busy machine must not turn arithmetic red


def meta(pairs, **params):
    return run("meta", params, {"effects": [{"id": n, "yi": y, "vi": v} for n, (y, v) in enumerate(pairs)]})


def one(result, method="REML", test="hk_adhoc"):
    return next(row for row in result["fits"] if (row["tau2_method"], row["test"]) == (method, test))


def test_two_effects_are_too_few_and_three_are_not():
    assert meta([(0.1, 1), (0.2, 1)]) == {"status": "refused", "reasons": ["too_few_effects"]}
    assert meta([(0.1, 1), (0.2, 1), (0.3, 1)])["status"] == "estimated"


def test_every_estimator_comes_with_every_test():
    rows = meta([(0.1, 1), (0.2, 1), (0.3, 1)])["fits"]
    assert {(row["tau2_method"], row["test"]) for row in rows} == {
        (method, test) for method in ("DL", "REML", "PM") for test in ("z", "hk", "hk_adhoc")
    }


def test_equal_variances_have_an_answer_by_hand():
    """With v = 1, tau^2 is the sample variance less one, for every estimator: 4 - 1."""
    result = meta([(0, 1), (2, 1), (4, 1)])
    for method in ("DL", "REML", "PM"):
        assert one(result, method)["tau2"] == pytest.approx(3)
        assert one(result, method)["mu"] == pytest.approx(2)
        assert one(result, method, "z")["se"] == pytest.approx(math.sqrt(4 / 3))
    assert one(result)["i2_pct"] == pytest.approx(75)


def test_one_effect_without_gates_has_no_error_but_its_own():
    result = meta([(0.5, 0.04)], gates=False)
    assert one(result, test="z")["se"] == pytest.approx(0.2)
    assert one(result)["se"] is None
    assert result["tau2_ci_hi"] is None
    assert result["shrunk"] == []


def test_identical_effects_have_no_p_value_without_the_floor():
    result = meta([(0.5, 1)] * 3)
    assert one(result, test="hk")["se"] == 0
    assert one(result, test="hk")["p"] is None
    assert one(result)["se"] == pytest.approx(math.sqrt(1 / 3))


def test_the_small_study_check_needs_ten_whatever_the_gates():
    effects = [(0.1 * n, 1 + n) for n in range(10)]
    assert meta(effects[:9], gates=False)["egger"] is None
    assert meta(effects)["egger"]["df"] == 8
    assert meta([(0.1 * n, 1) for n in range(10)])["egger"] is None  # errors all alike: no slope to test


@pytest.mark.parametrize("vi", ["0", "-1", "", "small"])
def test_a_variance_is_above_zero(vi):
    with pytest.raises(Malformed, match=r"effects, row 1 .*column vi"):
        meta([(0.1, vi)] * 3)


def test_reml_takes_the_highest_of_several_peaks():
    """Three near-exact effects agree and the rest are far and vague: one peak near zero, another far out."""
    effects = plain(np.array([0.0, 0.05, 2.0, 8.0]), np.array([0.0001, 0.0001, 0.5, 0.5]))
    best = fit(effects, reml(effects)).likelihood
    assert all(fit(effects, tau2).likelihood <= best + 1e-9 for tau2 in [0, *np.geomspace(1e-7, 1e4, 3000)])


EFFECTS = st.lists(st.tuples(st.floats(-1, 1), st.floats(0.001, 1)), min_size=3, max_size=12)


@CALM
@given(EFFECTS)
def test_reml_is_the_most_likely_value_everywhere(pairs):
    y, v = (np.array(column) for column in zip(*pairs, strict=True))
    effects = plain(y, v)
    best = fit(effects, reml(effects)).likelihood
    assert all(fit(effects, tau2).likelihood <= best + 1e-9 for tau2 in [0, *np.geomspace(1e-6, 100, 200)])


@CALM
@given(EFFECTS, st.floats(-2, 2))
def test_adding_a_constant_moves_the_mean_and_nothing_else(pairs, shift):
    before, after = one(meta(pairs)), one(meta([(y + shift, v) for y, v in pairs]))
    assert after["mu"] == pytest.approx(before["mu"] + shift, abs=1e-6)
    assert after["tau2"] == pytest.approx(before["tau2"], abs=1e-6)


@CALM
@given(EFFECTS)
def test_shrunk_effects_lie_between_their_own_and_the_mean(pairs):
    result = meta(pairs)
    mu = one(result)["mu"]
    for row in result["shrunk"]:
        y = pairs[int(row["id"])][0]
        assert min(y, mu) - 1e-9 <= row["est"] <= max(y, mu) + 1e-9
    assert [row["est"] for row in result["shrunk"]] == sorted(row["est"] for row in result["shrunk"])


@CALM
@given(EFFECTS)
def test_the_prediction_interval_is_never_inside_the_interval_of_the_mean(pairs):
    row = one(meta(pairs))
    assert row["pi_lo"] <= row["ci_lo"] + 1e-12
    assert row["pi_hi"] >= row["ci_hi"] - 1e-12


def regression(rows, *moderators, **params):
    table = [{"id": n, **row} for n, row in enumerate(rows)]
    return run("meta_regression", {"moderators": list(moderators), **params}, {"effects": table})


def test_moderators_are_limited_to_one_for_every_ten():
    rows = [{"yi": n % 3, "vi": 1, "a": n, "b": n * n} for n in range(19)]
    assert regression(rows, "a", "b") == {"status": "refused", "reasons": ["too_many_moderators"]}
    assert regression(rows[:9], "a")["reasons"] == ["too_few_effects", "too_many_moderators"]
    assert regression(rows[:10], "a")["status"] == "estimated"


def test_words_become_dummies_against_the_first_in_sorted_order():
    rows = [{"yi": {"b": 1, "a": 0, "c": 3}[v] + 0.01 * n, "vi": 0.01, "v": v} for n, v in enumerate("bacbacabc" * 2)]
    result = regression(rows, "v", gates=False)
    coefficients = {row["name"]: row["b"] for row in result["fits"][0]["coef"]}
    assert list(coefficients) == ["intercept", "v=b", "v=c"]
    assert coefficients["v=b"] == pytest.approx(1, abs=0.1)
    assert coefficients["v=c"] == pytest.approx(3, abs=0.1)


def test_rows_that_lack_a_moderator_are_dropped_and_counted():
    rows = [{"yi": n % 4, "vi": 1, "a": "" if n < 2 else n} for n in range(12)]
    result = regression(rows, "a")
    assert (result["k"], result["dropped"]) == (10, 2)
    assert regression(rows[:11], "a")["status"] == "refused"


def test_no_heterogeneity_leaves_nothing_to_explain():
    assert regression([{"yi": 0.01 * (n % 2), "vi": 1, "a": n} for n in range(10)], "a")["r2_pct"] is None


def test_moderators_that_cannot_be_told_apart_are_an_error():
    rows = [{"yi": n % 3, "vi": 1, "a": n, "b": 2 * n, "c": 1} for n in range(30)]
    with pytest.raises(Malformed, match="told apart"):
        regression(rows, "a", "b")
    with pytest.raises(Malformed, match="told apart"):
        regression(rows, "c")
    with pytest.raises(Malformed, match=r"effects, row 1 .*column d"):
        regression(rows, "d")


@CALM
@given(EFFECTS)
def test_a_regression_on_nothing_is_pooling(pairs):
    row = regression([{"yi": y, "vi": v} for y, v in pairs], gates=False)["fits"][2]
    pooled = one(meta(pairs))
    assert row["tau2"] == pooled["tau2"]
    assert row["coef"][0]["se"] == pytest.approx(pooled["se"])
