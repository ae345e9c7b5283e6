"""A claim and a bad reading of one moment do not miss each other, and both sides ask what is worse in the same way."""

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from councils.years import FinancialYear
from savings.actions import quality
from savings.models import Dispute, DisputeOutcome, Entry, Indicator, Reading
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting
from tests.savings.actions.test_races import as_superuser, recording
from tests.savings.racing import Said, at_once

BAD, GOOD = Decimal(30), Decimal(22)  # 21 days before sharing, 4 more are tolerated
MEANWHILE = "Somebody recorded a saving and somebody else its quality at the same moment"


@pytest.fixture
def cast(committed_cast, time_machine):
    time_machine.move_to(NOW, tick=True)
    return committed_cast


def reading(cast, value, **more):
    return lambda how: quality.read(
        **how, indicator=cast.schemes["REV-01"].indicator, council=cast.councils["NFD"],
        quarter=FinancialYear(2025).quarters[0], value=value, source="Performance report", **more,
    )  # fmt: skip


def claims_and_disputes():
    with as_role("worker"):
        return Entry.objects.count(), Dispute.objects.filter(ended__isnull=True).count()


def without_asking_again():
    as_superuser("DROP TRIGGER quality_together ON councils_event")


def test_a_claim_recorded_while_its_reading_is_entered_is_told_and_then_disputed(cast):
    _, said = at_once((cast.people["ben"], reading(cast, BAD)), (cast.people["asha"], recording(cast, month=1)))
    assert said.startswith(MEANWHILE)
    assert claims_and_disputes() == (0, 0)
    with acting(cast.people["asha"]) as how:
        recording(cast, month=1)(how)
    assert claims_and_disputes() == (1, 1)


def test_a_reading_entered_while_a_claim_is_recorded_is_told_and_then_disputes_it(cast):
    _, said = at_once((cast.people["asha"], recording(cast, month=1)), (cast.people["ben"], reading(cast, BAD)))
    assert said.startswith(MEANWHILE)
    with as_role("worker"):
        assert not Reading.objects.exists()
    with acting(cast.people["ben"]) as how:
        reading(cast, BAD)(how)
    assert claims_and_disputes() == (1, 1)


def test_a_good_reading_holds_nobody_up(cast):
    both = at_once((cast.people["ben"], reading(cast, GOOD)), (cast.people["asha"], recording(cast, month=1)))
    assert not any(isinstance(each, Said) for each in both)
    assert claims_and_disputes() == (1, 0)


@pytest.mark.parametrize("claim_first", [True, False])
def test_control_without_asking_again_the_claim_stands_undisputed(cast, claim_first):
    without_asking_again()
    both = [(cast.people["ben"], reading(cast, BAD)), (cast.people["asha"], recording(cast, month=1))]
    at_once(*both[::-1] if claim_first else both)
    assert claims_and_disputes() == (1, 0)


def put_right_at_once(cast, *, claim_first):
    with acting(cast.people["ben"]) as how:
        held = reading(cast, BAD)(how)
    both = [
        (cast.people["ben"], reading(cast, GOOD, replaces=held, reason="A month was counted twice")),
        (cast.people["asha"], recording(cast, month=1)),
    ]
    return at_once(*both[::-1] if claim_first else both)


@pytest.mark.parametrize("claim_first", [True, False])
def test_a_reading_put_right_meets_the_claim_it_would_leave_disputed(cast, claim_first):
    _, said = put_right_at_once(cast, claim_first=claim_first)
    assert said.startswith(MEANWHILE)
    assert claims_and_disputes() == ((1, 1) if claim_first else (0, 0))


def test_control_without_asking_again_the_claim_stays_disputed_for_a_reading_put_right(cast):
    without_asking_again()
    put_right_at_once(cast, claim_first=True)
    assert claims_and_disputes() == (1, 1)
    with as_role("worker"):
        assert not DisputeOutcome.objects.exists()
        assert Reading.objects.get(replaced_by__isnull=True).value == GOOD


AMOUNTS = st.decimals(min_value=-9_999, max_value=9_999, places=4)
NEAR = st.sampled_from([Decimal(0), Decimal("0.0001"), Decimal("-0.0001")])


@pytest.mark.django_db
@given(baseline=AMOUNTS, tolerance=AMOUNTS.map(abs), higher=st.booleans(), value=st.none() | AMOUNTS, near=NEAR)
def test_the_product_and_the_database_agree_what_is_worse_than_tolerated(baseline, tolerance, higher, value, near):
    indicator = Indicator(baseline=baseline, tolerance=tolerance, higher_is_better=higher)
    value = indicator.limit + near if value is None else value  # at the limit and a hair to either side
    with connection.cursor() as cursor:
        cursor.execute("SELECT worse_than_tolerated(%s, %s, %s, %s)", [value, baseline, tolerance, higher])
        assert cursor.fetchone() == (indicator.worse(value),)
