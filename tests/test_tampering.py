"""Every way of tampering, by everybody who could: refused, or named. The table in docs/ledger.md is this one."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import Error, connection, connections, transaction

from councils import checkpoints, verification
from councils.models import Act, Event, Person
from savings.models import Entry
from tests import cast as standing
from tests import database
from tests.cast import NOW
from tests.database import as_role, set_role
from tests.tampering import forget_acts, seal_anew, unguarded
from tests.tampering_world import REGISTERS, furnish, ways_with_rows, ways_with_seals

PAGE = Path(__file__).parents[1] / "docs" / "ledger.md"
#: Who tampers: the database role, what they do first (the table's name goes in), and whether the database must refuse.
ACTORS = {
    "application": ("app", (), True),
    "worker": ("worker", (), True),
    "owner": ("owner", (), True),
    "superuser, as a replica": (None, ("SET LOCAL session_replication_role = replica",), True),
    "owner, guards off": ("owner", ("ALTER TABLE {table} DISABLE TRIGGER USER",), False),
    "superuser, guards off": (None, ("ALTER TABLE {table} DISABLE TRIGGER ALL",), False),
}
KINDS = ("update", "delete", "insert out of order", "swap", "truncate the tail", "truncate")
REFUSED, NAMED = "refused", "named"
#: What each came to: {(kind, actor): {outcome: how many}}.
TALLY: dict[tuple[str, str], Counter] = defaultdict(Counter)


@pytest.fixture(scope="module")
def furnished(django_db_setup, django_db_blocker):
    """A committed ledger with rows in every sealed table; each test takes back what it changed."""
    with django_db_blocker.unblock():
        try:
            with as_role("worker"):
                cast = standing.find_cast()
            furnish(cast)
            with as_role("worker"):
                ways = [*ways_with_rows(), *ways_with_seals(Entry.objects.filter(month=2).get())]
                assert verification.verify().problems == []
            yield cast, ways
        finally:
            connections.close_all()
            database.clone(django_db_setup)


@pytest.fixture
def world(furnished, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield furnished
        transaction.set_rollback(True)


def become(role):
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
    if role:
        set_role(connection, role)


def tried(way, actor, cast):
    """(outcome, words): what the database or, after it, the verifier said to one way."""
    role, first, _ = ACTORS[actor]
    try:
        with transaction.atomic():
            become(role)
            with connection.cursor() as cursor:
                if role == "app":
                    cursor.execute("SELECT scope_open(%s, %s)", [cast.people["ben"].pk, NOW.date()])
                for statement in (*(each.format(table=each_table) for each in first for each_table in tables(way)),
                                  *way.statements):  # fmt: skip
                    cursor.execute(statement)
                    touched = cursor.rowcount
            become("worker")
            said = problems(way.table)
            raise Undone
    except Undone:
        if touched == 0:  # row-level security shows the application no such row
            return (REFUSED, "no such row") if role == "app" else ("nothing happened", "")
        hit = [sentence for sentence in said if way.named in sentence]
        return (NAMED, hit[0]) if hit else ("missed", "; ".join(said[:3]))
    except Error as refusal:
        return REFUSED, str(refusal).splitlines()[0]


def role_of(actor):
    return ACTORS[actor][0]


class Undone(Exception):
    """Takes the savepoint back."""


def tables(way):
    """Those whose guards have to be off for this way."""
    return {way.table, "councils_event"} if way.table == "councils_stream" else {way.table}


def problems(table):
    """What the verifier says that could be about this table: the parts of `verify` that read it."""
    found = []
    for model in verification.sealed_models():
        if model._meta.db_table == table or (table == "councils_written" and model is Entry):
            found += verification.rows_of(model)[1]
    if table in ("councils_act", "councils_written", "councils_event", "councils_stream"):
        found += [*verification.roots()[1], *verification.chains()[1]]
    return found


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_refused_or_named(kind, actor, world):
    cast, ways = world
    must_refuse = ACTORS[actor][2]
    wrong = []
    mine = [way for way in ways if way.kind == kind]
    assert len(mine) > 30
    for way in mine:
        outcome, words = tried(way, actor, cast)
        TALLY[kind, actor][outcome] += 1
        slipped_in = kind == "insert out of order" and way.table in REGISTERS and role_of(actor) != "app"
        if outcome not in ((REFUSED,) if must_refuse and not slipped_in else (REFUSED, NAMED)):
            wrong.append((way.table, way.statements[0][:100], way.named, outcome, words))
    assert not wrong


def test_control_a_verifier_that_trusts_stored_hashes_misses_changed_rows(world):
    """Roots and chains follow from the digests beside the rows, and those nobody touched."""
    _, ways = world
    missed = 0
    for way in (way for way in ways if way.kind in ("update", "delete", "swap") and "councils_" not in way.table):
        with pytest.raises(Undone), transaction.atomic():
            become(None)
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {way.table} DISABLE TRIGGER ALL")
                try:
                    for statement in way.statements:
                        cursor.execute(statement)
                except Error:
                    raise Undone from None
            become("worker")
            missed += not verification.roots()[1] and not verification.chains()[1]
            raise Undone
    assert missed > 30


# --- rewritten whole: only a copy kept elsewhere can tell -----------------------------------------------------------


@pytest.fixture
def kept(world, settings, tmp_path):
    """A checkpoint somebody kept."""
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key"
    with as_role("worker"):
        made = checkpoints.make(by=Person.objects.get(system=True), at=NOW, why="asked")
    (tmp_path / "kept.json").write_text(checkpoints.as_text(made))
    return tmp_path / "kept.json"


def verified(capsys, *words):
    with as_role("worker"):
        try:
            call_command("verify_ledger", *map(str, words))
            status = 0
        except SystemExit as leaving:
            status = leaving.code
    return status, capsys.readouterr().out


def test_an_untouched_ledger_passes_with_its_checkpoint(kept, capsys):
    _, without = verified(capsys)  # what made-up rows mean is nobody's business here
    _, said = verified(capsys, "--checkpoint", kept)
    assert set(said.splitlines()) - set(without.splitlines()) <= {f"All that the checkpoint of {NOW} saw"}


def an_event(cast):
    """(number of the event that sealed Northford's entry for the second month, that entry)."""
    with as_role("worker"):
        entry = Entry.objects.get(month=2)
        return Event.objects.get(act_id=entry.act_id, stream__key="council:NFD").sequence, entry


REWRITES = {
    "an amount": "UPDATE savings_entry SET amount_pence = 1 WHERE id = {entry}",
    "who did it": "UPDATE councils_act SET person_id = person_id + 1 WHERE id = {act}",
    "when": "UPDATE councils_act SET at = at - interval '1 year' WHERE id = {act}",
    "why": "UPDATE councils_act SET reason = 'because' WHERE id = {act}",
}


@pytest.mark.parametrize("what", REWRITES)
def test_all_hashes_made_anew_with_the_products_own_code_are_named_by_a_kept_checkpoint(world, kept, capsys, what):
    _, entry = an_event(world[0])
    with as_role("worker"):
        newest = Event.objects.filter(stream__key="council:NFD").latest("sequence").sequence
    with unguarded() as cursor:
        cursor.execute(REWRITES[what].format(entry=entry.pk, act=entry.act_id))
        seal_anew(cursor)
    with as_role("worker"):
        assert verification.roots()[1] == verification.chains()[1] == verification.rows_of(Entry)[1] == []  # control
    status, said = verified(capsys, "--checkpoint", kept)
    assert status == 1
    assert f"stream council:NFD event {newest}: history was rewritten" in said


@pytest.mark.parametrize("many", [1, 2])
def test_a_tail_cut_off_with_its_events_is_named_by_a_kept_checkpoint(world, kept, capsys, many):
    with as_role("worker"):
        acts = list(
            Act.objects.filter(events__stream__key="council:NFD").order_by("-pk").values_list("pk", flat=True)[:many]
        )
        then = Event.objects.filter(stream__key="council:NFD").latest("sequence").sequence
    with unguarded() as cursor:
        forget_acts(cursor, f"id IN ({', '.join(map(str, acts))})")
        seal_anew(cursor)
    with as_role("worker"):
        assert verification.roots()[1] == verification.chains()[1] == verification.rows_of(Entry)[1] == []  # control
    status, said = verified(capsys, "--checkpoint", kept)
    assert status == 1
    assert f"stream council:NFD: was shortened to {then - many:,} events; the checkpoint saw {then:,}" in said


# --- what was tried ------------------------------------------------------------------------------------------------


def test_the_page_says_what_became_of_each_way():
    """Runs last in this file; alone there is nothing to compare."""
    if len(TALLY) < len(KINDS) * len(ACTORS):
        pytest.skip("the ways were not all tried in this run")
    lines = ["| way | " + " | ".join(ACTORS) + " |", "| --- |" + " --- |" * len(ACTORS)]
    for kind in KINDS:
        # which of the two it is, once the guards are off, depends on what a table's own constraints still refuse
        cells = ("refused" if set(TALLY[kind, actor]) == {REFUSED} else f"{REFUSED} or {NAMED}" for actor in ACTORS)
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    tried_in_all = sum(sum(tally.values()) for tally in TALLY.values())
    assert tried_in_all > 1_000
    table = "\n".join(lines)
    assert table in PAGE.read_text(encoding="utf-8"), f"docs/ledger.md should hold this table:\n{table}"
