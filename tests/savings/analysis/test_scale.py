"""Scale: curves whose answer is known."""

import math

import pytest

from savings.analysis import run
from savings.analysis.tables import Malformed


def scale(rows, **params):
    return run("scale", params, {"rows": rows})


def bowl(n=25, turn=4.0, bend=0.5, wiggle=0.001):
    """ln unit cost = bend * (ln s - ln turn)^2, with a little noise; sizes from 1 to 16."""
    rows = []
    for i in range(n):
        size = 16 ** (i / (n - 1))
        rows.append({"cost": size * math.exp(bend * math.log(size / turn) ** 2 + wiggle * (-1) ** i), "scale": size})
    return rows


def test_a_power_law_is_found():
    result = scale([{"cost": 3 * s**0.8, "scale": s} for s in range(1, 31)])
    assert result["linear"]["elasticity"] == pytest.approx(-0.2)
    assert result["linear"]["total_cost_elasticity"] == pytest.approx(0.8)
    total = scale([{"cost": 3 * s**0.8, "scale": s} for s in range(1, 31)], unit_cost=False)
    assert total["linear"]["elasticity"] == pytest.approx(0.8)


def test_a_turning_point_inside_what_is_observed_is_shown():
    quadratic = scale(bowl())["quadratic"]
    assert quadratic["turning_point"] == pytest.approx(4, rel=0.01)
    assert quadratic["turning_point_shown"] is True
    assert quadratic["b2"] == pytest.approx(0.5, rel=0.01)


def test_a_turning_point_is_returned_but_not_shown_outside_or_upside_down_or_unsure():
    assert scale(bowl(turn=15.9))["quadratic"]["turning_point_shown"] is False
    assert scale(bowl(bend=-0.5))["quadratic"]["turning_point_shown"] is False
    unsure = scale(bowl(wiggle=30))["quadratic"]
    assert unsure["turning_point_shown"] is False
    assert unsure["turning_point"] is not None


def test_too_few_units_and_too_little_spread_are_refused_in_order():
    rows = [{"cost": s, "scale": s} for s in range(10, 29)]
    assert scale(rows) == {"status": "refused", "reasons": ["too_few_units", "no_spread"]}
    assert scale([{"cost": s, "scale": s} for s in range(10, 31)])["status"] == "estimated"


def test_units_are_counted_by_name_where_there_are_names():
    rows = [{"unit": f"u{n % 19}", "year": 2000 + n // 19, "cost": n + 1, "scale": n + 1} for n in range(38)]
    assert scale(rows)["reasons"] == ["too_few_units"]


def test_rows_without_a_logarithm_are_dropped_and_counted():
    bad = [{"cost": 0, "scale": 5}, {"cost": 5, "scale": -1}, {"cost": "", "scale": 2}]
    result = scale([*bowl(), *bad])
    assert (result["n"], result["dropped"]) == (25, 3)
    assert result["linear"] == scale(bowl())["linear"]


def test_year_effects_take_out_a_common_rise():
    rows = [
        {"unit": u, "year": y, "cost": 2 * (u + 1) * (y - 1999), "scale": u + 1 + 0.1 * (y - 2000)}
        for u in range(25)
        for y in (2000, 2001)
    ]
    assert scale(rows, year_effects=True, errors="cluster")["linear"]["elasticity"] == pytest.approx(0, abs=0.05)


def test_a_year_may_be_a_label():
    rows = [{"unit": n, "year": "2020/21", "cost": n + 1, "scale": n + 1} for n in range(30)]
    assert scale(rows, year_effects=True)["n"] == 30


def test_malformed_rows_are_named():
    rows = [{"unit": "u", "year": 2000, "cost": 1, "scale": 1}] * 2
    with pytest.raises(Malformed, match=r"rows, row 2 .*repeats row 1"):
        scale(rows)
    with pytest.raises(Malformed, match=r"rows, row 1 .*column unit"):
        scale([{"cost": 1, "scale": 1}], errors="cluster")
    with pytest.raises(Malformed, match="errors"):
        scale(bowl(), errors="none")
    with pytest.raises(Malformed, match="does not vary"):
        scale([{"cost": n, "scale": 5} for n in range(1, 9)], gates=False)
