"""Figures of the past for those to whom a partnership is only shown: roll-ups as they were shown, and nothing finer."""

import datetime
import json

import pytest
from django.db import Error, connection, transaction

from councils.as_at import as_at
from savings import looking_back
from savings.models import PastFigures, Rollup
from savings.past import end_of
from savings.reporting import figures, rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, acting, an_entry, show_to

DAY = datetime.timedelta(days=1)
THEN = NOW.date() + DAY  # the end of the day after; later things happen on the days after that
LATER, LATEST = NOW + 2 * DAY, NOW + 5 * DAY
PAGE = f"/as-at/{THEN.isoformat()}/partnerships/north-south/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(LATEST, tick=False)


def show(cast, who, at=NOW):
    show_to(cast, who, at)


@pytest.fixture
def shown(cast):
    """£1,000 proven when it was shown to the sector, and £300 more claimed two days later."""
    a_proven_entry(cast)
    show(cast, "sector")
    an_entry(cast, scheme="ICT-01", amount_pence=300_00, at=LATER)
    with as_role("worker"):
        rollups.drain()
    return cast


def work():
    with as_role("worker"):
        return looking_back.work_out_due()


def as_seen(cast, name, moment):
    with acting(cast.people[name], LATEST), as_at(moment):
        found = figures.partnership_figures(cast.partnership, moment.date())
        return found.total if found.points else None


def test_the_page_says_that_it_is_being_worked_out_and_then_shows_it(shown, sign_in):
    client = sign_in("cleo")
    first = client.get(PAGE).content.decode()
    assert "are being worked out" in first
    assert "£1,000" not in first
    assert work() == 1
    page = client.get(PAGE).content.decode()
    assert "being worked out" not in page
    assert "£1,000" in page
    assert "£1,300" not in page
    assert "£1,300" in client.get("/partnerships/north-south/").content.decode()  # today, as ever
    assert "/entries/" not in page.split("<main", 1)[1].split("</main>")[0]  # no figure opens into rows
    assert "£1,000" in client.get(f"/as-at/{THEN.isoformat()}/partnerships/").content.decode()
    assert work() == 0  # the past stays


def test_they_are_what_a_member_reads_of_that_moment(shown):
    moment = end_of(THEN)
    assert as_seen(shown, "cleo", moment) is None
    work()
    assert as_seen(shown, "cleo", moment) == as_seen(shown, "erin", moment)
    assert as_seen(shown, "cleo", moment).proven == 1_000_00
    with as_role("worker"), as_at(moment):  # and it counts nothing twice
        total = figures.partnership_figures(shown.partnership, THEN).total
    assert total == as_seen(shown, "erin", moment)


def test_a_partnership_that_was_shown_to_its_members_only_stays_so(cast, sign_in):
    """It is shown to everybody today; then it was not."""
    a_proven_entry(cast)
    show(cast, "public", at=LATER)
    client = sign_in("cleo")
    client.get(PAGE)
    work()
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "£1,000" not in page.content.decode()
    assert as_seen(cast, "cleo", end_of(THEN)) is None
    with as_role("worker"):
        kept = PastFigures.objects.get()
        assert (kept.audience, kept.facts) == ("members", [])


def test_one_that_is_not_shown_any_more_is_not_found(shown, sign_in):
    """Who may read is settled as of now."""
    sign_in("cleo").get(PAGE)
    work()
    show(shown, "members", at=LATEST)
    assert sign_in("cleo").get(PAGE).status_code == 404
    assert as_seen(shown, "cleo", end_of(THEN)) is None


def test_a_moment_within_a_day_is_not_given(shown, sign_in):
    """The difference between two minutes would be one amount."""
    at_noon = f"/as-at/{THEN.isoformat()}T12:00/partnerships/north-south/"
    assert "are given for the end of a day" in sign_in("cleo").get(at_noon).content.decode()
    with as_role("worker"):
        assert not PastFigures.objects.exists()
    assert "£1,000" in sign_in("erin").get(at_noon).content.decode()


def raw(cast, name, statement, *given):
    """Rows as the application's role reads them for somebody, at that moment, whatever they ask."""
    with acting(cast.people[name], LATEST), as_at(end_of(THEN)), connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()


