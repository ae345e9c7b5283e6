"""The doorbell: once for the same thing, only after the commit, and never in the way of what was committed."""

import re
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from savings import doorbell, jobs, tasks  # noqa: F401  naming the tasks registers them

SAVINGS = Path(doorbell.__file__).parent
BELL = "savings.roll_up.drain"


@pytest.fixture
def rung(monkeypatch):
    rung = []
    monkeypatch.setattr(current_app._get_current_object(), "send_task", lambda task, given: rung.append((task, given)))
    return rung


def test_it_rings_once_for_the_same_thing(committed, rung):
    with transaction.atomic():
        for given in ((), (), (1,), (2,), (1,)):
            doorbell.ring(BELL, *given)
        assert rung == []
    assert rung == [(BELL, ()), (BELL, (1,)), (BELL, (2,))]


def test_the_next_transaction_rings_again(committed, rung):
    for _ in range(2):
        with transaction.atomic():
            doorbell.ring(BELL)
    assert rung == [(BELL, ()), (BELL, ())]


def test_what_is_undone_rings_nothing(committed, rung):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        doorbell.ring(BELL)
        _ = 1 / 0
    assert rung == []


@pytest.mark.parametrize("away", [OSError, OperationalError])
def test_a_broker_that_is_away_costs_nothing(committed, monkeypatch, caplog, away):
    def send_task(task, given):
        raise away("gone")

    monkeypatch.setattr(current_app._get_current_object(), "send_task", send_task)
    with transaction.atomic():
        doorbell.ring(BELL)
    assert "the broker did not answer" in caplog.text


def test_every_bell_is_a_task():
    """A bell is a name only: one that no worker knows would be lost without a word."""
    named = {
        name
        for path in SAVINGS.rglob("*.py")
        for name in re.findall(r'doorbell\.ring\(\s*"([^"]+)"', path.read_text("utf-8"))
    }
    assert {BELL, "savings.checkpoints.sweep", "savings.confirmations.write_letters"} <= named
    assert {*named, jobs.run.name} <= set(current_app.tasks)
