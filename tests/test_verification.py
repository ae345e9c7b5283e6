"""Whatever is changed behind the ledger's back is named."""

import pytest
from django.db import connection

from councils.verification import verify
from savings.balances import balances, stored_files
from savings.documents import path_of
from tests.database import as_role, set_role
from tests.factories import a_file, a_proven_entry, an_entry


def problems():
    with as_role("worker"):
        return verify().problems


def tamper(*statements):
    """As the cluster's superuser with every guard and key switched off; the test's transaction puts them back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be pending when the guards are switched
        cursor.execute("RESET SESSION AUTHORIZATION")
        for table in ("savings_entry", "councils_event", "councils_act", "councils_written"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement)
    set_role(connection, "app")


def test_an_untouched_ledger_verifies(cast):
    a_proven_entry(cast)
    assert problems() == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE savings_entry SET amount_pence = 2 WHERE id = {entry}", "savings_entry row {entry}: was changed"),
        ("UPDATE savings_entry SET note = 'x' WHERE id = {entry}", "savings_entry row {entry}: was changed"),
        ("DELETE FROM savings_entry WHERE id = {entry}", "savings_entry row {entry}: is missing"),
        ("UPDATE councils_act SET reason = 'x' WHERE id = {act}", "its act was changed"),
        ("UPDATE councils_act SET at = at - interval '1 year' WHERE id = {act}", "its act was changed"),
        ("DELETE FROM councils_written WHERE act_id = {act}", "was never sealed"),
        ("DELETE FROM councils_event WHERE act_id = {act}", "act {act}: has no event"),
        ("UPDATE councils_event SET hash = sha256('x') WHERE act_id = {act}", "stream council:NFD event"),
        ("UPDATE councils_event SET sequence = sequence + 100 WHERE act_id = {act}", "events before it are missing"),
    ],
)
def test_a_change_behind_the_guards_is_named(statement, named, cast):
    entry = an_entry(cast)
    an_entry(cast, scheme="ICT-01")
    ids = {"entry": entry.pk, "act": entry.act_id}
    tamper(statement.format(**ids))
    assert any(named.format(**ids) in problem for problem in problems())


def test_a_guard_switched_off_is_named(cast):
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE savings_entry DISABLE TRIGGER append_only")
    assert "savings_entry: the guard append_only is missing or switched off" in problems()


def test_a_document_that_was_swapped_or_lost_is_named(cast):
    entry = an_entry(cast, files=[a_file(content=b"%PDF-1.4 original\n")])
    with as_role("worker"):
        document = entry.supports.get().document
        assert list(stored_files()) == []
        place = path_of(document.sha256)
        place.write_bytes(b"%PDF-1.4 swapped!\n")
        assert list(stored_files()) == [f"document {document.pk}: its file was changed"]
        place.unlink()
        assert list(stored_files()) == [f"document {document.pk}: its file is missing"]


def test_balances_hold(cast):
    a_proven_entry(cast)
    with as_role("worker"):
        assert list(balances()) == []
