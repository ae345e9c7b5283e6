"""A ledger with at least two sealed rows in every sealed table, and the ways to tamper with it.

Where the cast left a table empty, rows are made up: foreign keys and CHECKs are put aside for them in this clone, the
trigger that seals is not. What is tried afterwards is about bytes and seals, not about what a row means.
"""

import datetime
import hashlib
import uuid
from collections.abc import Iterator
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from councils import checkpoints
from councils.acts import act
from councils.models import Person, Succession
from councils.schema import record_schema
from councils.verification import sealed_models
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, an_entry

REGISTERS = ("councils_act", "councils_written", "councils_event", "councils_stream")


def furnish(cast):
    """Make the committed clone such a ledger; call as the application."""
    for month in (1, 2, 3):
        an_entry(cast, month=month)
    a_proven_entry(cast, scheme="ICT-01")
    an_entry(cast, by="omar", council="STM")
    _guard("DISABLE TRIGGER one_at_a_time, DISABLE TRIGGER quality_together")
    with as_role("worker"):
        system = Person.objects.get(system=True)
        for why in ("asked", "asked"):
            checkpoints.make(by=system, at=NOW, why=why)
        with act(by=system, at=NOW, verb="made up", subject="rows for tampering", register=True) as this:
            for model in sealed_models():
                if model.objects.count() < 2:
                    _make_up(model, this)
    _guard("ENABLE ALWAYS TRIGGER one_at_a_time, ENABLE ALWAYS TRIGGER quality_together")
    for month in (4, 5):
        an_entry(cast, month=month)
    with as_role("owner"):  # as `migrate` runs
        record_schema(at=NOW)  # the CHECKs that are gone are on the record: nothing else may look changed
        with act(by=system, at=NOW, verb="went on", register=True):
            pass


def _guard(change):
    """What sealing asks again of entries would not like the meaning of made-up ones."""
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute(f"ALTER TABLE councils_event {change}")
        cursor.execute("SET SESSION AUTHORIZATION banked_app")


def _make_up(model, this):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table])
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'A' AND tgname <> 'act_noted'",
            [table],
        )
        others = [name for (name,) in cursor.fetchall()]
        for name in others:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        known = model.objects.count()  # what one row says once, the next may not say again
        for number in (known + 1, known + 2):
            values = [this.pk if field.column == "act_id" else _value(field, number) for field in fields]
            cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(values))})", values)
        for name in others:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET SESSION AUTHORIZATION banked_worker")


def _value(field, number):
    if field.null:
        return None
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if field.model is Succession and field.name == "on":
        return datetime.date(2125, 4, number)  # or nobody of the cast would have a right left
    if field.choices:
        return field.choices[number % len(field.choices)][0]
    made_up = {
        models.DateTimeField: NOW, models.DateField: datetime.date(2025, 4, number), models.BooleanField: False,
        ArrayField: [], models.BinaryField: b"x", models.TextField: hashlib.sha256(bytes([number])).hexdigest(),
    }  # fmt: skip
    return next((value for kind, value in made_up.items() if isinstance(field, kind)), number)


class Way(NamedTuple):
    """One way to tamper: what is run, and what a sentence of the verifier has to contain for it to be named."""

    kind: str
    table: str
    statements: list[str]
    named: str


def ways_with_rows() -> Iterator[Way]:
    """Every kind for every sealed table; reads ids, so call as a role that sees everything."""
    for model in sealed_models():
        table = model._meta.db_table
        ids = list(model.objects.order_by("pk").values_list("pk", flat=True))
        one, two, last = ids[0], ids[1], ids[-1]
        below = ids[0] - 1
        rest = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if f.column not in ("id", "public_id"))

        def mine(row, table=table):
            return f"WHERE id = {row}", f"{table} row {row}:"

        yield Way("update", table, [f"UPDATE {table} SET public_id = gen_random_uuid() {mine(one)[0]}"], mine(one)[1])
        yield Way("update", table, [f"UPDATE {table} SET act_id = act_id - 1 {mine(two)[0]}"], mine(two)[1])
        yield Way("delete", table, [f"DELETE FROM {table} {mine(one)[0]}"], mine(one)[1])
        copied = f"SELECT {below}, gen_random_uuid(), {rest} FROM {table} {mine(two)[0]}"
        insert = f"INSERT INTO {table} (id, public_id, {rest}) OVERRIDING SYSTEM VALUE {copied}"
        yield Way("insert out of order", table, [insert], mine(below)[1])
        a, b = (f"(SELECT public_id FROM {table} {mine(row)[0]})" for row in (one, two))
        yield Way("swap", table, [
            f"CREATE TEMP TABLE was AS SELECT {a} AS a, {b} AS b",
            f"UPDATE {table} SET public_id = gen_random_uuid() {mine(one)[0]}",
            f"UPDATE {table} SET public_id = (SELECT a FROM was) {mine(two)[0]}",
            f"UPDATE {table} SET public_id = (SELECT b FROM was) {mine(one)[0]}"], mine(two)[1])  # fmt: skip
        yield Way("truncate the tail", table, [f"DELETE FROM {table} WHERE id >= {last}"], mine(last)[1])
        yield Way("truncate", table, [f"TRUNCATE {table}"], mine(one)[1])


