"""What changed since the last quarter, by eye: quarters with quarters, whole years with years, reversals taken off."""

import pytest

from savings.actions import entries
from savings.models.typed import Kind
from savings.reporting.changes import Change, changes_of
from tests.factories import acting, an_entry
from tests.savings.views.test_entries import seen_by


@pytest.mark.parametrize(
    ("before", "now", "word", "percent"),
    [(0, 5, "new", ""), (5, 0, "stopped", "-100%"), (5, 5, "unchanged", "+0%"), (200, 250, "", "+25%"),
     (-200, -100, "", "+50%"), (3, 2, "", "-33%")],
)  # fmt: skip
def test_words_and_per_cent(before, now, word, percent):
    change = Change("quarter", before, now)
    assert (change.word, change.percent) == (word, percent)


def change(cast, entry):
    with seen_by(cast, "asha"):
        return changes_of([entry])[entry.pk]


def test_quarters_are_compared_over_the_turn_of_the_year_and_without_what_was_reversed(cast):
    an_entry(cast, year=2024, month=12, amount_pence=90_00)
    gone = an_entry(cast, year=2024, month=11, amount_pence=7_00)
    an_entry(cast, by="omar", council="STM", year=2024, month=12, amount_pence=1_00)
    an_entry(cast, year=2024, month=12, kind=Kind.RUNNING_COST, amount_pence=2_00)
    an_entry(cast, month=1, amount_pence=60_00)
    entry = an_entry(cast, month=3, amount_pence=40_00)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=gone, reason="Wrong", **how)
    assert change(cast, entry) == Change("quarter", 90_00, 100_00)


def test_whole_years_are_compared_with_the_year_before(cast):
    an_entry(cast, year=2024, amount_pence=500_00)
    assert change(cast, an_entry(cast, amount_pence=450_00)) == Change("year", 500_00, 450_00)
