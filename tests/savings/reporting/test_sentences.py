"""The sentence never says the opposite of the figure beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings.reporting.figures import Figures, sentence

PENCE = st.integers(-(10**11), 10**11)


PROVEN = "Counting only what finance has signed off, sharing has "
NOTHING_PROVEN = "Finance has signed off no saving yet: "
CASES = [
    (
        Figures(claimed=1_600_000_00, proven=1_200_000_00),
        PROVEN, "saved Northford £1.2m net since 2019; £400,000 more is claimed.",
    ),
    (Figures(claimed=50_000_00, proven=50_000_00), PROVEN, "saved Northford £50,000 net since 2019."),
    (
        Figures(claimed=90_000_00, proven=50_000_00, running_cost=60_000_00),
        PROVEN, "cost Northford £10,000 net since 2019; £40,000 more in savings is claimed.",
    ),
    (
        Figures(claimed=50_000_00, proven=50_000_00, charges_paid=50_000_00),
        PROVEN, "neither saved nor cost Northford anything since 2019, net.",
    ),
    (
        Figures(claimed=40_000_00, proven=50_000_00),
        PROVEN, "saved Northford £50,000 net since 2019; adjustments not signed off would take £10,000 away.",
    ),
    (
        Figures(claimed=50_000_00, one_off_cost=9_000_00),
        NOTHING_PROVEN, "£50,000 of savings is claimed for Northford since 2019, and sharing has cost £9,000.",
    ),
    (
        Figures(charges_received=9_000_00),
        NOTHING_PROVEN,
        "no saving is claimed for Northford since 2019, and £9,000 more has come in from charges than went out.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("figures", "beginning", "rest"), CASES)
def test_sentences(figures, beginning, rest):
    assert sentence(figures._replace(entries=1), "Northford", 2019) == beginning + rest


def test_nothing_recorded_is_not_nought():
    expected = "Nothing has been recorded for Northford yet, so nothing can be said about what sharing has saved."
    assert sentence(Figures(promised=5), "Northford", None) == expected


@given(claimed=PENCE, proven=PENCE.filter(bool), cost=PENCE, paid=PENCE, received=PENCE)
def test_a_saving_is_never_called_a_cost(claimed, proven, cost, paid, received):
    figures = Figures(
        claimed=claimed, proven=proven, one_off_cost=cost, charges_paid=paid, charges_received=received, entries=1
    )
    words = sentence(figures, "Northford", 2019)
    net = proven - cost - paid + received
    assert ("has saved" in words) is (net > 0)
    assert ("has cost" in words) is (net < 0)
    assert ("neither" in words) is (net == 0)
