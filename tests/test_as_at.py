"""What the ledger said at a moment is read from the ledger, by every query, and stays the same for ever."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from councils.acts import act
from councils.as_at import as_at, reading
from savings.actions import decision
from savings.models import Entry, EntryState, Rollup
from savings.reporting import figures, rollups
from tests import database
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, a_proven_entry, acting, an_entry

LATER = NOW + datetime.timedelta(hours=1)
BETWEEN = NOW + datetime.timedelta(minutes=30)


def test_rows_written_later_are_not_there(cast):
    first = an_entry(cast)
    second = an_entry(cast, at=LATER, scheme="ICT-01")
    with acting(cast.people["asha"]):
        with as_at(BETWEEN) as moment:
            assert list(Entry.objects.all()) == [first]
            assert reading() == moment
        assert set(Entry.objects.all()) == {first, second}
        assert reading() is None


def test_the_worker_reads_the_past_too(cast):
    first = an_entry(cast)
    an_entry(cast, at=LATER, scheme="ICT-01")
    with as_role("worker"), as_at(BETWEEN):
        assert list(Entry.objects.all()) == [first]


def test_states_follow_from_what_was_there(cast):
    entry = an_entry(cast, ledger_code="R100", reduction_pence=1_000_00, files=[a_file()])
    with acting(cast.people["ben"], LATER) as how:
        decision.sign_off(entry=entry, **how)
        with as_at(BETWEEN):
            assert EntryState.objects.get(entry=entry).grade == 1
        with as_at(LATER):
            assert EntryState.objects.get(entry=entry).grade == 2
        assert EntryState.objects.get(entry=entry).grade == 2


def test_figures_are_worked_out_from_the_ledger_as_the_kept_ones_are(cast):
    """At the latest moment the two ways must agree in every column; earlier, the kept ones know nothing."""
    a_proven_entry(cast)
    an_entry(cast, at=LATER, scheme="ICT-01", amount_pence=300_00)
    with as_role("worker"):
        rollups.drain()
    with acting(cast.people["asha"]):
        day = LATER.date()
        kept = figures.council_figures(cast.councils["NFD"], day)
        with as_at(LATER):
            assert figures.council_figures(cast.councils["NFD"], day) == kept
        with as_at(BETWEEN):
            then = figures.council_figures(cast.councils["NFD"], day)
            assert (then.total.claimed, then.total.proven) == (1_000_00, 1_000_00)
            assert figures.partnership_figures(cast.partnership, day).total.claimed == 1_000_00
            assert figures.freshness(on=day, council=cast.councils["NFD"]).as_at == BETWEEN
        assert kept.total.claimed == 1_300_00
        assert Rollup.objects.count() > 0


def test_nothing_is_done_in_the_past(cast):
    asha = cast.people["asha"]
    with (
        acting(asha),
        as_at(NOW),
        pytest.raises(InternalError, match="nothing can be done in the past"),
        transaction.atomic(),
        act(by=asha, at=NOW, verb="tried", access=True),
    ):
        pass


def test_a_moment_to_come_is_refused(cast):
    with (
        acting(cast.people["asha"]),
        pytest.raises(IntegrityError, match="a moment to come"),
        transaction.atomic(),
        as_at(datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC)),
    ):
        pass


def test_what_is_not_theirs_stays_hidden_in_the_past(cast):
    an_entry(cast)
    with acting(cast.people["cleo"]), as_at(NOW):
        assert Entry.objects.count() == 0


@pytest.mark.parametrize("role", ["app", "worker", "owner"])
def test_what_a_moment_was_resolved_to_is_never_changed(cast, role):
    with acting(cast.people["asha"]):
        with as_at(NOW):
            pass
        for change in ("UPDATE councils_moment SET acts = '{}'", "DELETE FROM councils_moment"):
            with pytest.raises(Exception, match="append-only|permission denied"), transaction.atomic():
                database.set_role(connection, role)
                with connection.cursor() as cursor:
                    cursor.execute(change)
            database.set_role(connection, "app")


def test_every_sealed_table_can_be_read_as_at_a_moment(db):
    """But for the register of who there is; a new table joins through `wall` and `as_at_wall`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'salt'
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
                SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'as_at' AND NOT p.polpermissive)
            ORDER BY 1
            """
        )
        without = [name for (name,) in cursor.fetchall()]
    assert without == ["councils_council", "councils_councilalias", "councils_role", "partnerships_service"]


def test_an_act_that_commits_late_does_not_change_an_answer_given(committed_cast):
    """DESIGN 10.14: asked beside an act that is under way and done before the moment, then asked again after it."""
    cast = committed_cast
    first = an_entry(cast)
    slow = late_entry(cast)
    with acting(cast.people["asha"]), as_at(BETWEEN):
        assert list(Entry.objects.all()) == [first]
    slow()
    with acting(cast.people["asha"]):
        assert Entry.objects.count() == 2
        with as_at(BETWEEN):
            assert list(Entry.objects.all()) == [first]
        with as_at(BETWEEN + datetime.timedelta(seconds=1)):  # a question never asked before finds it
            assert Entry.objects.count() == 2


def late_entry(cast):
    """Records an entry on a connection of its own and returns what commits it."""
    written, may_commit = threading.Event(), threading.Event()

    def record():
        try:
            with transaction.atomic():
                an_entry(cast, at=NOW, scheme="ICT-01")
                written.set()
                may_commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=record)
    thread.start()
    assert written.wait(10)

    def commit():
        may_commit.set()
        thread.join(10)

    return commit