FINER = [
    "savings_entry", "savings_entrystate", "savings_charge", "savings_decision", "savings_support", "savings_document",
    "savings_return", "savings_dispute", "savings_scheme", "partnerships_approval", "partnerships_plannedline",
    "partnerships_businesscase", "savings_doubleclaim", "savings_note",
]  # fmt: skip


def test_nothing_finer_comes_out(shown):
    raw(shown, "cleo", "SELECT past_ask(ARRAY[%s]::bigint[])", shown.partnership.pk)
    work()
    facts = raw(shown, "cleo", "SELECT council_id, year, proven_pence FROM savings_rollup WHERE entries > 0")
    assert facts == [(shown.councils["NFD"].pk, 2025, 1_000_00)]
    for table in FINER:
        assert raw(shown, "cleo", f"SELECT count(*) FROM {table}") == [(0,)], table
    assert raw(shown, "erin", "SELECT count(*) FROM savings_entry") == [(1,)]  # the control: a member's
    (kept,) = raw(shown, "cleo", "SELECT facts::text FROM savings_pastfigures")
    columns = {field.column for field in Rollup._meta.concrete_fields} - {"id", "last_event"}
    assert {name for fact in json.loads(kept[0]) for name in fact} <= columns | {"last_event"}


def test_a_member_only_reads_the_ledger_and_strangers_nothing(shown):
    raw(shown, "cleo", "SELECT past_ask(ARRAY[%s]::bigint[])", shown.partnership.pk)
    work()
    assert raw(shown, "erin", "SELECT count(*) FROM savings_rollup") == [(0,)]  # theirs are worked out as they ask
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT scope_open(NULL, %s)", [LATEST.date()])
        with as_at(end_of(THEN)):
            cursor.execute("SELECT count(*) FROM savings_pastfigures")
            assert cursor.fetchone() == (0,)  # shown to the sector, and nobody is signed in
            cursor.execute("SELECT past_ask(ARRAY[%s]::bigint[])", [shown.partnership.pk])
            assert cursor.fetchone() == (False,)


def test_nobody_asks_for_what_is_theirs_or_not_shown_to_them_or_within_a_day(cast):
    a_proven_entry(cast)
    ask = "SELECT past_ask(ARRAY[%s]::bigint[])"
    assert raw(cast, "cleo", ask, cast.partnership.pk) == [(False,)]  # not shown
    show(cast, "public")
    assert raw(cast, "erin", ask, cast.partnership.pk) == [(False,)]  # a member's own
    with acting(cast.people["cleo"], LATEST), as_at(end_of(THEN) - datetime.timedelta(minutes=1)):
        with connection.cursor() as cursor:
            cursor.execute(ask, [cast.partnership.pk])
            assert cursor.fetchone() == (False,)
    with as_role("worker"):
        assert not PastFigures.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO savings_pastfigures (moment, partnership_id, audience) SELECT 1, 1, ''",
        "UPDATE savings_pastfigures SET audience = 'public'",
        "DELETE FROM savings_pastfigures",
    ],
)
def test_the_application_writes_none(shown, statement):
    with pytest.raises(Error), transaction.atomic():
        raw(shown, "cleo", statement)


def test_not_even_the_worker_keeps_facts_that_were_shown_to_nobody(shown):
    raw(shown, "cleo", "SELECT past_ask(ARRAY[%s]::bigint[])", shown.partnership.pk)
    with pytest.raises(Error, match="savings_pastfigures_shown"), transaction.atomic(), as_role("worker"):
        PastFigures.objects.update(audience="members", facts=[{"year": 2025}])


def test_one_that_fails_is_left_after_five_times(shown, monkeypatch):
    raw(shown, "cleo", "SELECT past_ask(ARRAY[%s]::bigint[])", shown.partnership.pk)
    monkeypatch.setattr(looking_back.then, "worked_out", lambda *given: 1 / 0)
    assert [work() for _ in range(7)] == [0] * 7
    with as_role("worker"):
        assert PastFigures.objects.get().attempts == 5
