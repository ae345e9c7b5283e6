"""One state of the ledger: nothing stale in it, and nothing that was committed while it was read."""

import datetime
import threading

import pytest
from django.db import InternalError, connection, connections

from councils.refusals import Refused
from savings.models import Entry, Mark, Rollup
from savings.reports import build, snapshot
from savings.reports.content import gather
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, an_entry


def elsewhere(work):
    """Do `work` on a connection of its own, as another person's request would."""
    failed = []

    def run():
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert failed == []


def test_figures_are_brought_up_to_date_first(committed_cast):
    an_entry(committed_cast, amount_pence=5_000_00)
    with as_role("worker"):
        assert Mark.objects.exists()
        with snapshot.settled_snapshot(committed_cast.partnership):
            assert not Mark.objects.exists()
            assert Rollup.objects.get(council=committed_cast.councils["NFD"]).claimed_pence == 5_000_00


def test_what_is_committed_meanwhile_is_not_seen_and_not_in_the_heads(committed_cast):
    an_entry(committed_cast)
    with as_role("worker"):
        with snapshot.settled_snapshot(committed_cast.partnership) as first:
            elsewhere(lambda: an_entry(committed_cast, year=2024))
            assert Entry.objects.count() == 1
            assert not Mark.objects.exists()
        with snapshot.settled_snapshot(committed_cast.partnership) as second:
            assert Entry.objects.count() == 2
    before, after = (dict(line.split("=") for line in taken.heads_text.splitlines()) for taken in (first, second))
    assert int(after["council:NFD"]) == int(before["council:NFD"]) + 1
    assert before["council:STM"] == after["council:STM"]
    assert second.as_at > first.as_at


def test_a_mark_that_comes_between_starts_it_again(committed_cast, monkeypatch):
    """Somebody records after the figures were brought up to date and before the snapshot is taken."""
    an_entry(committed_cast)
    really, rounds = snapshot.bring_up_to_date, []

    def and_somebody_records(partnership):
        really(partnership)
        rounds.append(1)
        if len(rounds) == 1:
            elsewhere(lambda: an_entry(committed_cast, year=2024))

    monkeypatch.setattr(snapshot, "bring_up_to_date", and_somebody_records)
    with as_role("worker"), snapshot.settled_snapshot(committed_cast.partnership):
        assert Entry.objects.count() == 2
        assert set(Rollup.objects.values_list("year", flat=True)) == {2024, 2025}
    assert len(rounds) == 2


def test_a_ledger_that_never_stands_still_is_said_to_be_busy(committed_cast, monkeypatch):
    an_entry(committed_cast)
    monkeypatch.setattr(snapshot, "bring_up_to_date", lambda partnership: None)
    settled = snapshot.settled_snapshot(committed_cast.partnership)
    with as_role("worker"), pytest.raises(Refused, match="do not stand still"):
        settled.__enter__()


def test_nothing_can_be_written_in_it(committed_cast):
    with as_role("worker"), snapshot.settled_snapshot(committed_cast.partnership):
        with pytest.raises(InternalError, match="read-only"), connection.cursor() as cursor:
            cursor.execute("INSERT INTO savings_heartbeat (name, at) VALUES ('x', now())")
        connection.set_rollback(True)


def test_a_report_of_a_past_moment_is_the_same_bytes_whatever_came_after(committed_cast):
    """Asked for then and asked for later, it shows what the ledger said, its heads and figures included."""
    a_proven_entry(committed_cast)
    moment = NOW + datetime.timedelta(minutes=30)
    council = committed_cast.councils["NFD"]

    def report():
        with as_role("worker"):
            with snapshot.settled_snapshot(committed_cast.partnership, moment) as taken:
                content = gather(committed_cast.partnership, council, taken)
            return taken, content.figures.total, build.made(content, build.checked(content))

    taken, figures, files = report()
    assert (taken.as_at, figures.proven) == (moment, 1_000_00)
    an_entry(committed_cast, scheme="ICT-01", at=NOW + datetime.timedelta(hours=1))
    assert report() == (taken, figures, files)
