"""R2 by hand: CF = B0 x (P_t / P_0) x (V_t / V_0)^k, rounded once; what is missing is refused, never extrapolated."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings.analysis.deflating import Index
from savings.analysis.rolled_baseline import Untold, rolled

PRICES = {2020: Index(Fraction(80), "outturn"), 2024: Index(Fraction(100), "outturn"),
          2025: Index(Fraction(104), "forecast")}  # fmt: skip
VOLUMES = {2020: Decimal(10_000), 2024: Decimal(14_400), 2025: Decimal(0)}


@pytest.mark.parametrize(
    ("k_bps", "volume", "pence"),
    [
        (0, Fraction(1), 1_250_000_00),  # 1,000,000 x 1.25
        (10_000, Fraction(144, 100), 1_800_000_00),  # x 1.44
        (5_000, Fraction(12, 10), 1_500_000_00),  # x sqrt(1.44)
    ],
)
def test_all_three_factors(k_bps, volume, pence):
    found = rolled(1_000_000_00, 2020, 2024, prices=PRICES, volumes=VOLUMES, k_bps=k_bps)
    assert found.price == Fraction(5, 4)
    assert abs(found.volume - volume) < Fraction(1, 10**40)
    assert (found.pence, found.forecast) == (pence, False)


def test_it_rounds_once_at_the_end_half_away_from_zero():
    prices = {0: Index(Fraction(2), "outturn"), 1: Index(Fraction(3), "outturn")}
    assert rolled(1, 0, 1, prices=prices, volumes={}, k_bps=0).pence == 2  # 1.5
    assert rolled(3, 0, 1, prices=prices, volumes={0: Decimal(3), 1: Decimal(1)}, k_bps=10_000).pence == 2  # 4.5 / 3


def test_what_is_missing_is_refused():
    assert rolled(1, 2020, 2023, prices=PRICES, volumes=VOLUMES, k_bps=1) == Untold((2023,), (2023,))
    assert rolled(1, 2019, 2024, prices=PRICES, volumes={}, k_bps=1) == Untold((2019,), (2019, 2024))
    assert rolled(1, 2025, 2024, prices=PRICES, volumes=VOLUMES, k_bps=1) == Untold(nothing_at_first=True)


def test_without_elasticity_no_volume_is_asked_for_and_a_forecast_index_is_said():
    found = rolled(100, 2020, 2025, prices=PRICES, volumes={}, k_bps=0)
    assert (found.pence, found.forecast) == (130, True)


def test_no_work_costs_nothing_where_cost_follows_it():
    assert rolled(100, 2020, 2025, prices=PRICES, volumes=VOLUMES, k_bps=2_500).pence == 0


@given(
    pence=st.integers(1, 10**12), first=st.integers(1, 10**7), then=st.integers(1, 10**7),
    k_bps=st.integers(0, 10_000),
)  # fmt: skip
def test_the_volume_factor_lies_between_fixed_and_fully_variable(pence, first, then, k_bps):
    volumes = {2020: Decimal(first), 2024: Decimal(then)}
    some = rolled(pence, 2020, 2024, prices=PRICES, volumes=volumes, k_bps=k_bps).pence
    ends = [rolled(pence, 2020, 2024, prices=PRICES, volumes=volumes, k_bps=k).pence for k in (0, 10_000)]
    assert min(ends) <= some <= max(ends)
