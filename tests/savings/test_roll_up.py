"""The queue of stale keys: nothing is lost by a broken worker or broker, and a key that cannot be done is put aside."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from savings import tasks
from savings.models import Attempt, Mark, Rollup
from savings.reporting import lines, rollups
from savings.services.places import CHECKOUT
from tests.database import as_role, set_role, superuser
from tests.factories import an_entry


@pytest.fixture
def worker(committed_cast):
    """The cast in a database with real commits; the test itself is the worker."""
    with as_role("worker"):
        yield committed_cast


def record(cast, **fields):
    """As a person does, through the application; afterwards the test is the worker again."""
    set_role(connection, "app")
    an_entry(cast, **fields)
    set_role(connection, "worker")


def roll_up(*options):
    """The exit status and the JSON object."""
    out, status = io.StringIO(), 0
    try:
        call_command("roll_up", "--json", *options, stdout=out)
    except SystemExit as leaving:
        status = leaving.code
    return status, json.loads(out.getvalue())


def break_reading(monkeypatch):
    def refuse(*_):
        raise RuntimeError("this shard cannot be read")

    monkeypatch.setattr(lines, "read", refuse)


def test_the_command_brings_facts_up_to_date_and_says_so(worker):
    record(worker)
    record(worker, year=2024)
    assert roll_up() == (0, {"keys": 2, "recomputed": 2, "waiting": 0, "parked": 0, "differences": []})
    assert roll_up() == (0, {"keys": 2, "recomputed": 0, "waiting": 0, "parked": 0, "differences": []})


def test_the_check_exits_1_and_changes_nothing(worker):
    record(worker)
    status, found = roll_up("--check")
    assert (status, found["waiting"], found["recomputed"]) == (1, 1, 0)
    assert {each["waiting"] for each in found["differences"]} == {True}
    roll_up()
    assert roll_up("--check")[0] == 0


def test_a_rebuild_equals_what_was_kept_up_to_date(worker):
    for year in (2023, 2024, 2025):
        record(worker, year=year)
    roll_up()
    figures = [f.name for f in Rollup._meta.fields if f.name not in ("id", "computed_at")]
    kept = list(Rollup.objects.order_by("year").values(*figures))
    Rollup.objects.all().delete()
    assert roll_up("--check")[0] == 1
    assert roll_up("--rebuild", "--check")[0] == 0
    assert list(Rollup.objects.order_by("year").values(*figures)) == kept


def test_a_fact_without_any_ledger_goes_away_in_a_rebuild(worker):
    record(worker)
    roll_up()
    Rollup.objects.update(year=1999)
    assert roll_up("--check")[0] == 1
    assert roll_up("--rebuild", "--check")[0] == 0
    assert list(Rollup.objects.values_list("year", flat=True)) == [2025]


def test_a_key_is_parked_after_five_attempts_and_the_others_go_on(worker, monkeypatch):
    record(worker)
    with monkeypatch.context() as broken:
        break_reading(broken)
        for attempt in range(1, 8):
            rollups.drain()
            found = Attempt.objects.get()
            assert (found.attempts, found.parked_at is not None) == (min(attempt, 5), attempt >= 5)
    assert "this shard cannot be read" in found.last_error
    record(worker, year=2024)
    assert roll_up()[1] == {"keys": 2, "recomputed": 1, "waiting": 0, "parked": 1, "differences": []}
    assert roll_up("--rebuild", "--check")[1]["parked"] == 0
    assert not Attempt.objects.exists()


def test_an_attempt_is_counted_though_its_worker_dies(worker, monkeypatch):
    """What a kill leaves behind: the count is committed, the work is not, and nobody noted an error."""

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    record(worker)
    monkeypatch.setattr(lines, "read", die)
    for _ in range(5):
        with pytest.raises(Killed):
            rollups.drain()
    assert Mark.objects.exists()
    assert rollups.drain().recomputed == 0
    assert Attempt.objects.get().parked_at


def test_success_forgets_the_attempts_before_it(worker, monkeypatch):
    record(worker)
    with monkeypatch.context() as broken:
        break_reading(broken)
        rollups.drain()
    rollups.drain()
    assert not Attempt.objects.exists()
    assert rollups.check() == []


def test_finding_nothing_costs_one_query(worker, django_assert_num_queries):
    with django_assert_num_queries(1):
        tasks.drain()


def test_a_drain_that_runs_out_of_time_rings_for_the_rest(worker, monkeypatch):
    for year in (2023, 2024, 2025):
        record(worker, year=year)
    rung = []
    monkeypatch.setattr(tasks.drain, "delay", lambda: rung.append(1))
    monkeypatch.setattr(tasks, "LONGEST_DRAIN", 0)
    tasks.drain()
    assert rung == [1]
    assert Mark.objects.count() == 3


def test_the_sweep_finds_what_the_broker_forgot(worker):
    """A broker that lost everything is a bell that never rang."""
    record(worker)
    tasks.sweep()
    assert Rollup.objects.exists()
    assert rollups.check() == []


def test_nobody_but_the_worker_writes_facts(committed_cast):
    """Not even a member may take marks away or write a fact by hand."""
    an_entry(committed_cast)
    for statement in ("DELETE FROM savings_mark", "DELETE FROM savings_rollup", "DELETE FROM savings_attempt"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@contextmanager
def celery_worker():
    """A real worker on the test's database and broker; killed, if it still runs, on the way out."""
    name, sockets = settings.DATABASES["default"]["NAME"], os.environ["BANKED_TEST_CLUSTER"]
    environment = os.environ | {
        "DATABASE_ROLE": "worker",
        "DATABASE_URL": f"postgresql://banked_app@/{name}?host={sockets}",
        "WORKER_DATABASE_URL": f"postgresql://banked_worker@/{name}?host={sockets}",
        "BROKER_URL": settings.CELERY_BROKER_URL,
        "ALLOWED_HOSTS": "localhost",
    }
    command = [sys.executable, "-m", "celery", "-A", "savings", "worker", "--concurrency", "1", "--without-mingle"]
    running = subprocess.Popen(
        command, env=environment, cwd=CHECKOUT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield running
    finally:
        kill(running)


def kill(running):
    """As the kernel does when memory runs out: parent and children, at once."""
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(10)


def until(condition, seconds=30):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come true in time"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing(worker):
    record(worker)
    rollups.drain()
    record(worker, scheme="ICT-01", amount_pence=7_00)
    with superuser(connection.settings_dict["NAME"]) as root, celery_worker() as first:
        root.autocommit = False
        root.execute("SELECT 1 FROM savings_rollup FOR UPDATE")  # holds the worker up between its marks and its facts
        waits = "SELECT 1 FROM pg_stat_activity WHERE usename = 'banked_worker' AND wait_event_type = 'Lock'"
        with superuser() as watcher:
            until(lambda: watcher.execute(waits).fetchone())
            kill(first)
            root.rollback()
            until(lambda: not watcher.execute(waits).fetchone())
    assert Mark.objects.exists()
    assert rollups.check() != []
    with celery_worker():
        until(lambda: not Mark.objects.exists())
    assert rollups.check() == []