def ways_with_seals(entry) -> Iterator[Way]:
    """The registers that hold the seals themselves; `entry` is one of several that Northford recorded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.sequence, e.stream_id, w.id, l.sequence, l.act_id FROM councils_event e "
            "JOIN councils_written w USING (act_id) CROSS JOIN LATERAL (SELECT sequence, act_id FROM councils_event l "
            "WHERE l.stream_id = e.stream_id ORDER BY sequence DESC LIMIT 1) l WHERE e.act_id = %s",
            [entry.act_id],
        )
        event, sequence, stream, written, last, last_act = cursor.fetchone()
    act_id = entry.act_id
    this, following = f"stream council:NFD event {sequence}:", f"stream council:NFD event {sequence + 1}:"
    act_named, row = f"act {act_id}:", f"savings_entry row {entry.pk}:"

    def way(kind, table, named, *statements):
        return Way(kind, f"councils_{table}", list(statements), named)

    for column, value in (("reason", "'x'"), ("verb", "'forged'"), ("at", "at - interval '1 year'"),
                          ("person_id", "person_id - 1"), ("request_id", "'x'"), ("entered_at", "now()")):  # fmt: skip
        yield way("update", "act", this, f"UPDATE councils_act SET {column} = {value} WHERE id = {act_id}")
    yield way("delete", "act", this, f"DELETE FROM councils_act WHERE id = {act_id}")
    yield way("swap", "act", this, "UPDATE councils_act SET (verb, subject, at) = (SELECT verb || '.', subject, at "
              f"FROM councils_act o WHERE o.id = councils_act.id - 1) WHERE id = {act_id}")  # fmt: skip
    yield way("insert out of order", "act", "act 0: has no event", "INSERT INTO councils_act OVERRIDING SYSTEM VALUE "
              "SELECT 0, gen_random_uuid(), 'slipped in', subject, reason, request_id, at, entered_at, transaction, "
              f"person_id FROM councils_act WHERE id = {act_id}")  # fmt: skip

    bytes_ = "sha256('x')"
    yield way("update", "written", row, f"UPDATE councils_written SET digests = {bytes_} WHERE id = {written}")
    yield way("update", "written", row, f"UPDATE councils_written SET ids = ARRAY[0] WHERE id = {written}")
    yield way("update", "written", act_named, f"UPDATE councils_written SET rows = 7 WHERE id = {written}")
    yield way("delete", "written", row, f"DELETE FROM councils_written WHERE id = {written}")
    yield way("swap", "written", row, "UPDATE councils_written SET digests = (SELECT digests FROM councils_written o "
              f"WHERE o.relation = 'savings_entry' AND o.id <> {written} LIMIT 1) WHERE id = {written}")  # fmt: skip
    yield way("insert out of order", "written", act_named, "INSERT INTO councils_written (id, act_id, relation, "
              "version, rows, ids, digests, councils) OVERRIDING SYSTEM VALUE SELECT 0, act_id, relation, version, "
              f"rows, ids, digests, councils FROM councils_written WHERE id = {written}")  # fmt: skip

    for column in ("hash", "previous", "root"):
        yield way("update", "event", this, f"UPDATE councils_event SET {column} = {bytes_} WHERE id = {event}")
    yield way("update", "event", this, f"UPDATE councils_event SET rows = 7 WHERE id = {event}")
    yield way("update", "event", following, f"UPDATE councils_event SET sequence = sequence + 1000 WHERE id = {event}")
    yield way("update", "event", act_named, f"UPDATE councils_event SET act_id = act_id - 1 WHERE id = {event}")
    yield way("delete", "event", following, f"DELETE FROM councils_event WHERE id = {event}")
    yield way("swap", "event", this, f"UPDATE councils_event SET sequence = -1 WHERE id = {event}",
              f"UPDATE councils_event SET sequence = {sequence} WHERE stream_id = {stream} "
              f"AND sequence = {sequence + 1}",
              f"UPDATE councils_event SET sequence = {sequence + 1} WHERE id = {event}")  # fmt: skip
    yield way("insert out of order", "event", f"stream council:NFD event {last + 5}:", "INSERT INTO councils_event ("
              "stream_id, sequence, act_id, rows, root, previous, hash) SELECT stream_id, "
              f"{last + 5}, (SELECT min(id) FROM councils_act), rows, root, previous, hash FROM councils_event "
              f"WHERE id = {event}")  # fmt: skip
    yield way("truncate the tail", "event", f"act {last_act}: has no event",
              f"DELETE FROM councils_event WHERE stream_id = {stream} AND sequence = {last}")  # fmt: skip
    for table in REGISTERS:
        yield Way("truncate", table, [f"TRUNCATE {table} CASCADE"], "")

    yield way("update", "stream", "stream council:XXX event 1:",
              f"UPDATE councils_stream SET key = 'council:XXX' WHERE id = {stream}")  # fmt: skip
    yield way(
        "delete",
        "stream",
        f"stream number {stream}, which is gone, event {sequence}:",
        f"DELETE FROM councils_stream WHERE id = {stream}",
    )
    yield way("swap", "stream", "stream council:NFD event 1:",
              "UPDATE councils_stream SET key = key || '!' WHERE key IN ('council:NFD', 'council:STM')",
              "UPDATE councils_stream SET key = CASE key WHEN 'council:NFD!' THEN 'council:STM' ELSE 'council:NFD' END "
              "WHERE key LIKE '%!'")  # fmt: skip
    yield way("insert out of order", "stream", "stream council:ZZZ event 1:",
              "INSERT INTO councils_stream (key) VALUES ('council:ZZZ')", "INSERT INTO councils_event (stream_id, "
              "sequence, act_id, rows, root, previous, hash) SELECT (SELECT id FROM councils_stream WHERE key = "
              "'council:ZZZ'), 1, act_id, rows, root, previous, hash FROM councils_event "
              f"WHERE id = {event}")  # fmt: skip
