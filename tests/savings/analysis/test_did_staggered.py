"""Many partnerships: each sentence of EVIDENCE 10.1 by hand, and what must hold for any panel."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.analysis import run
from savings.analysis.tables import Malformed

CALM = settings(deadline=None, max_examples=25)  # a busy machine must not turn arithmetic red
YEARS = range(2010, 2018)


def panel(starts, seed=1, years=YEARS, effect=-0.1):
    """One unit per start (0: never), with its own level, common shocks, noise and an effect from its start on."""
    random = np.random.default_rng(seed)
    shock = dict(zip(years, random.normal(0, 0.05, len(years)), strict=True))
    return [
        {
            "unit": f"u{i}",
            "year": year,
            "y": level + shock[year] + random.normal(0, 0.01) + (effect if start and year >= start else 0),
            "g": start,
        }
        for i, start in enumerate(starts)
        for level in [random.normal(5, 0.3)]
        for year in years
    ]


ENOUGH = [2014, 2014, 2014, 2015, 2015] + [0] * 10


def did(rows, **params):
    return run("did_staggered", params, {"panel": rows})


def test_the_effect_is_found_and_the_result_is_complete():
    result = did(panel(ENOUGH))
    assert result["status"] == "estimated"
    assert (result["n_treated_units"], result["n_control_units"]) == (5, 10)
    assert result["headline"]["att"] == pytest.approx(-0.1, abs=0.02)
    assert result["headline"]["lo"] < -0.1 < result["headline"]["hi"]
    assert result["pre_trend"]["failed"] is False
    assert result["robustness"]["robust"] is True
    assert result["imputation"]["overall"] == pytest.approx(-0.1, abs=0.02)
    assert result["twfe"]["coef"] == pytest.approx(-0.1, abs=0.02)


@pytest.mark.parametrize(
    ("starts", "reasons"),
    [
        (ENOUGH[1:], ["too_few_treated"]),
        ([*ENOUGH[1:], 2016], ["too_few_treated"]),  # a cohort of one does not count
        (ENOUGH[:-1], ["too_few_controls"]),
        ([2012] * 5 + [0] * 10, ["too_few_pre_years"]),
        ([2013] * 5 + [0] * 10, None),
        ([2012, *ENOUGH], ["too_few_pre_years"]),  # earliest start of all, before cohorts of one are dropped
        ([0] * 5, ["too_few_treated", "too_few_controls"]),
        ([2011, 2011, 0], ["too_few_treated", "too_few_controls", "too_few_pre_years"]),
    ],
)
def test_refusals_are_listed_in_order(starts, reasons):
    result = did(panel(starts))
    assert result["reasons"] == (reasons or [])
    assert (set(result) == {"status", "reasons"}) is bool(reasons)


def test_controls_are_counted_among_the_never_treated_whatever_the_control_group():
    starts = [2014] * 3 + [2016] * 12 + [0] * 9
    assert did(panel(starts), control_group="notyet")["reasons"] == ["too_few_controls"]


def test_half_of_the_treated_may_be_lost_and_no_more():
    rows = panel([2014] * 10 + [0] * 10)
    half = [row for row in rows if not (row["unit"] in {f"u{i}" for i in range(5)} and row["year"] == 2011)]
    assert did(half)["n_treated_units"] == 5
    more = [{**row, "y": ""} if row["unit"] == "u5" and row["year"] == 2012 else row for row in half]
    assert did(more)["reasons"] == ["too_few_treated", "missing_data"]


def test_units_treated_from_the_first_year_are_dropped_and_later_than_the_last_is_never():
    result = did(panel([2010, 2010, 2009, *ENOUGH[:-2], 2018, 2030]))
    assert (result["n_treated_units"], result["n_control_units"]) == (5, 10)


def test_cohorts_of_one_are_dropped_from_everything_even_without_gates():
    rows = panel([2014, 2014, 2016, 0, 0])
    result = did(rows, gates=False)
    assert {cell["g"] for cell in result["att_gt"]} == {2014}
    assert result["twfe"] == did([row for row in rows if row["unit"] != "u2"], gates=False)["twfe"]


def test_years_absent_for_everybody_are_stepped_over_and_listed():
    result = did([row for row in panel(ENOUGH) if row["year"] not in (2013, 2014)])
    assert result["absent_years"] == [2013, 2014]
    by_hand = {(cell["g"], cell["t"]): cell["att"] for cell in result["att_gt"]}
    rows = {(row["unit"], row["year"]): row["y"] for row in panel(ENOUGH)}
    change = [rows[f"u{i}", 2015] - rows[f"u{i}", 2012] for i in range(15)]
    assert by_hand[2014, 2015] == pytest.approx(np.mean(change[:3]) - np.mean(change[5:]))
    assert by_hand[2015, 2015] == pytest.approx(np.mean(change[3:5]) - np.mean(change[5:]))


def test_a_year_in_which_all_are_blank_is_absent():
    rows = [{**row, "y": ""} if row["year"] == 2012 else row for row in panel(ENOUGH)]
    assert did(rows)["absent_years"] == [2012]


def test_without_controls_nothing_can_be_said_even_without_gates():
    assert did(panel([2014, 2014]), gates=False) == {"status": "refused", "reasons": ["too_few_controls"]}
    assert did(panel([0, 0]), gates=False) == {"status": "refused", "reasons": ["too_few_treated"]}


def test_cells_without_controls_are_skipped():
    result = did(panel([2013, 2013, 2015, 2015]), gates=False, control_group="notyet")
    assert max(cell["t"] for cell in result["att_gt"]) == 2014


def test_no_year_before_the_start_to_look_at_means_no_fair_comparison():
    result = did(panel([2011, 2011, 0, 0, 0]), gates=False)
    assert result["pre_trend"]["drift"] is None
    assert result["pre_trend"]["failed"] is None
    assert result["comparison_status"] == "refused"


def test_a_drift_before_the_start_fails():
    drifting = [
        {**row, "y": row["y"] - 0.03 * (row["year"] - 2010) * (row["g"] > 0)} for row in panel(ENOUGH, effect=0)
    ]
    result = did(drifting)
    assert result["pre_trend"]["failed"] is True
    assert result["comparison_status"] == "pretrend_failed"
    assert result["pre_trend"]["drift"] == pytest.approx(-0.03, abs=0.01)


def test_an_ill_conditioned_wald_test_is_null():
    """Two treated and two controls leave two directions, too few for three estimates."""
    trend = did(panel([2014, 2014, 0, 0]), gates=False)["pre_trend"]
    assert trend["drift"] is not None
    assert trend["wald"] is None
    assert trend["wald_df"] is None
    assert trend["wald_p"] is None


def test_one_partnership_that_makes_the_result_is_told():
    rows = panel([2014] * 5 + [0] * 10, effect=0)
    lonely = [{**row, "y": row["y"] + (-0.9 if row["unit"] == "u0" and row["year"] >= 2014 else 0)} for row in rows]
    told = did(lonely)["robustness"]
    assert told["leave_one_out"]["lo"] < -0.15
    assert abs(told["leave_one_out"]["hi"]) < 0.05


def test_the_pandemic_years_can_be_left_out():
    years = range(2014, 2024)
    rows = panel([2018] * 5 + [0] * 10, years=years)
    hit = [{**row, "y": row["y"] + (0.5 if row["g"] and row["year"] in (2020, 2021) else 0)} for row in rows]
    result = did(hit)
    assert result["headline"]["att"] > 0
    assert result["robustness"]["without_pandemic"] == pytest.approx(-0.1, abs=0.02)
    assert result["robustness"]["robust"] is False


def test_malformed_panels_are_named():
    rows = panel(ENOUGH)
    with pytest.raises(Malformed, match=r"panel, row 121 .*repeats row 1"):
        did([*rows, rows[0]])
    with pytest.raises(Malformed, match=r"panel, row 2 .*column g"):
        did([rows[0], {**rows[1], "g": 2015}, *rows[2:]])
    with pytest.raises(Malformed, match=r"panel, row 1 .*column y"):
        did([{**rows[0], "y": "high"}])


def test_with_two_periods_imputation_and_group_time_effects_agree():
    result = did(panel([2011] * 4 + [0] * 6, years=(2010, 2011)), gates=False)
    assert result["imputation"]["overall"] == pytest.approx(result["simple"]["overall"]["att"], abs=1e-12)
    assert result["twfe"]["coef"] == pytest.approx(result["simple"]["overall"]["att"], abs=1e-12)


@CALM
@given(st.integers(0, 10**6), st.floats(-5, 5), st.randoms())
def test_a_constant_or_another_name_changes_no_effect(seed, constant, random):
    rows = panel(ENOUGH, seed)
    names = [f"u{i}" for i in range(15)]
    renamed = dict(zip(names, random.sample(names, 15), strict=True))
    other = [{**row, "unit": renamed[row["unit"]], "y": row["y"] + constant} for row in rows]
    before, after = did(rows), did(random.sample(other, len(other)))
    for path in ("att", "se", "lo", "hi"):
        assert after["headline"][path] == pytest.approx(before["headline"][path], abs=1e-9)
    assert after["pre_trend"]["p"] == pytest.approx(before["pre_trend"]["p"], abs=1e-6)
    assert after["twfe"]["coef"] == pytest.approx(before["twfe"]["coef"], abs=1e-9)
    assert after["imputation"]["overall"] == pytest.approx(before["imputation"]["overall"], abs=1e-9)


def raw(partnerships, singles, skip=(), index="100", classes=None):
    """`partnerships` maps a name to (members, start label); every council spends 1,000 to 2,000 a head."""
    councils = sorted({member for members, _ in partnerships.values() for member in members} | set(singles))
    random = np.random.default_rng(7)
    outturn = []
    for council in councils:
        people, cost = 1000 + 100 * len(outturn), random.normal(150_000, 10_000)
        for year in YEARS:
            if (council, year) not in skip:
                pence = round(people * cost * (1 + random.normal(0, 0.01)))
                row = {"council": council, "fy": f"{year}/{(year + 1) % 100:02d}", "population": people}
                row["net_expenditure_pence"] = pence
                outturn.append(row | ({"class": classes.get(council, "")} if classes else {}))
    members = [
        {"partnership": name, "council": member, "role": "both", "start_fy": start}
        for name, (own, start) in partnerships.items()
        for member in own
    ]
    deflator = [{"fy": f"{year}/{(year + 1) % 100:02d}", "index": index} for year in YEARS]
    return {"outturn": outturn, "members": members, "deflator": deflator}


FIVE = {f"P{i}": ([f"M{i}a", f"M{i}b"], "2014/15") for i in range(5)}
TEN = [f"S{i}" for i in range(10)]


def consolidated(tables, **params):
    return run("did_staggered", {"input": "raw", "price_base_fy": "2014/15", **params}, tables)


def test_members_are_summed_and_never_controls():
    result = consolidated(raw(FIVE, TEN))
    assert (result["n_treated_units"], result["n_control_units"]) == (5, 10)


def test_the_sum_of_a_partnership_by_hand():
    tables = raw(FIVE, TEN)
    money = {(row["council"], row["fy"]): row for row in tables["outturn"]}

    def y(members, fy):
        rows = [money[member, fy] for member in members]
        return math.log(sum(row["net_expenditure_pence"] for row in rows) / sum(row["population"] for row in rows))

    treated = np.mean([y(own, "2014/15") - y(own, "2013/14") for own, _ in FIVE.values()])
    controls = np.mean([y([council], "2014/15") - y([council], "2013/14") for council in TEN])
    cell = next(cell for cell in consolidated(tables)["att_gt"] if cell["t"] == 2014)
    assert cell["att"] == pytest.approx(treated - controls)


def test_the_start_is_the_earliest_of_any_member_and_blank_is_none():
    tables = raw(FIVE, TEN)
    for row in tables["members"]:
        row["start_fy"] = {"M0a": "2016/17", "M1a": ""}.get(row["council"], row["start_fy"])
    assert {cell["g"] for cell in consolidated(tables)["att_gt"]} == {2014}


def test_a_partnership_without_a_start_is_dropped_with_its_members():
    tables = raw({**FIVE, "P9": (["M9a"], "")}, TEN)
    assert consolidated(tables)["n_control_units"] == 10


def test_a_council_in_two_partnerships_counts_in_both_sums():
    shared = {**FIVE, "P5": (["M0a", "M5b"], "2014/15")}
    result = consolidated(raw(shared, TEN))
    assert (result["n_treated_units"], result["n_control_units"]) == (6, 10)


def test_a_member_that_misses_a_year_loses_its_partnership():
    result = consolidated(raw(FIVE, TEN, skip={("M0a", 2011)}))
    assert result["reasons"] == ["too_few_treated"]


def test_a_sum_that_is_not_above_zero_is_a_missing_year():
    tables = raw(FIVE, TEN)
    tables["outturn"][0]["net_expenditure_pence"] = -10 * tables["outturn"][0]["net_expenditure_pence"]
    assert consolidated(tables)["reasons"] == ["too_few_treated"]


def test_controls_are_of_the_class_of_the_treated():
    classes = {member: "district" for own, _ in FIVE.values() for member in own}
    classes |= {council: "district" if n < 9 else "county" for n, council in enumerate(TEN)}
    assert consolidated(raw(FIVE, TEN, classes=classes))["reasons"] == ["too_few_controls"]
    classes["S9"] = "district"
    assert consolidated(raw(FIVE, TEN, classes=classes))["n_control_units"] == 10


def test_a_missing_index_refuses_a_panel():
    tables = raw(FIVE, TEN[:9])
    tables["deflator"] = tables["deflator"][1:]
    assert consolidated(tables)["reasons"] == ["too_few_controls", "missing_deflator"]
    assert consolidated(tables, gates=False)["reasons"] == ["missing_deflator"]


def test_inflation_that_is_taken_out_changes_nothing():
    tables = raw(FIVE, TEN)
    before = consolidated(tables)["headline"]["att"]
    for place, row in enumerate(tables["deflator"]):
        row["index"] = 100 + 7 * place
    factor = {row["fy"]: row["index"] / 100 for row in tables["deflator"]}
    for row in tables["outturn"]:
        row["net_expenditure_pence"] *= factor[row["fy"]]
    assert consolidated(tables)["headline"]["att"] == pytest.approx(before)


def test_malformed_councils_are_named():
    tables = raw(FIVE, TEN)
    with pytest.raises(Malformed, match=r"outturn, row 161 .*repeats row 1"):
        consolidated({**tables, "outturn": [*tables["outturn"], tables["outturn"][0]]})
    with pytest.raises(Malformed, match=r"members, row 11 .*repeats row 1"):
        consolidated({**tables, "members": [*tables["members"], tables["members"][0]]})
