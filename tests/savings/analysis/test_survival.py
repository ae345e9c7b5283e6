"""Payback curves: each sentence of EVIDENCE 10.1 by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.analysis import run
from savings.analysis.tables import Malformed

CALM = settings(deadline=None, max_examples=100)  # a busy machine must not turn arithmetic red


def km(*records, **params):
    columns = ("time", "event") if len(records[0]) == 2 else ("entry", "exit", "event")
    rows = [dict(zip(columns, record, strict=True)) for record in records]
    return run("km", {"gates": False, **params}, {"records": rows})


def cif(*records, **params):
    rows = [{"time": time, "status": status} for time, status in records]
    return run("cif", {"gates": False, **params}, {"records": rows})


def surv(result):
    return [row["surv"] for row in result["km"]]


def test_before_the_first_event_nobody_has_paid_back():
    row = km((2, 1), (3, 0), times=[1])["km"][0]
    assert row == {"time": 1, "n_risk": 2, "surv": 1, "se": 0, "lo": 1, "hi": 1}


def test_when_all_have_paid_back_there_is_no_error_left():
    row = km((2, 1), (2, 1), times=[5])["km"][0]
    assert row == {"time": 5, "n_risk": 0, "surv": 0, "se": None, "lo": None, "hi": None}


def test_paid_back_at_once_counts_at_time_0():
    assert surv(km((0, 1), (1, 0), (2, 0), (3, 0), times=[0])) == [0.75]
    assert surv(km((0, 0, 1), (0, 1, 0), ("", 2, 0), (0, 3, 0), times=[0])) == [0.75]


def test_ties_are_paid_back_first_and_censored_after():
    assert surv(km((1, 0), (1, 1), times=[1])) == [0.5]


def test_delayed_entry_counts_from_after_the_entry():
    result = km((0, 1, 1), (0, 4, 0), (1, 4, 0), (2, 4, 0), times=[1, 1.5, 4])
    assert [row["n_risk"] for row in result["km"]] == [2, 2, 3]
    assert surv(result) == [0.5, 0.5, 0.5]


def test_the_median_is_the_first_time_at_one_half():
    assert km((1, 1), (2, 1), (3, 1), (4, 1))["median"] == {"time": 2}
    assert km((1, 1), (2, 0), (3, 0))["median"] == {"time": None}
    assert km(*[(n, 1) for n in range(1, 7)])["median"] == {"time": 3}  # 5/6 * 4/5 * 3/4, which is not quite 0.5


def test_ended_unpaid_is_not_for_kaplan_meier():
    assert km((1, 1), (2, 2)) == {"status": "refused", "reasons": ["competing_events"]}
    assert km((1, 1), (2, 2), gates=True)["reasons"] == ["too_few_partnerships", "competing_events"]


def test_nine_are_too_few_and_ten_are_not():
    assert km(*[(n, 1) for n in range(9)], gates=True) == {"status": "refused", "reasons": ["too_few_partnerships"]}
    assert cif(*[(n, 1) for n in range(9)], gates=True)["status"] == "refused"
    assert km(*[(n, 1) for n in range(10)], gates=True)["status"] == "estimated"


def test_the_curve_stops_when_fewer_than_five_are_at_risk():
    """Ten leave one a year: five are still at risk at time 6, four at any time after."""
    records = [(n, 1) for n in range(1, 11)]
    rows = km(*records, gates=True, times=[6, 6.5, 7])["km"]
    assert [(row["n_risk"], row["surv"]) for row in rows] == [
        (5, pytest.approx(0.4)), (4, None), (4, None)
    ]  # fmt: skip
    assert rows[1]["se"] is None
    assert rows[1]["lo"] is None
    assert [row["paid"] for row in cif(*records, gates=True, times=[6, 7])["cif"]] == [pytest.approx(0.6), None]


def test_a_curve_that_begins_with_few_waits_for_five():
    records = [(0, 9, 0)] * 2 + [(3, 9, 1)] * 8
    rows = km(*records, gates=True, times=[2, 5, 9, 10])["km"]
    assert [row["surv"] for row in rows] == [1, 1, pytest.approx(0.2), None]


def test_a_median_after_the_curve_has_stopped_is_not_told():
    records = [(n, 0) for n in range(1, 8)] + [(n, 1) for n in (8, 9, 10)]
    assert km(*records)["median"] == {"time": 9}
    assert km(*records, gates=True)["median"] == {"time": None}


@pytest.mark.parametrize(
    ("record", "column"), [((-1, 1), "time"), ((1, 3), "event"), ((5, 5, 1), "exit"), (("x", 5, 1), "entry")]
)
def test_an_impossible_record_is_an_error_with_its_place(record, column):
    with pytest.raises(Malformed, match=rf"records, row 1 .*column {column}"):
        km(record)


STATUSES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 2)), min_size=1, max_size=25)


@CALM
@given(STATUSES)
def test_what_has_paid_ended_and_remains_is_everything(records):
    """Survival over both events, which is Kaplan-Meier of either."""
    both = km(*[(time, min(status, 1)) for time, status in records], times=[8])
    last = cif(*records, times=[8])["cif"][0]
    assert last["paid"] + last["dissolved"] + both["km"][0]["surv"] == pytest.approx(1)


@CALM
@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from([1, 2])), min_size=1, max_size=25))
def test_with_nobody_censored_it_is_a_plain_share_with_a_plain_error(records):
    n = len(records)
    for row in cif(*records, times=[0, 4, 8])["cif"]:
        share = sum(time <= row["time"] and status == 1 for time, status in records) / n
        assert row["paid"] == pytest.approx(share)
        assert row["se"] == pytest.approx(math.sqrt(share * (1 - share) / n), abs=1e-12)


@CALM
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 1)), min_size=1, max_size=25))
def test_both_methods_agree_when_none_ended_unpaid(records):
    for one, other in zip(km(*records)["km"], cif(*records)["cif"], strict=True):
        assert one["surv"] == pytest.approx(1 - other["paid"])
