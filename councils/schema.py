"""Is the schema still what the migrations installed? The owner can change it; nobody can do so unseen.

Three things are compared, and each difference is a sentence: the present schema, line by line (`schema.sql`), with the
listing that was sealed when the migrations last ran; the functions that seal with the source this very code would
install; and the guards that no migration may ever leave away.
"""

import datetime
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.db import connection, migrations, models
from django.utils import timezone

from .acts import act
from .models import Person, SchemaRecord
from .sealing import seal_sql, sealed_columns

LISTING = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
GUARDS = {"act_noted": "seal_{table}", "append_only": "refuse_change", "never_emptied": "refuse_change"}
SEALS = ("councils_act", "councils_stream", "councils_written", "councils_event")  # not sealed: they are the seals
BODY = re.compile(r"CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\s+(\w+)\s*\(.*?AS (\$\w*\$)(.*?)\2", re.DOTALL)
DROPPED = re.compile(r"DROP (?:FUNCTION|PROCEDURE) (?:IF EXISTS )?(\w+)")


def schema_lines() -> list[str]:
    """The present schema: one line for each table, column, constraint, trigger, policy, function and privilege."""
    with connection.cursor() as cursor:
        cursor.execute(LISTING)
        return [line.replace("\n", " ") for (line,) in cursor.fetchall()]


def record_schema(*, at: datetime.datetime) -> SchemaRecord | None:
    """Seal the listing as it is now, as an act of the product's own; None when it is what was sealed last."""
    listing = "\n".join(schema_lines())
    if SchemaRecord.objects.order_by("-pk").values_list("listing", flat=True).first() == listing:
        return None
    with act(by=Person.objects.get(system=True), at=at, verb="recorded the schema", register=True) as this:
        return SchemaRecord.objects.create(act=this, listing=listing)


def after_migrations(**_signal: object) -> None:
    """When all migrations have run, whatever they installed is on the record (a signal of `manage.py migrate`)."""
    if SchemaRecord._meta.db_table not in connection.introspection.table_names():
        return  # migrated back to before there was a record
    if not any(line.startswith("policy councils_schemarecord.") for line in schema_lines()):
        return  # only some have run, and this table is not behind its wall yet
    record_schema(at=timezone.now())


def schema_faults(sealed: list[type[models.Model]]) -> Iterator[str]:
    """One sentence for each way the schema differs from what was installed; `sealed` are the sealed models."""
    now = schema_lines()
    yield from _since_recorded(now)
    yield from _without_guards(now, sealed)
    yield from _other_sources(sealed)


def _since_recorded(now: list[str]) -> Iterator[str]:
    record = SchemaRecord.objects.order_by("-pk").first()
    if record is None:
        yield "schema: nothing says what the migrations installed; run manage.py migrate"
        return
    then = dict(line.split(": ", 1) for line in record.listing.split("\n"))
    found = dict(line.split(": ", 1) for line in now)
    for name in sorted(then.keys() | found.keys()):
        if name not in found:
            yield f"schema: {name} was removed (it was: {_short(then[name])})"
        elif name not in then:
            yield f"schema: {name} was added ({_short(found[name])})"
        elif then[name] != found[name]:
            yield f"schema: {name} was changed from {_short(then[name])} to {_short(found[name])}"


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:120]}…{text[-40:]}"


def _without_guards(now: list[str], sealed: list[type[models.Model]]) -> Iterator[str]:
    """Whatever a record says: these triggers are there, always on, and do what they are for."""
    lines = dict(line.split(": ", 1) for line in now)
    guarded = {model._meta.db_table: set(GUARDS) for model in sealed} | {
        table: {"append_only", "never_emptied"} for table in SEALS
    }
    for table, guards in guarded.items():
        for guard in sorted(guards):
            line = lines.get(f"trigger {table}.{guard}", "")
            if not (line.startswith("always ") and f"FUNCTION {GUARDS[guard].format(table=table)}()" in line):
                yield f"{table}: the guard {guard} is missing or switched off"
    if not lines.get("trigger councils_act.sealed_at_commit", "").startswith("always "):
        yield "councils_act: the guard sealed_at_commit is missing or switched off"
    for model in sealed:
        table = model._meta.db_table
        there = {name.partition(".")[2] for name in lines if name.startswith(f"column {table}.")}
        wanted = {field.column for field in sealed_columns(model)} | {"salt"}
        for column in sorted(wanted ^ there):
            yield f"{table}: the column {column} {'is missing' if column in wanted else 'is not one of the ledger’s'}"


def _other_sources(sealed: list[type[models.Model]]) -> Iterator[str]:
    """Functions whose body is not the one that the code in front of you installs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        there = dict(cursor.fetchall())
    wanted = dict(_installed_functions())
    for model in sealed:
        wanted.update(_bodies(seal_sql(model)))
    for name in sorted(wanted):
        if name not in there:
            yield f"function {name}: is missing"
        elif there[name] != wanted[name] and name.startswith("seal_"):
            yield f"{name[5:]}: the seal trigger does not digest the columns it should"
        elif there[name] != wanted[name]:
            yield f"function {name}: is not the one that the migrations install"


@cache
def _installed_functions() -> tuple[tuple[str, str], ...]:
    """(name, body) of every function that opens, seals and refuses, as the last migration of this app wrote it.

    The rules of the apps above change their functions piece by piece, so for those the sealed listing has to do.
    """
    from django.db.migrations.loader import MigrationLoader

    found: dict[str, str] = {}
    for (app, _), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        for text in [_sql_of(operation) for operation in migration.operations if app == "councils"]:
            for dropped in DROPPED.findall(text):
                found.pop(dropped, None)
            found.update(_bodies(text))
    return tuple(found.items())


def _bodies(text: str) -> dict[str, str]:
    return {name: body for name, _, body in BODY.findall(text)}


def _sql_of(operation: object) -> str:
    """What a migration's operation runs as it stands in the file; other kinds of operation make no functions."""
    sql = operation.sql if isinstance(operation, migrations.RunSQL) else ""
    parts = [sql] if isinstance(sql, str) else sql
    return "\n".join(part if isinstance(part, str) else part[0] for part in parts)
