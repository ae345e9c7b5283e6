"""The ledger is verified every night, once, and what was found is written down."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from councils.models import Verification
from savings import verifying
from tests.cast import LONDON
from tests.database import as_role
from tests.factories import an_entry
from tests.tampering import unguarded

NIGHT = datetime.datetime(2026, 6, 16, 2, 5, tzinfo=LONDON)
HOUR = datetime.timedelta(hours=1)


def run(at=NIGHT):
    with as_role("worker"):
        return verifying.verify_when_due(at)


def ended(at):
    with as_role("worker"):
        Verification.objects.create(started_at=at, ended_at=at)


def test_what_was_found_is_written_down(cast):
    an_entry(cast)
    found = run()
    assert found.rows > 10
    assert (found.problem_count, found.problems) == (0, "")
    assert found.ended_at


@pytest.mark.parametrize(
    ("before", "due"),
    [([], True), ([NIGHT - 3 * HOUR], True), ([NIGHT - HOUR / 60], False), ([NIGHT - 26 * HOUR], True)],
)
def test_it_is_due_once_a_night(db, before, due):
    for at in before:
        ended(at)
    with as_role("worker"):
        assert verifying.due(NIGHT) is due


def test_one_that_cannot_end_is_given_up_until_the_next_night(db):
    with as_role("worker"):
        for minute in range(verifying.TRIES):
            assert verifying.due(NIGHT)
            Verification.objects.create(started_at=NIGHT + datetime.timedelta(minutes=minute))
        assert not verifying.due(NIGHT + HOUR)
        assert verifying.due(NIGHT + 24 * HOUR)


def test_a_tampered_ledger_turns_readiness_red_and_is_named(cast, client):
    entry = an_entry(cast)
    with unguarded() as cursor:
        cursor.execute("UPDATE savings_entry SET note = 'x' WHERE id = %s", [entry.pk])
    found = run()
    assert found.problem_count == 1
    assert f"savings_entry row {entry.pk}: was changed" in found.problems
    state = client.get("/readyz").json()["checks"]["ledger"]
    assert (state["ok"], state["problems"]) == (False, 1)


def test_readiness_is_green_before_the_first_run_and_red_when_the_last_was_long_ago(db, client):
    assert client.get("/readyz").json()["checks"]["ledger"]["ok"]
    ended(timezone.now() - HOUR)
    assert client.get("/readyz").json()["checks"]["ledger"]["ok"]
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute("UPDATE councils_verification SET ended_at = ended_at - interval '2 days'")
    assert not client.get("/readyz").json()["checks"]["ledger"]["ok"]
