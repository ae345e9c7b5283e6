"""Carrying to successors: what arrives is what set out, however the tree is grown."""

import datetime
import itertools

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from councils.loading import basis_points, read_table
from councils.models import Council
from councils.succession import Passing, ancestry, carried, heirs, line, lined_up, main_heir, shared_out
from tests.database import as_role
from tests.factories import acting, succeed

DAY = datetime.date(2027, 4, 1)


def cut(points):
    """Shares in basis points from cutting points between 1 and 9,999."""
    edges = [0, *sorted(points), 10_000]
    return [b - a for a, b in itertools.pairwise(edges)]


@st.composite
def trees(draw):
    """Successions that go forward in time: council n passes only to councils with a higher number."""
    size, passings = draw(st.integers(2, 8)), []
    for each in range(size - 1):
        successors = draw(st.lists(st.integers(each + 1, size), max_size=4, unique=True))
        if successors:
            most = len(successors) - 1
            shares = cut(draw(st.lists(st.integers(1, 9_999), min_size=most, max_size=most, unique=True)))
            passings += [Passing(each, to, DAY, share) for to, share in zip(sorted(successors), shares, strict=True)]
    return lined_up(passings)


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(1, 9_999), max_size=6, unique=True))
def test_shares_sum_to_the_penny_and_none_is_a_penny_off(amount, points):
    shares = cut(points)
    parts = shared_out(amount, shares)
    assert sum(parts) == amount
    assert all(abs(part - amount * share / 10_000) < 1.001 for part, share in zip(parts, shares, strict=True))
    assert all(part * amount >= 0 for part in parts)


def test_shares_that_are_no_whole_are_refused():
    with pytest.raises(ValueError, match="sum to 9000"):
        shared_out(100, [4_000, 5_000])


def test_the_larger_remainder_takes_the_penny():
    assert shared_out(101, [4_510, 5_490]) == [46, 55]  # 45.551 and 55.449
    assert shared_out(-101, [4_510, 5_490]) == [-46, -55]
    assert shared_out(1, [5_000, 5_000]) == [1, 0]


@given(trees(), st.integers(-(10**12), 10**12))
def test_what_arrives_is_what_set_out_for_any_tree(through, amount):
    for council in range(9):
        arrived = carried(amount, council, through)
        assert sum(arrived.values()) == amount
        assert not set(arrived) & set(through)  # only those that are still there
        assert heirs(council, through) == sorted(arrived)
        assert main_heir(council, through) in arrived
        assert all(council in ancestry([heir], through) for heir in arrived)


def test_a_council_that_is_still_there_keeps_what_is_its_own():
    assert carried(-7, 5, {}) == {5: -7}


def as_carried_in_the_file():
    """The line of the shipped successions, by register code in place of id."""
    return lined_up(
        Passing(row["predecessor_code"], row["successor_code"], datetime.date.fromisoformat(row["on"]), share)
        for row in read_table("council_successions")
        for share in [basis_points(row["share"])]
    )


def test_cumbria_is_split_as_the_register_says():
    """£100.01 of Cumbria: 54.90% and 45.10%, worked out by hand as £54.91 (5,490.549) and £45.10 (4,510.451)."""
    assert carried(10_001, "CMA", as_carried_in_the_file()) == {"CBD": 5_491, "WAF": 4_510}


def test_taunton_deane_came_to_somerset_by_way_of_another():
    through = as_carried_in_the_file()
    assert carried(123, "TAU", through) == {"SMT": 123}
    assert {"TAU", "WSO", "SWT", "SMT", "MEN", "SEG", "SOM", "SSO"} == ancestry(["SMT"], through)


@pytest.fixture
def succeeded(cast):
    """Southmere passes to Westvale (60.00%) and Northford (40.00%) on 1 April 2027."""
    with as_role("worker"):
        return succeed(cast, "STM", {"WSV": 6_000, "NFD": 4_000}, on=DAY)


def test_a_line_is_read_as_of_a_day(cast, succeeded):
    ids = {code: council.pk for code, council in cast.councils.items()}
    with acting(cast.people["ada"]):
        assert carried(10_001, ids["STM"], line(on=DAY)) == {ids["WSV"]: 6_001, ids["NFD"]: 4_000}
        assert line(on=DAY - datetime.timedelta(days=1)) == {}


@pytest.mark.parametrize(
    ("predecessor", "shares", "on"),
    [
        ("NFD", {"WSV": 9_999}, DAY),  # not whole
        ("NFD", {"NFD": 10_000}, DAY),  # by itself
        ("STM", {"WSV": 10_000}, DAY + datetime.timedelta(days=1)),  # it has passed on already
        ("NFD", {"STM": 10_000}, DAY),  # to one that is no more
        ("NFD", {"STM": 10_000}, DAY + datetime.timedelta(days=1)),
        ("WSV", {"NFD": 10_000}, DAY),  # a successor that goes the day it comes
    ],
)
def test_what_is_no_succession_is_refused_by_the_database(cast, succeeded, predecessor, shares, on):
    with as_role("worker"), pytest.raises(IntegrityError, match="passes whole and once|still there on the day"):
        succeed(cast, predecessor, shares, on=on)


def test_a_successor_may_pass_on_later(cast, succeeded):
    with as_role("worker"):
        succeed(cast, "WSV", {"NFD": 10_000}, on=DAY + datetime.timedelta(days=1))
    with acting(cast.people["ada"]):
        through = line(on=DAY + datetime.timedelta(days=1))
    assert carried(10_001, cast.councils["STM"].pk, through) == {cast.councils["NFD"].pk: 10_001}


def test_a_council_ends_by_its_succession(cast, succeeded):
    day_before = DAY - datetime.timedelta(days=1)
    with acting(cast.people["ada"]):
        southmere = Council.objects.get(code="STM")
        assert (southmere.ended_on, southmere.ends_on) == (None, DAY)
        assert Council.objects.with_end().get(code="STM").ends_on == DAY
        assert (southmere.has_ended(day_before), southmere.has_ended(DAY)) == (False, True)
        for on, gone in ((day_before, False), (DAY, True)):
            assert Council.objects.in_being(on).filter(code="STM").exists() is not gone
            assert Council.objects.ended(on).filter(code="STM").exists() is gone
        assert Council.objects.get(code="NFD").ends_on is None
