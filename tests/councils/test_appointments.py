"""First accounts and roles, made by the worker's role as the commands make them."""

import pytest
from django.db import ProgrammingError

from councils.appointments import add_administrator, appoint
from councils.models import Act, Event, Person, Role, User
from councils.refusals import Refused
from councils.rights import rights_of
from tests.cast import NOW
from tests.database import as_role

PASSWORD = "seventeen herons by the weir"


@pytest.fixture
def worker(cast):
    with as_role("worker"):
        yield cast


def new(cast, **given):
    facts = {"email": "Ivy.Stone@example.org ", "name": " Ivy  Stone", "council": cast.councils["NFD"]}
    facts |= {"what": Role.What.FINANCE_LEAD, "password": PASSWORD, "by": cast.people["ada"], "at": NOW}
    return appoint(**facts | given)


def test_the_first_administrator_is_an_act_of_the_product_on_the_register(worker):
    user = add_administrator(at=NOW, email="Ivy.Stone@example.org", name="Ivy Stone", password=PASSWORD)
    assert (user.email, user.person.name, user.check_password(PASSWORD)) == ("ivy.stone@example.org", "Ivy Stone", True)
    assert rights_of(user.person_id, on=NOW.date()).administers
    act = Act.objects.latest("pk")
    assert (act.person, act.verb) == (Person.objects.get(system=True), "appointed")
    assert act.subject == f"person:{user.person.public_id}"
    assert Event.objects.get(act=act).stream.key == "register"


def test_whoever_is_appointed_may_act_for_that_council_alone(worker):
    user = new(worker)
    rights = rights_of(user.person_id, on=NOW.date())
    assert (user.email, user.person.name) == ("ivy.stone@example.org", "Ivy Stone")
    assert rights.may_sign_off(worker.councils["NFD"].pk)
    assert not rights.may_see(worker.councils["STM"].pk)
    act = Act.objects.latest("pk")
    assert act.person == worker.people["ada"]
    assert {event.stream.key for event in Event.objects.filter(act=act)} >= {"register"}


def test_a_known_account_gets_one_role_more_and_keeps_its_password(worker):
    before = User.objects.get(email="asha@example.org").password
    user = new(worker, email="Asha@example.org", name="", council=worker.councils["STM"], password=None)
    assert (user.person, user.password) == (worker.people["asha"], before)
    assert rights_of(user.person_id, on=NOW.date()).signs_off


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"by": "ben"}, "Only an administrator"),
        ({"email": "ada@example.org"}, "cannot appoint themselves"),
        ({"email": "asha@example.org", "what": Role.What.FINANCE_OFFICER}, "already has that role"),
        ({"email": "ivy.stone"}, "not an email address"),
        ({"name": " "}, "Say who it is"),
        ({"password": "short"}, "too short"),
    ],
)
def test_what_is_refused_writes_nothing(worker, given, words):
    if "by" in given:
        given = {"by": worker.people[given["by"]]}
    before = [model.objects.count() for model in (Person, User, Role, Act)]
    with pytest.raises(Refused, match=words):
        new(worker, **given)
    assert [model.objects.count() for model in (Person, User, Role, Act)] == before


def test_nobody_is_appointed_to_a_council_that_has_ended(worker):
    council = worker.councils["NFD"]
    council.ended_on = NOW.date()
    with pytest.raises(Refused, match="ended on 15 June 2026"):
        new(worker, council=council)


def test_another_administrators_account_does_no_councils_work(worker):
    add_administrator(at=NOW, email="second@example.org", name="Second", password=PASSWORD)
    with pytest.raises(Refused, match="administrator's account"):
        new(worker, email="second@example.org")


@pytest.mark.parametrize("email", ["asha@example.org", "ASHA@example.org "])
def test_an_address_that_is_taken_makes_no_administrator(worker, email):
    with pytest.raises(Refused, match="There is an account"):
        add_administrator(at=NOW, email=email, name="Somebody Else")


def test_without_a_password_nobody_gets_in(worker):
    user = add_administrator(at=NOW, email="ivy@example.org", name="Ivy Stone")
    assert not user.has_usable_password()


def test_the_web_application_cannot_do_it_even_by_mistake(cast):
    with pytest.raises(ProgrammingError, match="no scope is open"):
        add_administrator(at=NOW, email="ivy@example.org", name="Ivy Stone")
