"""Whatever the owner changes of the schema is named, also when it is put right afterwards for the most part."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from councils import schema
from councils.models import SchemaRecord
from councils.verification import sealed_models
from tests.database import as_role

AGAIN, EMPTY = "CREATE OR REPLACE FUNCTION", "LANGUAGE plpgsql AS $$BEGIN END$$"
ACT_SEAL = "act_seal(p_act bigint, p_register boolean, p_access boolean)"
ACT_NOTE = """act_note(p_act bigint, p_relation text, p_version smallint, p_rows int, p_ids bigint[], p_digests bytea,
    p_councils bigint[])"""


def faults():
    with as_role("worker"):
        return list(schema.schema_faults(sealed_models()))


def test_what_the_migrations_installed_is_on_the_record(db):
    assert faults() == []
    with as_role("worker"):
        assert SchemaRecord.objects.get().act.verb == "recorded the schema"


def test_the_functions_that_seal_are_found_in_the_migrations(db):
    """The control of the reading of migrations: what opens, seals and refuses is compared with its source."""
    known = dict(schema._installed_functions())
    acts = {"act_open", "act_note", "act_seal", "act_must_be_sealed", "event_body", "merkle_root", "netstring"}
    succession = {"succession_check", "passed_on"}
    assert acts | succession | {"refuse_change", "scope_person", "scope_ids"} == set(known)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("ALTER TABLE savings_entry DROP COLUMN note", "savings_entry: the column note is missing"),
        ("ALTER TABLE savings_entry RENAME COLUMN note TO remark", "savings_entry: the column remark is not one"),
        ("ALTER TABLE savings_entry ADD COLUMN extra text", "column savings_entry.extra was added"),
        (
            "DROP VIEW as_at.savings_budgettotal; ALTER TABLE savings_entry ALTER COLUMN amount_pence TYPE numeric",
            "column savings_entry.amount_pence was",
        ),
        ("ALTER TABLE savings_entry DISABLE TRIGGER append_only", "guard append_only is missing or switched off"),
        ("ALTER TABLE savings_entry ENABLE TRIGGER append_only", "guard append_only is missing or switched off"),
        ("ALTER TABLE councils_event DISABLE TRIGGER append_only", "councils_event: the guard append_only"),
        ("DROP TRIGGER never_emptied ON councils_act", "councils_act: the guard never_emptied is missing"),
        ("DROP TRIGGER sealed_at_commit ON councils_act", "councils_act: the guard sealed_at_commit is missing"),
        ("DROP TRIGGER written_by_actor ON savings_dispute", "trigger savings_dispute.written_by_actor was removed"),
        (
            "ALTER TABLE savings_dispute DISABLE TRIGGER written_by_actor",
            "savings_dispute.written_by_actor was changed",
        ),
        (
            f"{AGAIN} refuse_change() RETURNS trigger {EMPTY}",
            "function refuse_change: is not the one",
        ),
        (
            f"{AGAIN} seal_savings_entry() RETURNS trigger {EMPTY}",
            "savings_entry: the seal trigger does not",
        ),
        (f"{AGAIN} {ACT_SEAL} RETURNS void {EMPTY}", "function act_seal: is not the one"),
        (f"{AGAIN} {ACT_NOTE} RETURNS void {EMPTY}", "function act_note: is not the one"),
        ("ALTER FUNCTION act_open SECURITY INVOKER", "function act_open("),
        ("DROP POLICY scope_read ON savings_entry", "policy savings_entry.scope_read was removed"),
        ("ALTER POLICY scope_read ON savings_entry USING (true)", "policy savings_entry.scope_read was changed"),
        ("CREATE POLICY more ON savings_entry TO banked_app USING (true)", "policy savings_entry.more was added"),
        ("ALTER TABLE savings_entry DISABLE ROW LEVEL SECURITY", "table savings_entry was changed"),
        ("ALTER TABLE savings_entry NO FORCE ROW LEVEL SECURITY", "table savings_entry was changed"),
        ("ALTER TABLE savings_entry DROP CONSTRAINT savings_entry_reverses_id_key", "savings_entry_reverses_id_key"),
        ("GRANT UPDATE ON savings_entry TO banked_app", "privileges on savings_entry was changed"),
        ("CREATE RULE quiet AS ON INSERT TO savings_mark DO INSTEAD NOTHING", "rule savings_mark.quiet was added"),
        ("CREATE TABLE shadow (id int)", "table shadow was added"),
        ("CREATE VIEW shown AS SELECT * FROM savings_entry", "view public.shown was added"),
    ],
)
def test_a_change_is_named(db, statement, named):
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
    found = faults()
    assert any(named in sentence for sentence in found), found


def test_keys_switched_off_by_a_superuser_are_named(db):
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute("ALTER TABLE savings_entry DISABLE TRIGGER ALL")
    assert any(sentence.startswith("schema: keys of savings_entry was changed") for sentence in faults())


def test_a_change_that_was_put_on_the_record_is_a_sealed_act(db):
    """Whoever runs the migrations after tampering leaves an act; the guards are named all the same."""
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE savings_entry DISABLE TRIGGER append_only")
        assert schema.record_schema(at=timezone.now())
        assert schema.record_schema(at=timezone.now()) is None
    assert faults() == ["savings_entry: the guard append_only is missing or switched off"]
    with as_role("worker"):
        assert SchemaRecord.objects.count() == 2


def test_only_the_owner_puts_it_on_the_record(cast):
    for role in ("app", "worker"):
        with as_role(role), pytest.raises(Exception, match="permission denied"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO councils_schemarecord (listing) VALUES ('')")
