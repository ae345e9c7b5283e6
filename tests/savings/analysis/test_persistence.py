"""Spells, run-rate and the restated series: R10 to R12 in numbers that can be added up by eye."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings.analysis.persistence import InYear, Spell, reversed_by_year, reversed_spells, run_rate, spells

LEDGERS = st.dictionaries(st.integers(2010, 2024), st.integers(-(10**6), 10**9), max_size=10)


def test_a_year_of_nought_breaks_a_spell():
    assert spells({2020: 5, 2021: 5, 2022: 0, 2023: 7}) == [Spell(2020, 2021, 10), Spell(2023, 2023, 7)]


@pytest.mark.parametrize(
    ("years", "complete", "gone", "taken"),
    [
        ({2020: 100}, 2021, True, {2020: 100}),  # banked in year 1, fails in year 2
        ({2020: 100, 2021: 100}, 2022, True, {2020: 100, 2021: 100}),  # fails in the second full year
        ({2020: 100, 2021: 100, 2022: 100}, 2023, True, {}),  # lasted two full years after the first
        ({2020: 100}, 2020, False, {}),  # the year after is not over: nobody knows yet
        ({2020: 100}, 2020, True, {2020: 100}),  # its council said that it ended
        ({2020: 100, 2022: 100}, 2022, False, {2020: 100}),  # it failed and came back
        ({2020: 100, 2022: 100}, 2020, False, {}),  # the year between may still be recorded
        ({}, 2022, True, {}),
    ],
)
def test_what_fails_within_two_full_years_is_taken_back(years, complete, gone, taken):
    assert reversed_by_year(years, complete=complete, gone=gone) == taken


@given(LEDGERS, st.integers(2009, 2026), st.booleans())
def test_what_is_taken_back_was_banked_and_is_taken_once(years, complete, gone):
    out = reversed_by_year(years, complete=complete, gone=gone)
    assert all(years[year] == pence > 0 for year, pence in out.items())
    assert sum(out.values()) == sum(spell.pence for spell in reversed_spells(years, complete=complete, gone=gone))
    assert all(spell.next <= spell.first + 2 for spell in reversed_spells(years, complete=complete, gone=gone))


def test_run_rate_is_the_full_year_effect():
    """Known answer 1: £1m a year, live from October, is £0.5m in the year and £1m of run-rate."""
    assert run_rate(InYear(500_000_00, 6)) == 1_000_000_00
    assert run_rate(InYear(1_000_000_00, 12)) == 1_000_000_00
    assert run_rate(InYear(1, 7)) == 2  # 1.71 pence, rounded once
