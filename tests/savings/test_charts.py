"""Sentence, picture and table of a chart say the same, whatever the figures are."""

import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from councils.money import pounds, short_pounds
from savings import charts
from savings.reporting.figures import Figures, Named, Point

DRAWN = {"scatter", "bar"}  # what the served bundle draws
#: The first example imports plotly's validators, and a busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PENCE = st.integers(-(10**11), 10**11)


def points(*nets):
    """Points from 2022 as (promised, claimed, counted, proven)."""
    return [Point(2022 + place, *each) for place, each in enumerate(nets)]


def check(chart):
    """Plotly itself takes the figure, and the bundle knows every trace."""
    go.Figure(chart.figure)
    assert {trace["type"] for trace in chart.figure["data"]} <= DRAWN
    assert all(len(row) == len(chart.headers) for row in chart.rows)


def named(name, **figures):
    return Named(len(name), name, name.lower(), Figures(entries=1, **figures))


@PATIENT
@given(st.lists(st.tuples(PENCE, PENCE, PENCE, PENCE), min_size=1, max_size=6))
def test_plotly_takes_every_curve_and_its_table_says_the_same(nets):
    chart = charts.cumulative(points(*nets), now=2022 + len(nets) - 1)
    check(chart)
    for curve, trace in enumerate(chart.figure["data"]):
        assert trace["y"] == [each[curve] / 100 for each in nets]
        assert [row[curve + 1] for row in chart.rows] == [pounds(each[curve]) for each in nets]


@given(PENCE, PENCE)
def test_ahead_is_never_told_as_behind(promised, proven):
    told = charts.against_the_promise(points((promised, proven, proven, proven)), now=2022)
    if promised == 0:
        assert "no promise to measure against" in told
    else:
        assert ("ahead of the promise" in told) == (proven > promised)
        assert ("behind the promise" in told) == (proven < promised)
        assert ("exactly as promised" in told) == (proven == promised)
    assert ("costs are" in told) == (proven < 0)


def test_the_sentence_reads_aloud():
    told = charts.against_the_promise(points((231_200_000, 69_450_000, 63_250_000, 5_560_000)), now=2022)
    assert told == (
        "By the end of 2022/23 £2.31m net is promised. So far £55,600 net is proven, £2.26m behind the promise "
        "due by 31 March 2023, "
        "and £695,000 net is claimed."
    )


def test_years_to_come_hold_the_promise_only():
    chart = charts.cumulative(points((100, 50, 50, 50), (300, None, None, None)), now=2022)
    check(chart)
    assert chart.rows[1] == ["2023/24", "£3.00", "not yet", "not yet", "not yet"]
    assert [trace["y"][1] for trace in chart.figure["data"]] == [3.0, None, None, None]


def test_before_anything_is_due_the_promise_is_told():
    told = charts.against_the_promise(points((-50_000_00, None, None, None)), now=2021)
    assert told == "Nothing is due yet. By the end of 2022/23 the promise allows a net cost of £50,000."


def test_without_figures_there_is_no_chart():
    assert charts.cumulative([], now=2026) is None
    assert charts.members([], name="Five Rivers") is None


@PATIENT
@given(st.lists(PENCE, min_size=1, max_size=5))
def test_losers_are_named_and_drawn_below_nought(nets):
    members = [named("ABCDE"[place], counted=net) for place, net in enumerate(nets)]
    chart = charts.members(members, name="Five Rivers")
    check(chart)
    bar = chart.figure["data"][0]
    drawn = dict(zip(bar["y"], bar["x"], strict=True))
    for member, net in zip(members, nets, strict=True):
        assert drawn[member.name] == net / 100
        assert (f"{member.name} is {short_pounds(-net)} worse off" in chart.sentence) == (net < 0)


BASIS = "Counting what is not yet signed off, "


@pytest.mark.parametrize(
    ("members", "told"),
    [
        (
            [named("A", counted=500), named("B", counted=100)],
            BASIS + "all 2 members of Five Rivers are better off.",
        ),
        (
            [named("A", counted=500_00), named("B", one_off_cost=40_000_00)],
            BASIS + "1 of 2 members of Five Rivers is better off. B is £40,000 worse off.",
        ),
        (
            [named("A", counted=500_00), Named(9, "C", "c", Figures())],
            BASIS + "1 of 2 members of Five Rivers is better off. Nothing is recorded for C.",
        ),
    ],
)
def test_who_gains_reads_aloud(members, told):
    assert charts.who_gains(members, name="Five Rivers") == told


def test_a_member_nobody_wrote_about_is_named_and_not_drawn_as_nought():
    chart = charts.members([named("A", counted=500), Named(9, "C", "c", Figures())], name="Five Rivers")
    assert chart.figure["data"][0]["y"] == ["A"]
