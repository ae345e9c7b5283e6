"""What an insider tried next: acts dated as they please, moments without end, whom others ask, too much at once."""

import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from councils.acts import act
from councils.as_at import TooManyMoments, as_at
from councils.models import Act, Person
from tests.cast import NOW
from tests.database import as_role, superuser
from tests.factories import acting
from tests.savings.confirming import give_contact

from .test_issue_three import asked

MINUTE = datetime.timedelta(minutes=1)


# When an act was done


@pytest.fixture
def the_clock_holds(committed, committed_cast):
    """The cast in a database that tells no story of another time, as every database is but the tests'."""
    with superuser() as root:
        root.execute(f"ALTER DATABASE {committed} RESET banked.clock")
    return committed_cast


def try_act(person, at):
    with acting(person, at) as how, act(**how, verb="tried", access=True) as this:
        return this


@pytest.mark.parametrize("minutes", [-365 * 24 * 60, -60, -11, 11, 24 * 60])
def test_the_application_dates_no_act_far_from_the_databases_clock(the_clock_holds, minutes):
    with pytest.raises(IntegrityError, match="not within ten minutes"):
        try_act(the_clock_holds.people["ben"], timezone.now() + minutes * MINUTE)
    assert try_act(the_clock_holds.people["ben"], timezone.now()).pk


def test_no_session_frees_itself_of_the_clock(the_clock_holds):
    with acting(the_clock_holds.people["ben"]), connection.cursor() as cursor:
        cursor.execute("SET LOCAL banked.clock TO 'free'")
        with pytest.raises(IntegrityError, match="not within ten minutes"):
            try_act(the_clock_holds.people["ben"], NOW)
    with pytest.raises(Exception, match="must be owner|permission denied"), connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} SET banked.clock TO 'free'")


def test_the_worker_loads_the_past_but_nothing_that_is_to_come(the_clock_holds):
    with as_role("worker"):
        system = Person.objects.get(system=True)
        with act(by=system, at=NOW, verb="loaded", register=True) as this:
            pass
        assert Act.objects.get(pk=this.pk).at == NOW
        with (
            pytest.raises(IntegrityError, match="not within ten minutes"),
            act(by=system, at=timezone.now() + 11 * MINUTE, verb="loaded", register=True),
        ):
            pass


# Moments


def ask_about(person, count, start=NOW):
    with acting(person):
        for number in range(count):
            with as_at(start - number * MINUTE):
                pass


def test_nobody_fills_the_ledger_with_moments(cast):
    asha, gwen = cast.people["asha"], cast.people["gwen"]
    ask_about(asha, 60)
    with acting(asha), pytest.raises(TooManyMoments, match="60 new moments"), as_at(NOW + MINUTE):
        pass
    ask_about(asha, 60)  # what was settled before is read as often as they like
    ask_about(gwen, 1, NOW + MINUTE)  # and others go on
    ask_about(asha, 1, NOW + MINUTE)
    with as_role("worker"):
        assert asked("SELECT count(*) FROM councils_moment") == [(61,)]
        ask_about(asha, 0)
        with as_at(NOW + 2 * MINUTE):  # nor does it hold up the product's own work
            pass


def test_the_page_says_so_and_leads_to_the_present(cast, sign_in):
    client = sign_in("asha")
    ask_about(cast.people["asha"], 60)
    answer = client.get("/as-at/2026-01-01T10:00/entries/?kind=saving")
    assert answer.status_code == 429
    assert "Enough moments for now" in answer.text
    assert 'href="/entries/?kind=saving"' in answer.text
    assert client.get(f"/as-at/{timezone.localtime(NOW):%Y-%m-%dT%H:%M}/entries/").status_code == 200


def test_the_application_does_not_read_who_asked_about_what(cast):
    with acting(cast.people["asha"]), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        asked("SELECT asked_by FROM councils_moment")


# Whom others ask


def person_of(cast, email, name, council):
    with acting(cast.people[name]):
        return asked("SELECT contact_person(%s, 'Jo', %s)", email, cast.councils[council].pk)[0][0]


def test_nobody_learns_whom_others_ask(cast):
    """Cleo, elsewhere, asks for an address that Southmere has as a contact: she is told what anybody is told."""
    known = give_contact(cast, email="jo@example.net").person_id
    with as_role("worker"):
        newest = Person.objects.latest("pk").pk
    assert person_of(cast, "jo@example.net", "cleo", "WSV") > newest
    assert person_of(cast, "jo@example.net", "dev", "STM") == known
    assert person_of(cast, "jo@example.net", "ben", "NFD") == known  # a fellow member sees the contact itself


# Pasting


def test_a_megabyte_in_one_line_is_refused_in_words(cast, sign_in):
    client = sign_in("ben")
    form = {"title": "A case", "horizon": "2030", "lines": "x" * 1_000_000}
    answer = client.post("/partnerships/north-south/business-cases/new/", form)
    assert answer.status_code == 200
    assert "Line 1 has more than 2,000 characters" in answer.text
