"""The second wall: with every filter forgotten, PostgreSQL still shows nobody what is not theirs."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from councils.models import Council, Person
from partnerships.models import Partnership
from savings.models import Decision, Document, Entry
from tests.database import as_role
from tests.factories import a_file, acting, an_entry


def test_row_level_security_is_forced_on_every_table_with_an_owner_policy(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname, relforcerowsecurity,
                   EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'owner_all')
            FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            """
        )
        assert [name for name, forced, owner in cursor.fetchall() if not (forced and owner)] == []


def test_the_application_is_neither_owner_nor_superuser(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT session_user, rolsuper, rolbypassrls, pg_has_role('banked_app', 'banked_owner', 'MEMBER')
            FROM pg_roles WHERE rolname = current_user
            """
        )
        assert cursor.fetchone() == ("banked_app", False, False, False)


@pytest.mark.parametrize("plan", ["enable_seqscan", "enable_indexscan", "enable_bitmapscan"])
def test_reading_without_a_scope_raises(cast, plan):
    """An empty answer would be a false statement; where there is no row to look at, PostgreSQL may truly say so."""
    an_entry(cast)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {plan} = off")
    with pytest.raises(ProgrammingError, match="no scope is open"), transaction.atomic():
        list(Entry.objects.all())


def test_a_scope_ends_with_its_block(cast):
    an_entry(cast)
    with acting(cast.people["asha"]):
        assert Entry.objects.count() == 1
        with acting(cast.people["cleo"]):
            assert Entry.objects.count() == 0
        assert Entry.objects.count() == 1
    with pytest.raises(ProgrammingError, match="no scope is open"), transaction.atomic():
        Entry.objects.count()


@pytest.mark.parametrize("model", [Entry, Document, Partnership, Decision])
def test_a_stranger_sees_no_row_even_without_a_filter(model, cast):
    an_entry(cast, files=[a_file()])
    with acting(cast.people["cleo"]):
        assert list(model.objects.all()) == []


def test_a_fellow_member_reads_but_does_not_write(cast):
    entry = an_entry(cast)
    with acting(cast.people["dev"]):
        assert Entry.objects.get() == entry
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        an_entry(cast, by="dev", council="NFD", scheme="ICT-01")


def test_a_chief_executive_an_auditor_and_a_viewer_cannot_write(cast):
    for reader in ("erin", "farah", "gwen", "ada"):
        with pytest.raises(Exception, match="row-level security|not a member"), transaction.atomic():
            an_entry(cast, by=reader)


def test_names_of_people_elsewhere_are_not_shown(cast):
    with acting(cast.people["cleo"]):
        assert set(Person.objects.filter(system=False)) == {cast.people["cleo"]}
    with acting(cast.people["asha"]):
        assert cast.people["dev"] in Person.objects.all()


def test_everybody_reads_the_register(cast):
    with acting(cast.people["cleo"]):
        assert Council.objects.filter(code="NFD").exists()


def test_with_one_policy_dropped_the_wall_is_seen_to_be_down(cast):
    """The control: the tests above would notice."""
    an_entry(cast)
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("DROP POLICY scope_read ON savings_entry")
        cursor.execute("CREATE POLICY scope_read ON savings_entry FOR SELECT TO banked_app USING (true)")
    with acting(cast.people["cleo"]), pytest.raises(AssertionError):
        assert list(Entry.objects.all()) == []
