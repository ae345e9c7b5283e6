"""No race leaves a stale fact behind, with the wrong ways of doing it as controls: each must end with one."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from savings import reporting
from savings.models import Mark
from savings.reporting import lines, rollups
from tests.database import as_role, set_role, superuser
from tests.factories import an_entry


class Pause:
    """Stops whichever thread meets it first, once, until it is told to go on."""

    def __init__(self):
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self):
        if not self.reached.is_set():
            self.reached.set()
            assert self.go_on.wait(20)


@pytest.fixture
def pause():
    pause = Pause()
    yield pause
    pause.go_on.set()


@pytest.fixture
def workers():
    """Two threads, each with a connection of its own as the worker's role."""
    with ThreadPoolExecutor(2) as pool:

        def start(work, *args):
            return pool.submit(_as_worker, work, *args)

        yield start


def _as_worker(work, *args):
    try:
        set_role(connection, "worker")
        return work(*args)
    finally:
        connection.close()


@pytest.fixture
def key(committed_cast):
    """One entry of £1,000 is committed and its mark waits."""
    an_entry(committed_cast)
    return rollups.Key(committed_cast.partnership.pk, 2025)


def record_another(cast):
    an_entry(cast, scheme="ICT-01", amount_pence=7_00)


def ended_stale():
    """Whether a fact is wrong though no mark waits: nobody would ever find it."""
    with as_role("worker"):
        wrong, waiting = rollups.check(), Mark.objects.count()
    return bool(wrong) and not waiting


def until_somebody_waits(lock_type):
    with superuser() as root:
        for _ in range(400):
            found = root.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = %s", [lock_type]).fetchone()
            if found:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waited")


def after_reading(monkeypatch, pause):
    read = lines.read

    def read_and_pause(*args):
        ledger = read(*args)
        pause()
        return ledger

    monkeypatch.setattr(lines, "read", read_and_pause)


def test_an_act_during_the_work_leaves_its_own_mark(committed_cast, key, pause, workers, monkeypatch):
    after_reading(monkeypatch, pause)
    first = workers(rollups.recompute, key)
    assert pause.reached.wait(20)
    record_another(committed_cast)
    pause.go_on.set()
    assert first.result() is True
    with as_role("worker"):
        assert rollups.stale() == [key]
        rollups.drain()
        assert rollups.check() == []


def test_control_taking_the_marks_after_reading_loses_the_act(committed_cast, key, pause, workers, monkeypatch):
    def reads_first(key):
        with transaction.atomic():
            rollups._lock(key)
            rollups._replace(key)
            reporting.run("take_marks", **key._asdict())

    after_reading(monkeypatch, pause)
    first = workers(reads_first, key)
    assert pause.reached.wait(20)
    record_another(committed_cast)
    pause.go_on.set()
    first.result()
    assert ended_stale()


def test_two_drainers_on_one_key_end_right(committed_cast, key, pause, workers, monkeypatch):
    after_reading(monkeypatch, pause)
    first = workers(rollups.drain)
    assert pause.reached.wait(20)
    record_another(committed_cast)
    second = workers(rollups.drain)
    until_somebody_waits("advisory")
    pause.go_on.set()
    done = first.result().recomputed + second.result().recomputed
    assert done == 2
    with as_role("worker"):
        assert (rollups.check(), Mark.objects.count()) == ([], 0)


def test_control_without_the_lock_the_slower_drainer_wins(committed_cast, key, pause, workers, monkeypatch):
    """Marks taken with SKIP LOCKED, as a queue is read everywhere: the drainers pass each other by."""
    skipping = "DELETE FROM savings_mark WHERE id IN (SELECT id FROM savings_mark FOR UPDATE SKIP LOCKED)"
    text = reporting._text
    monkeypatch.setattr(reporting, "_text", lambda name: skipping if name == "take_marks" else text(name))
    monkeypatch.setattr(rollups, "_lock", lambda key: True)
    after_reading(monkeypatch, pause)
    first = workers(rollups.recompute, key)
    assert pause.reached.wait(20)
    record_another(committed_cast)
    workers(rollups.recompute, key).result()
    pause.go_on.set()
    first.result()
    assert ended_stale()


def before_taking_marks(monkeypatch, pause):
    take = rollups.run

    def pause_and_take(statement, **named):
        if statement == "take_marks":
            pause()
        return take(statement, **named)

    monkeypatch.setattr(rollups, "run", pause_and_take)


def test_a_drainer_that_waited_reads_what_was_committed_meanwhile(committed_cast, key, pause, workers, monkeypatch):
    before_taking_marks(monkeypatch, pause)
    first = workers(rollups.recompute, key)
    assert pause.reached.wait(20)
    second = workers(rollups.recompute, key)
    until_somebody_waits("advisory")
    record_another(committed_cast)
    pause.go_on.set()
    assert (first.result(), second.result()) == (True, False)
    with as_role("worker"):
        assert (rollups.check(), Mark.objects.count()) == ([], 0)


def test_control_locking_in_the_statement_that_reads_is_too_late(committed_cast, key, pause, workers, monkeypatch):
    """Its snapshot is older than its wait: it stores what was true before the first drainer stored the truth."""

    def locks_while_it_reads(key):
        with transaction.atomic():
            rollups._replace(key)
            reporting.run("take_marks", **key._asdict())

    text = reporting._text

    def locking(statement):
        words = text(statement)
        if statement == "lines":
            locked = "WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(%(partnership)s << 12 | %(year)s)), "
            words = words.replace("WITH in_force AS (", locked + "in_force AS (")
            words = words.replace("    FROM savings_entry e\n", "    FROM locked CROSS JOIN savings_entry e\n")
        return words

    before_taking_marks(monkeypatch, pause)
    first = workers(rollups.recompute, key)
    assert pause.reached.wait(20)
    monkeypatch.setattr(reporting, "_text", locking)
    second = workers(locks_while_it_reads, key)
    until_somebody_waits("advisory")
    record_another(committed_cast)
    pause.go_on.set()
    first.result(), second.result()
    assert ended_stale()
