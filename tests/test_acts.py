"""Acts and seals, tested by going round the ORM."""

import hashlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from councils.acts import act
from councils.models import Council, Event, Sealed, Written
from councils.sealing import leaf_expression
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry

SEALED = [model for model in apps.get_models() if issubclass(model, Sealed)]


def netstring(text):
    return b"-," if text is None else b"%d:%s," % (len(text.encode()), text.encode())


def test_an_act_is_one_event_on_each_stream_it_touches(cast):
    entry = an_entry(cast)
    with as_role("worker"):
        events = Event.objects.filter(act_id=entry.act_id).select_related("stream")
        assert [event.stream.key for event in events] == ["council:NFD"]
        assert events[0].rows == 1


def test_an_event_covers_the_one_before_and_its_body_is_as_documented(cast):
    an_entry(cast, scheme="ICT-01")
    entry = an_entry(cast)
    with as_role("worker"):
        event = Event.objects.select_related("stream", "act__person").get(act_id=entry.act_id)
        before = Event.objects.get(stream=event.stream, sequence=event.sequence - 1)
        done = event.act
        moments = [str(round(moment.timestamp() * 1_000_000)) for moment in (done.at, done.entered_at)]
        fields = [
            "event/1", event.stream.key, str(event.sequence), str(done.public_id), *moments,
            str(done.person.public_id), done.verb, done.subject, done.reason, done.request_id, str(event.rows),
            bytes(event.root).hex(),
        ]  # fmt: skip
    body = b"".join(netstring(field) for field in fields)
    assert bytes(event.previous) == bytes(before.hash)
    assert bytes(event.hash) == hashlib.sha256(bytes(before.hash) + hashlib.sha256(body).digest()).digest()


def test_the_digest_of_a_row_is_recomputed_from_its_content(cast):
    entry = an_entry(cast)
    with as_role("worker"), connection.cursor() as cursor:
        written = Written.objects.get(act_id=entry.act_id, relation="savings_entry")
        cursor.execute(f"SELECT {leaf_expression(type(entry))} FROM savings_entry n WHERE n.id = %s", [entry.pk])
        assert bytes(cursor.fetchone()[0]) == bytes(written.digests)
        assert written.ids == [entry.pk]


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model._meta.db_table)
def test_every_sealed_table_notes_its_rows_and_refuses_change(model, db):
    """The trigger in the database covers exactly the columns the verifier will read."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
        )
        assert {("act_noted", "A"), ("append_only", "A"), ("never_emptied", "A")} <= set(cursor.fetchall())
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [f"seal_{table}"])
        assert leaf_expression(model) in cursor.fetchone()[0]


def test_an_act_that_is_not_sealed_cannot_be_committed(cast):
    with pytest.raises(IntegrityError, match="was not sealed"), acting(cast.people["asha"]), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT act_open(gen_random_uuid(), %s, 'did', '', '', '', now())", [cast.people["asha"].pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_sealed_act_takes_no_more_rows(cast):
    with as_role("worker"), pytest.raises(IntegrityError, match="is sealed"), transaction.atomic():
        with act(by=cast.people["ada"], at=NOW, verb="loaded", register=True) as this:
            pass
        Council.objects.create(act=this, code="ZZZ", name="Late", short_name="Late", slug="late", kind="unitary")


def test_an_act_that_touched_nothing_is_refused(cast):
    with pytest.raises(IntegrityError, match="touched no stream"), acting(cast.people["asha"]) as how:
        with act(**how, verb="did nothing"):
            pass


def test_nobody_acts_as_somebody_else(cast):
    with pytest.raises(Exception, match="whose scope is open"), acting(cast.people["asha"]):
        with act(by=cast.people["ben"], at=NOW, verb="pretended", access=True):
            pass


@pytest.mark.parametrize("table", ["councils_event", "councils_written", "councils_act", "councils_stream"])
def test_seals_are_written_by_their_functions_only(table, cast):
    for role in ("app", "worker"):
        with pytest.raises(Exception, match="permission denied"), as_role(role), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {table} DEFAULT VALUES")


def test_even_a_superuser_in_replica_mode_is_refused(cast):
    entry = an_entry(cast)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE savings_entry SET note = 'x' WHERE id = %s", [entry.pk])
