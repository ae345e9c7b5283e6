"""Totals carried to successors are the totals as they were, to the penny: any tree, every column, every year."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from councils.succession import Passing, lined_up
from savings.reporting import added
from savings.reporting.amounts import Figures
from savings.reporting.carried import PARTS, WHOLE, arrived, shared_out
from savings.reporting.confirmed import Confirmed, parted
from tests.councils.test_succession import trees

LINE = lined_up([Passing(1, 2, datetime.date(2027, 4, 1), 5_490), Passing(1, 3, datetime.date(2027, 4, 1), 4_510)])


@st.composite
def facts(draw):
    """Figures as a roll-up holds them: what is counted is its grades, what is proven the upper two."""
    of = {name: draw(st.integers(-(10**9), 10**9)) for name in PARTS}
    counted = sum(of[f"grade_{grade}"] for grade in range(4))
    proven = of["grade_2"] + of["grade_3"]
    left_out = draw(st.integers(0, 10**9))
    whole = {name: draw(st.integers(0, 4)) for name in WHOLE}
    return Figures(**of, **whole, counted=counted, proven=proven, claimed=counted + left_out)


def consistent(figures):
    grades = (figures.grade_0, figures.grade_1, figures.grade_2, figures.grade_3)
    return figures.counted == sum(grades) and figures.proven == figures.grade_2 + figures.grade_3


@given(trees(), st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 8), st.integers(2020, 2024)), facts()))
def test_nothing_is_lost_and_nothing_comes_to_it(through, cells):
    found = arrived(cells, through)
    for partnership in (1, 2, 3):
        for year in range(2020, 2025):
            before = [each for key, each in cells.items() if (key[0], key[2]) == (partnership, year)]
            after = [each for key, each in found.items() if (key[0], key[2]) == (partnership, year)]
            if before or after:
                assert added(Figures, after) == added(Figures, before)
    assert all(map(consistent, found.values()))
    assert not {council for _, council, _ in found} & set(through)


@given(facts())
def test_figures_of_one_that_is_still_there_are_untouched(figures):
    assert shared_out(figures, 7, LINE) == {7: figures}


def test_a_split_worked_out_by_hand():
    """£100.01 signed off, £0.03 left out, 3 entries, 4 returns: 54.90% and 45.10%, the main heir keeps the returns."""
    figures = Figures(
        grade_2=100_01, counted=100_01, proven=100_01, claimed=100_04, one_off_cost=-1, entries=3, returned=4
    )
    found = shared_out(figures, 1, LINE)
    assert found[2]._replace(one_off_cost=0) == Figures(
        grade_2=54_91, counted=54_91, proven=54_91, claimed=54_93, entries=2, returned=4
    )
    assert found[3] == Figures(grade_2=45_10, counted=45_10, proven=45_10, claimed=45_11, entries=1)
    assert found[2].one_off_cost == -1


def test_a_share_of_an_amount_is_recorded_though_no_entry_came_with_it():
    found = shared_out(Figures(grade_0=10_00, counted=10_00, claimed=10_00, entries=1), 1, LINE)
    assert (found[3].entries, found[3].recorded) == (0, True)


@st.composite
def said(draw):
    """What members said of one council's year: what needed sharing lies within what is confirmed."""
    low, between, not_known, without = (draw(st.integers(0, 10**9)) for _ in range(4))
    counted, disputed, partly = (draw(st.integers(-(10**9), 10**9)) for _ in range(3))
    return Confirmed(
        counted, low + between + not_known + without, disputed, partly, low, low + between, not_known
    )  # fmt: skip


@given(trees(), said(), st.integers(1, 8))
def test_what_members_said_arrives_whole_and_no_range_turns_round(through, before, council):
    after = parted(before, council, through)
    assert Confirmed(*(sum(column) for column in zip(*after.values(), strict=True))) == before
    assert all(0 <= each.low <= each.high <= each.confirmed for each in after.values())
    assert not set(after) & set(through)


def test_what_members_said_worked_out_by_hand():
    """£100.01 confirmed, £50.01 to £75.01 of it by sharing, at 54.90% and 45.10%.

    By hand in pence: 5,001 gives 2,746 and 2,255 (the odd penny to the larger remainder), 2,500 twice 1,373 and 1,127
    (equal remainders: to the first); so 2,746 to 4,119 of 5,492, and 2,255 to 3,382 of 4,509.
    """
    found = parted(Confirmed(200_00, 100_01, 10_00, 0, 50_01, 75_01, 0), 1, LINE)
    assert found[2] == Confirmed(109_80, 54_92, 5_49, 0, 27_46, 41_19, 0)
    assert found[3] == Confirmed(90_20, 45_09, 4_51, 0, 22_55, 33_82, 0)
