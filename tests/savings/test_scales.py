"""The axis of a chart."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from savings.scales import ticks

PENCE = st.integers(-(10**12), 10**12)


@given(PENCE, PENCE)
def test_every_amount_lies_between_the_ends(one, other):
    low, high = min(one, other, 0), max(one, other, 0)
    at = ticks(low, high)
    assert at[0] <= low <= high <= at[-1]
    assert 0 in at
    assert 2 <= len(at) <= 8
    assert len({after - before for before, after in pairwise(at)}) == 1


def test_steps_are_round():
    assert ticks(-64_000_000, 231_000_000) == [-100_000_000, 0, 100_000_000, 200_000_000, 300_000_000]
