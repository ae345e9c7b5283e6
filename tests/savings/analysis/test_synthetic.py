"""One partnership: each sentence of EVIDENCE 10.1 by hand, and weights checked against their conditions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.analysis import run
from savings.analysis.comparison import claimed_effect, saved
from savings.analysis.simplex import weights
from savings.analysis.tables import Malformed

CALM = settings(deadline=None, max_examples=40)  # a busy machine must not turn arithmetic red


def matrix(donors=12, pre=8, post=3, effect=-0.1, seed=1, noise=0.005, first=2008):
    """A treated unit P and donors that share a trend; effect from the start on."""
    random = np.random.default_rng(seed)
    trend = random.normal(0, 0.02, pre + post).cumsum()
    rows = []
    for i, unit in enumerate(["P", *[f"d{n:02d}" for n in range(donors)]]):
        level = random.normal(5, 0.1)
        for t in range(pre + post):
            after = i == 0 and t >= pre
            y = level + trend[t] + random.normal(0, noise) + (effect if after else 0)
            rows.append({"unit": unit, "year": first + t, "y": y, "treated": int(after)})
    return rows


def synthetic(rows, **params):
    return run("synthetic", params, {"panel": rows})


def test_the_effect_is_found_and_the_result_is_complete():
    result = synthetic(matrix())
    assert result["status"] == "estimated"
    assert (result["n_donors"], result["n_pre"], result["n_post"]) == (12, 8, 3)
    assert result["sdid"]["att"] == pytest.approx(-0.1, abs=0.02)
    assert result["sdid"]["lo"] < -0.1 < result["sdid"]["hi"] < 0
    assert result["sdid"]["placebo_p"] == pytest.approx(1 / 13)
    assert result["sc"]["placebo_rank"] == 1
    assert sum(row["w"] for row in result["sdid"]["weights"]) == pytest.approx(1)
    assert result["in_time_placebo"]["failed"] is False
    assert result["comparison_status"] == "available"


@pytest.mark.parametrize(
    ("shape", "reasons"),
    [
        ({"donors": 9}, ["too_few_donors"]),
        ({"pre": 4}, ["too_few_pre_years"]),
        ({"donors": 9, "pre": 4}, ["too_few_donors", "too_few_pre_years"]),
        ({"donors": 10, "pre": 5, "post": 1}, []),
        ({"noise": 0.3}, ["poor_fit"]),
        ({"donors": 9, "noise": 0.3}, ["too_few_donors", "poor_fit"]),
    ],
)
def test_refusals_are_listed_in_order(shape, reasons):
    result = synthetic(matrix(**shape))
    assert result["reasons"] == reasons
    assert (set(result) == {"status", "reasons"}) is bool(reasons)


def test_a_treated_unit_with_a_missing_year_is_refused_even_without_gates():
    rows = [{**row, "y": ""} if row["unit"] == "P" and row["year"] == 2010 else row for row in matrix()]
    assert synthetic(rows)["reasons"] == ["missing_data"]
    assert synthetic(rows, gates=False)["reasons"] == ["missing_data"]


def test_a_donor_with_a_missing_year_is_dropped():
    rows = [row for row in matrix() if not (row["unit"] == "d03" and row["year"] == 2010)]
    assert synthetic(rows)["n_donors"] == 11


def test_nothing_before_or_nobody_to_compare_is_refused_even_without_gates():
    assert synthetic(matrix(pre=0), gates=False)["reasons"] == ["too_few_pre_years"]
    assert synthetic(matrix(donors=0), gates=False)["reasons"] == ["too_few_donors"]


def test_one_donor_gives_an_effect_and_no_interval():
    result = synthetic(matrix(donors=1), gates=False)
    assert result["sdid"]["att"] == pytest.approx(result["did"]["att"], abs=0.02)
    assert result["sdid"]["lo"] is None
    assert result["sdid"]["placebo_sd"] is None


def test_exactly_one_unit_is_treated():
    rows = matrix()
    two = [{**row, "treated": 1} if row["unit"] == "d00" and row["year"] > 2015 else row for row in rows]
    for wrong, number in ((two, 2), ([{**row, "treated": 0} for row in rows], 0)):
        with pytest.raises(Malformed, match=f"{number} treated units"):
            synthetic(wrong)


def test_treated_does_not_end():
    rows = [{**row, "treated": 0} if row["year"] == 2018 else row for row in matrix()]
    with pytest.raises(Malformed, match=r"panel, row 11 .*column treated"):
        synthetic(rows)


def test_a_perfect_fit_has_no_ratio_and_says_so():
    rows = matrix()
    y = {(row["unit"], row["year"]): row["y"] for row in rows}
    mixed = [
        {**row, "y": (y["d00", row["year"]] + y["d01", row["year"]]) / 2 + (-0.1 if row["treated"] else 0)}
        if row["unit"] == "P"
        else row
        for row in rows
    ]
    result = synthetic(mixed)
    assert "perfect_fit" in result["notes"]
    assert result["sc"]["rmspe_ratio"] is None
    assert result["sc"]["placebo_rank"] is None
    assert result["sc"]["placebo_p"] is None
    assert result["sc"]["att"] == pytest.approx(-0.1, abs=0.02)


def test_the_in_time_placebo_needs_five_years_to_remain():
    assert synthetic(matrix(pre=6))["in_time_placebo"] is None
    assert synthetic(matrix(pre=7))["in_time_placebo"]["att"] == pytest.approx(0, abs=0.02)


def test_a_fall_before_the_start_fails_the_in_time_placebo():
    early = [{**row, "y": row["y"] - 0.3 * (row["unit"] == "P" and row["year"] >= 2014)} for row in matrix()]
    result = synthetic(early, gates=False)
    assert result["in_time_placebo"]["failed"] is True
    assert result["comparison_status"] == "intime_placebo_failed"


def test_parallel_donors_weigh_alike():
    """Nothing tells them apart, so the least-norm weights are even and the effect is the plain one."""
    rows = [
        {"unit": unit, "year": year, "y": level + 0.25 * year - (0.5 if unit == "P" and year >= 6 else 0)}
        | {"treated": int(unit == "P" and year >= 6)}
        for level, unit in enumerate(["P", "a", "b", "c", "d"])
        for year in range(8)
    ]
    result = synthetic(rows, gates=False)
    assert [row["w"] for row in result["sdid"]["weights"]] == pytest.approx([0.25] * 4)
    assert result["sdid"]["att"] == pytest.approx(-0.5)


def test_a_claim_as_an_effect_and_an_effect_in_pounds():
    assert claimed_effect(5, 95) == pytest.approx(np.log(0.95))
    assert claimed_effect(0, 95) is None
    assert saved(95, np.log(0.95)) == pytest.approx(5)
    with pytest.raises(ValueError, match="not above zero"):
        claimed_effect(5, 0)


@CALM
@given(st.integers(0, 10**6), st.floats(-3, 3), st.randoms())
def test_a_constant_or_another_order_changes_no_effect(seed, constant, random):
    rows = matrix(donors=10, pre=6, seed=seed)
    other = [{**row, "y": row["y"] + constant} for row in random.sample(rows, len(rows))]
    before, after = synthetic(rows, gates=False), synthetic(other, gates=False)
    for key in ("att", "placebo_sd", "rmspe_pre"):
        assert after["sdid"][key] == pytest.approx(before["sdid"][key], abs=1e-8)
    assert after["sc"]["att"] == pytest.approx(before["sc"]["att"], abs=1e-6)


@CALM
@given(st.integers(0, 10**6), st.integers(2, 40), st.integers(2, 12), st.floats(1e-6, 1))
def test_weights_are_optimal(seed, columns, rows, ridge):
    """No donor could take weight from those in use and improve the objective by more than 1e-9 of it."""
    random = np.random.default_rng(seed)
    a, b = random.normal(5, 0.3, (rows, columns)), random.normal(5, 0.6, rows)
    w = weights(a, b, ridge)
    slope = a.T @ (a @ w - b) + ridge * w
    objective = float(((a @ w - b) ** 2).sum() + ridge * (w @ w))
    assert w.sum() == pytest.approx(1)
    assert (w >= 0).all()
    assert float(w @ slope - slope.min()) <= 1e-9 * objective + 1e-13


def test_equal_donors_share_their_weight():
    a = np.random.default_rng(2).normal(5, 0.3, (6, 4))
    doubled = weights(np.column_stack([a, a[:, 1]]), a[:, 1] + 0.01, 0.0)
    assert doubled[1] == pytest.approx(doubled[4])


def test_members_are_consolidated_and_others_are_no_donors():
    councils = [f"c{n:02d}" for n in range(16)]
    random = np.random.default_rng(3)
    outturn = [
        {
            "council": council,
            "fy": f"{year}/{year % 100 + 1:02d}",
            "population": 1000,
            "net_expenditure_pence": round(10**8 * np.exp(random.normal(0, 0.005))),
        }
        for council in councils
        for year in range(2010, 2020)
    ]
    members = [
        {"partnership": name, "council": council, "start_fy": "2017/18"}
        for name, own in {"P": councils[:2], "Q": councils[2:4]}.items()
        for council in own
    ]
    deflator = [{"fy": f"{year}/{year % 100 + 1:02d}", "index": 100} for year in range(2010, 2020)]
    tables = {"outturn": outturn, "members": members, "deflator": deflator}
    result = run("synthetic", {"input": "raw", "partnership": "P"}, tables)
    assert (result["n_donors"], result["n_pre"]) == (12, 7)
    with pytest.raises(Malformed, match="2 treated units"):
        run("synthetic", {"input": "raw"}, tables)
    late = [{**row, "start_fy": "2025/26"} for row in members]
    told = run("synthetic", {"input": "raw", "partnership": "P", "gates": False}, {**tables, "members": late})
    assert told == {"status": "refused", "reasons": ["too_few_post_years"]}
