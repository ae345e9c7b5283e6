"""The rating: what each colour takes, and that the worse of money and score decides."""

import pytest

from savings.analysis.full_year import InYear, effects, full_year_effect
from savings.analysis.rag import COLOURS, Thresholds, rag, rule


@pytest.mark.parametrize(
    ("status", "promised", "banked", "score", "colour"),
    [
        ("proposed", 100, 100, 5, "Not rated"),
        ("delivered", 100, 0, 1, "Blue"),
        ("withdrawn", 100, 100, 5, "Grey"),
        ("undeliverable", 100, 100, 5, "Red"),
        ("delivering", 100_00, 95_00, None, "Green"),
        ("delivering", 100_00, 94_99, None, "Amber"),
        ("delivering", 100_00, 80_00, None, "Amber"),
        ("delivering", 100_00, 79_99, None, "Red"),
        ("delivering", 100_00, 120_00, 3, "Amber"),
        ("delivering", 100_00, 120_00, 2, "Red"),
        ("delivering", 100_00, 10_00, 5, "Red"),
        ("approved", 0, 0, None, "No saving promised"),
        ("delivering", 0, 500_00, None, "No saving promised"),
        ("delivering", 0, 500_00, 4, "No saving promised"),
        ("approved", 0, 0, 3, "Amber"),
        ("delivering", 100_00, -5, 5, "Red"),
    ],
)
def test_a_colour_follows(status, promised, banked, score, colour):
    assert rag(status, promised, banked, score).colour == colour


def test_thresholds_are_parameters_and_are_printed():
    strict = Thresholds(on_track_percent=100, at_risk_percent=99, on_track_score=5, at_risk_score=5)
    assert rag("delivering", 100, 98, 5, strict).colour == "Red"
    assert rag("delivering", 100, 100, 4, strict).colour == "Red"
    printed = " ".join(words for _, words in rule(strict))
    assert "100%" in printed
    assert "99%" in printed
    assert {colour for colour, _ in rule()} == set(COLOURS)


def test_a_one_off_has_no_run_rate_and_no_full_year_effect():
    (first,) = effects([[InYear(2024, 60_00, 0, 6)]])
    assert (first.new, first.carried, first.run_rate) == (60_00, 0, 0)


def test_members_that_start_in_different_years_are_told_apart():
    found = effects([
        [InYear(2023, 6_00, 6_00, 6), InYear(2024, 12_00, 12_00, 12)],
        [InYear(2024, 3_00, 3_00, 3)],
    ])  # fmt: skip
    assert [(e.new, e.carried, e.continuing, e.in_year, e.run_rate, e.cumulative) for e in found] == [
        (6_00, 0, 0, 6_00, 12_00, 6_00),
        (3_00, 6_00, 6_00, 15_00, 24_00, 21_00),
    ]


def test_growth_past_a_full_year_is_new_and_no_effect_of_the_start():
    found = effects([[InYear(2022, 72_00, 72_00, 12), InYear(2023, 138_00, 138_00, 12), InYear(2024, 84_00, 84_00, 7)]])
    assert [(e.new, e.carried, e.continuing) for e in found] == [(72_00, 0, 0), (66_00, 0, 72_00), (0, 0, 84_00)]


def test_parts_add_up_and_pence_round_to_the_nearest():
    assert full_year_effect(100, 7) == 171  # 171.43
    assert full_year_effect(100, 0) == 0
