"""Hand-worked appraisals: each sentence of EVIDENCE sections 1, 2 and 10.1 that the oracles leave open."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.analysis import run
from savings.analysis.payback import payback
from savings.analysis.rounding import half_away, six_places
from savings.analysis.tables import Malformed
from savings.analysis.values import label

CALM = settings(deadline=None, max_examples=100)  # a busy machine must not turn arithmetic red

FLAT = {2018: "100", 2019: "100", 2020: "100", 2021: "100", 2022: "100"}


def appraise(flows, indices=FLAT, first=2018, base=2018, **params):
    """`flows` are (start year, saving, cost); indices are text by start year, or (index, basis)."""
    pairs = {year: index if isinstance(index, tuple) else (index, "outturn") for year, index in indices.items()}
    tables = {
        "flows": [{"fy": label(y), "saving_pence": saving, "cost_pence": cost} for y, saving, cost in flows],
        "deflator": [{"fy": label(y), "index": index, "basis": basis} for y, (index, basis) in pairs.items()],
    }
    return run("annual_appraisal", {"base_fy": label(first), "price_base_fy": label(base), **params}, tables)


def test_spending_100_and_saving_50_twice_pays_back_after_three_years():
    result = appraise([(2018, 0, 100), (2019, 50, 0), (2020, 50, 0)])
    assert result["payback"] == {
        "status": "paid_back", "fy": "2020/21", "years": 3.0, "relapsed": False, "censored_years": None
    }  # fmt: skip


def test_not_yet_is_censored_after_the_last_year():
    result = appraise([(2018, 0, 100), (2019, 50, 0)])
    assert result["payback"] == {
        "status": "not_yet", "fy": None, "years": None, "relapsed": False, "censored_years": 2
    }  # fmt: skip


def test_a_relapse_is_told_even_when_not_yet_paid_back():
    result = appraise([(2018, 0, 100), (2019, 100, 0), (2020, 0, 1)])
    assert result["payback"]["status"] == "not_yet"
    assert result["payback"]["relapsed"] is True


def test_sinking_once_after_a_good_start_is_no_relapse():
    result = appraise([(2018, 10, 0), (2019, 0, 20), (2020, 20, 0)])
    assert result["payback"]["years"] == 2.5
    assert result["payback"]["relapsed"] is False


def test_exactly_nothing_counts_as_paid_back_even_discounted():
    """1,035 a year later is worth exactly 1,000: decimals cut off anywhere could miss it."""
    result = appraise([(2018, 0, 1000), (2019, 1035, 0)])
    assert result["discounted_payback"]["status"] == "paid_back"
    assert result["discounted_payback"]["years"] == 2.0
    assert result["npv_pence"] == 0


def test_a_missing_year_takes_the_totals_with_it_and_leaves_the_cumulative_to_the_gap():
    result = appraise([(2018, 0, 100), (2020, 500, 0)])
    assert result["status"] == "estimated"
    assert result["reasons"] == ["missing_year"]
    assert result["cumulative_pence"] == [-100]
    for key in ("payback", "discounted_payback", "npv_pence", "pv_saving_pence", "pv_cost_pence", "bcr", "roi"):
        assert result[key] is None


@pytest.mark.parametrize(("saving", "cost"), [("", 0), (0, ""), (None, None)])
def test_a_blank_amount_makes_its_year_missing(saving, cost):
    result = appraise([(2018, 0, 100), (2019, saving, cost), (2019, 5, 5), (2020, 500, 0)])
    assert result["reasons"] == ["missing_year"]
    assert result["cumulative_pence"] == [-100]


def test_a_recorded_nil_is_not_missing():
    assert appraise([(2018, 0, 100), (2019, 0, 0), (2020, 500, 0)])["cumulative_pence"] == [-100, -100, 400]


def test_a_missing_index_leaves_the_nominal_results():
    result = appraise([(2018, 0, 100), (2019, 200, 0)], indices={2018: "100"})
    assert result["reasons"] == ["missing_deflator"]
    assert result["cumulative_pence"] == [-100, 100]
    assert result["payback"]["years"] == 1.5
    assert result["npv_pence"] is None
    assert result["bcr"] is None
    assert result["discounted_payback"] is None


def test_a_missing_price_base_is_a_missing_index():
    assert appraise([(2018, 0, 100)], base=2030)["reasons"] == ["missing_deflator"]


def test_both_reasons_are_given_in_order():
    result = appraise([(2018, 0, 100), (2020, 1, 0)], indices={2018: "100"})
    assert result["reasons"] == ["missing_year", "missing_deflator"]


def test_a_forecast_index_in_use_is_noted_and_another_is_not():
    forecast = {**FLAT, 2019: ("100", "forecast"), 2022: ("100", "forecast")}
    assert "uses forecast deflator" in appraise([(2018, 0, 1), (2019, 2, 0)], forecast)["notes"]
    assert appraise([(2018, 1, 1)], forecast)["notes"] == []
    assert "uses forecast deflator" in appraise([(2018, 1, 1)], forecast, base=2022)["notes"]


def test_no_cost_gives_no_ratio_and_says_so():
    result = appraise([(2018, 100, 0)])
    assert result["bcr"] is None
    assert result["roi"] is None
    assert result["notes"] == ["no cost recorded"]


def test_rows_of_one_year_are_added_and_the_as_at_year_ends_it():
    flows = [(2018, 0, 60), (2018, 0, 40), (2019, 50, 0), (2020, 1000, 0)]
    assert appraise(flows, as_at_fy="2019/20")["cumulative_pence"] == [-100, -50]


def test_an_as_at_year_after_the_flows_waits_for_them():
    assert appraise([(2018, 0, 100)], as_at_fy="2019/20")["reasons"] == ["missing_year"]


def test_money_before_the_base_year_is_an_error():
    with pytest.raises(Malformed, match=r"flows, row 1 .*column fy"):
        appraise([(2017, 0, 1), (2018, 0, 1)])


def test_the_price_base_defaults_to_the_latest_outturn():
    tables = {
        "flows": [{"fy": "2018/19", "saving_pence": "100", "cost_pence": "0"}],
        "deflator": [
            {"fy": "2018/19", "index": "100"},
            {"fy": "2019/20", "index": "110", "basis": "outturn"},
            {"fy": "2020/21", "index": "120", "basis": "forecast"},
        ],
    }
    result = run("annual_appraisal", {}, tables)
    assert result["price_base_fy"] == "2019/20"
    assert result["npv_pence"] == 110


def test_halves_are_rounded_away_from_zero():
    assert [half_away(Fraction(n, 2)) for n in (1, -1, 3, -3, 5, 0)] == [1, -1, 2, -2, 3, 0]
    assert six_places(1, 2_000_000) == 0.000001
    assert six_places(-1, 2_000_000) == -0.000001
    assert six_places(1, 0) is None


def test_amounts_in_real_terms():
    tables = {
        "amounts": [{"fy": "2018/19", "pence": "1"}, {"fy": "2018/19", "pence": "-1"}, {"fy": "2030/31", "pence": "5"}],
        "deflator": [{"fy": "2018/19", "index": "100"}, {"fy": "2020/21", "index": "150"}],
    }
    result = run("real_terms", {"price_base_fy": "2020/21"}, tables)
    assert [row["real_pence"] for row in result["rows"]] == [2, -2, None]
    assert result["reasons"] == ["missing_deflator"]
    assert result["growth"] == []  # 2019/20 is not there, so no two years follow each other


def test_the_discount_schedule_ends():
    with pytest.raises(Malformed, match="ends at year 125"):
        run("discount", {"years_max": 126}, {})


MONEY = st.integers(min_value=-(10**11), max_value=10**11)
NETS = st.lists(MONEY, min_size=1, max_size=12)


@CALM
@given(NETS, st.integers(min_value=1, max_value=1000))
def test_scaling_all_money_leaves_payback_alone(nets, factor):
    assert payback([factor * net for net in nets], 2000) == payback(nets, 2000)


@CALM
@given(st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=5), st.integers(min_value=1, max_value=50))
def test_scaling_all_money_scales_the_present_value(flows, factor):
    indices = {2018 + t: str(100 + 3 * t) for t in range(5)}
    once = appraise([(2018 + t, *flow) for t, flow in enumerate(flows)], indices)
    scaled = appraise([(2018 + t, factor * s, factor * c) for t, (s, c) in enumerate(flows)], indices)
    assert abs(scaled["npv_pence"] - factor * once["npv_pence"]) <= factor / 2 + 1
    assert scaled["discounted_payback"] == once["discounted_payback"]


@CALM
@given(NETS)
def test_payback_is_the_moment_after_which_it_never_owes_again(nets):
    found = payback(nets, 2000)
    owing = [sum(nets[: t + 1]) < 0 for t in range(len(nets))]
    if found["status"] == "immediate":
        assert not any(owing)
    elif found["status"] == "not_yet":
        assert owing[-1]
        assert found["censored_years"] == len(nets)
    else:
        first_good = int(found["fy"][:4]) - 2000
        assert owing[first_good - 1]
        assert not any(owing[first_good:])
        assert first_good <= found["years"] <= first_good + 1
