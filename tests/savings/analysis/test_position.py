"""Positions small enough to add up by eye, and what must hold for any of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.analysis.elsewhere import claimed_elsewhere
from savings.analysis.lines import Charge, Line, Member, at_grade, net_amounts
from savings.analysis.position import Stranger, position
from savings.analysis.tolerance import near, reconciles

CALM = settings(deadline=None, max_examples=100)  # a busy machine must not turn arithmetic red

POUND = 100
A, B, C = Member("A", True, False), Member("B", False, True), Member("C", False, True)
BOTH = Member("D", True, True)
MEMBERS = [A, B, C, BOTH]


def line(id, council, pounds, *, grade=0, service="payroll", doc=None, year=2020, saving=True, cashable=True):
    documents = frozenset({doc} if doc else ())
    return Line(id, year, council, service, saving, cashable, at_grade(pounds * POUND, grade), documents)


def excluded(*lines, charges=(), **more):
    return position(lines, charges, MEMBERS, **more).excluded


def test_the_edge_of_the_tolerance_is_near():
    assert near(100_000 * POUND, 99_000 * POUND)
    assert not near(100_000 * POUND, 99_000 * POUND - 200)
    assert near(100_000 * POUND, 101_010 * POUND)
    assert not near(100_000 * POUND, 101_011 * POUND)
    assert near(5_000 * POUND, 6_000 * POUND)
    assert not near(5_000 * POUND, 6_000 * POUND + 1)
    assert near(-8_000_000, 8_050_000)


def test_charges_reconcile_year_by_year():
    assert reconciles({2020: 500_000}, {2020: 600_000})
    assert not reconciles({2020: 500_000, 2021: 0}, {2020: 500_000, 2021: 100_001})


def test_charge_income_claimed_as_a_saving_counts_as_nothing():
    charges = [Charge(2020, "B", "A", 60_000 * POUND), Charge(2020, "C", "A", 40_000 * POUND)]
    assert excluded(line(1, "A", 100_500), charges=charges) == {1}
    assert excluded(line(1, "A", 60_000), charges=charges) == set()  # near one charge, not their total
    assert excluded(line(1, "A", 100_000, year=2021), charges=charges) == set()
    assert excluded(line(1, "A", 100_000, cashable=False), charges=charges) == set()


def test_no_charge_received_makes_no_transfer():
    """Otherwise any saving below £1,000 would be near to nothing."""
    assert excluded(line(1, "A", 900)) == set()
    assert excluded(line(1, "A", 900), charges=[Charge(2020, "A", "B", 900 * POUND)]) == set()


def test_a_transfer_takes_no_part_in_rule_2():
    charges = [Charge(2020, "B", "A", 50_000 * POUND)]
    assert excluded(line(1, "A", 50_000, grade=3), line(2, "B", 50_000), charges=charges) == {1}


def test_one_document_for_one_amount_is_one_claim_whoever_makes_it():
    assert excluded(line(1, "B", 9_000, doc="D1", service="tax"), line(2, "C", 9_000, doc="D1")) == {2}
    assert excluded(line(1, "B", 9_000, doc="D1"), line(2, "B", 9_000, doc="D1")) == {2}
    assert excluded(line(1, "B", 9_000, doc="D1"), line(2, "C", 9_001, doc="D1")) == set()
    assert excluded(line(1, "B", 9_000), line(2, "C", 9_000)) == set()
    assert excluded(line(1, "B", 9_000, doc="D1"), line(2, "C", 9_000, doc="D1", year=2021)) == set()


def test_both_ends_of_one_saving_are_one_claim():
    assert excluded(line(1, "A", 9_000), line(2, "B", 9_900)) == {2}
    assert excluded(line(1, "B", 9_000), line(2, "C", 9_900)) == set()  # two receivers
    assert excluded(line(1, "A", 9_000), line(2, "A", 9_900)) == set()  # one council
    assert excluded(line(1, "A", 9_000, service=""), line(2, "B", 9_900, service="")) == set()
    assert excluded(line(1, "A", 9_000, service="tax"), line(2, "B", 9_900)) == set()


def test_a_member_that_is_both_meets_providers_and_receivers():
    assert excluded(line(1, "A", 9_000), line(2, "D", 9_000)) == {2}
    assert excluded(line(1, "B", 9_000), line(2, "D", 9_000)) == {2}


def test_the_line_that_counts_has_the_highest_grade_then_the_smaller_amount_then_the_lowest_id():
    assert excluded(line(1, "A", 9_000, grade=1), line(2, "B", 9_900, grade=2)) == {1}
    assert excluded(line(1, "A", 9_900, grade=2), line(2, "B", 9_000, grade=2)) == {1}
    assert excluded(line(10, "A", 9_000), line(9, "B", 9_000)) == {10}


def test_matches_chain():
    """1-2 and 2-3 are near, 1-3 are not: still one group, and one line counts."""
    lines = [line(1, "A", 100_000), line(2, "B", 101_000), line(3, "A", 102_000)]
    assert excluded(*lines) == {2, 3}


def test_resolved_as_distinct_takes_that_link_only():
    pair = [line(1, "A", 9_000), line(2, "B", 9_000)]
    assert excluded(*pair, resolved_distinct=[(2, 1)]) == set()
    third = line(3, "D", 9_000)
    assert excluded(*pair, third, resolved_distinct=[(1, 2)]) == {2, 3}


def test_costs_always_count_and_non_cashable_stands_beside():
    found = position(
        [
            line(1, "A", 9_000, saving=False, cashable=False, doc="D"),
            line(2, "B", 9_000, saving=False, doc="D"),
            line(3, "B", 9_000, cashable=False, doc="D"),
        ],
        [],
        MEMBERS,
    ).total()
    assert (found.cost, found.non_cashable, found.claimed) == (18_000 * POUND, 9_000 * POUND, 0)


def test_a_line_of_several_grades_is_split_for_proven_and_ranked_by_the_highest():
    mixed = line(1, "A", 0)._replace(by_grade=net_amounts({0: 5_000 * POUND, 2: 4_000 * POUND}))
    found = position([mixed, line(2, "B", 9_000, grade=1)], [], MEMBERS)
    assert found.excluded == {2}
    assert found.total().counted == 9_000 * POUND
    assert found.total().proven() == 4_000 * POUND
    assert found.total().weighted("central") == (2_000 + 3_800) * POUND


def test_a_reversed_line_claims_nothing_and_doubles_nothing():
    assert excluded(line(1, "A", 0, grade=3), line(2, "B", 900)) == set()


def test_figures_by_member_and_year():
    found = position(
        [line(1, "A", 50_000, grade=2), line(2, "A", 300, saving=False), line(3, "B", 70, year=2021)],
        [Charge(2020, "B", "A", 5_000 * POUND)],
        MEMBERS,
    )
    a, b = found.cells["A", 2020], found.cells["B", 2020]
    assert (a.counted, a.cost, a.received, a.net_counted) == (5_000_000, 30_000, 500_000, 5_470_000)
    assert (b.paid, b.net_counted, found.cells["B", 2021].claimed) == (500_000, -500_000, 7_000)
    assert found.of_council("B").net_counted == -493_000
    assert found.of_council("C").net_counted == 0
    assert found.years == [2020, 2021]


def test_a_stranger_is_refused():
    with pytest.raises(Stranger, match="Z"):
        position([line(1, "Z", 1)], [], MEMBERS)
    with pytest.raises(Stranger, match="Z"):
        position([], [Charge(2020, "A", "Z", 1)], MEMBERS)


def test_one_saving_in_two_partnerships_is_flagged_on_both():
    lines = [("p", line(1, "A", 9_000)), ("q", line(2, "A", 9_500)), ("q", line(3, "A", 9_400, service="tax"))]
    assert claimed_elsewhere(lines) == [(1, 2)]
    assert claimed_elsewhere(lines, distinct=[(2, 1)]) == []
    assert claimed_elsewhere([("p", lines[0][1]), ("p", lines[1][1])]) == []


LINES = st.lists(
    st.builds(
        line,
        id=st.integers(0, 10**6),
        council=st.sampled_from("ABCD"),
        pounds=st.sampled_from([-9_000, 0, 900, 9_000, 9_500, 100_000, 101_000, 102_000]),
        grade=st.integers(0, 3),
        service=st.sampled_from(["payroll", "tax", ""]),
        doc=st.sampled_from([None, "D1", "D2"]),
        year=st.sampled_from([2020, 2021]),
        saving=st.booleans(),
        cashable=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)
CHARGES = st.lists(
    st.builds(
        Charge,
        year=st.sampled_from([2020, 2021]),
        payer=st.sampled_from("AB"),
        receiver=st.sampled_from("CD"),
        amount=st.sampled_from([1, 7_000_000, 900_000]),
    ),
    max_size=4,
)


@CALM
@given(LINES, CHARGES)
def test_members_sum_to_the_partnership(lines, charges):
    found = position(lines, charges, MEMBERS)
    total = found.total()
    assert sum(found.of_council(each.council).net_counted for each in MEMBERS) == total.net_counted
    assert sum(found.of_year(each).weighted("low") for each in found.years) == total.weighted("low")
    assert total.paid == total.received
    assert total.net_counted == total.counted - total.cost


@CALM
@given(LINES, CHARGES)
def test_a_charge_changes_nothing_for_the_whole_unless_it_is_claimed_as_a_saving(lines, charges):
    with_charges, without = position(lines, charges, MEMBERS), position(lines, [], MEMBERS)
    if not with_charges.transfers:
        one, other = with_charges.total(), without.total()
        assert (one.claimed, one.counted, one.net_counted) == (other.claimed, other.counted, other.net_counted)


@CALM
@given(LINES, CHARGES, st.randoms())
def test_order_changes_nothing(lines, charges, random):
    shuffled = random.sample(lines, len(lines))
    assert position(shuffled, charges, MEMBERS[::-1]).total() == position(lines, charges, MEMBERS).total()


@CALM
@given(LINES, CHARGES)
def test_years_may_be_worked_out_one_by_one(lines, charges):
    whole = position(lines, charges, MEMBERS)
    for year in whole.years:
        alone = position([x for x in lines if x.year == year], [x for x in charges if x.year == year], MEMBERS)
        assert alone.total() == whole.of_year(year)


@CALM
@given(LINES, st.integers(0, 11), st.integers(0, 3))
def test_raising_a_grade_never_lowers_proven_where_nothing_is_claimed_twice(lines, which, raised):
    if lines and not position(lines, [], MEMBERS).groups:
        old = lines[which % len(lines)]
        better = old._replace(by_grade=at_grade(max(old.amount, 0), max(old.grade, raised)))
        plain = old._replace(by_grade=at_grade(max(old.amount, 0), old.grade))
        others = [each for each in lines if each is not old]
        before, after = position([*others, plain], [], MEMBERS), position([*others, better], [], MEMBERS)
        assert after.total().proven() >= before.total().proven()
