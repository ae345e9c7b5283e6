"""Signing in is an act: on the access stream, and seen by whom it concerns."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from councils.acts import act
from councils.models import Act, Event, Person, Role
from tests.cast import NOW, PASSWORD, email_of
from tests.database import as_role
from tests.factories import a_file, acting, an_entry


@pytest.fixture(autouse=True)
def unhurried():
    """Failed attempts are counted outside the transaction; what one test tried is none of the next one's business."""
    cache.clear()
    yield
    cache.clear()


REFUSED = "was refused a sign-in"


def sign_in_by_the_page(name="asha", password=PASSWORD):
    client = Client()
    answer = client.post(reverse("account_login"), {"login": email_of(name), "password": password})
    return client, answer


def noted(*verbs):
    """(verb, person's name, subject, streams) of each act with one of these verbs, in order."""
    with as_role("worker"):
        return [
            (done.verb, done.person.name, done.subject, [event.stream.key for event in done.events.all()])
            for done in Act.objects.filter(verb__in=verbs).select_related("person").order_by("pk")
        ]


def test_signing_in_and_out_are_acts_on_the_access_stream(cast):
    client, answer = sign_in_by_the_page()
    assert answer.status_code == 302
    assert noted("signed in") == [("signed in", "Asha Rao", "", ["access"])]
    client.post(reverse("account_logout"))
    assert noted("signed out") == [("signed out", "Asha Rao", "", ["access"])]


def test_signing_out_when_nobody_is_in_is_nothing(cast):
    Client().post(reverse("account_logout"))
    assert noted("signed out") == []


def test_a_refused_sign_in_is_what_the_product_saw_of_an_account(cast):
    _, answer = sign_in_by_the_page(password="not the password")
    assert answer.status_code == 200
    assert noted(REFUSED) == [(REFUSED, "Banked", f"person:{cast.people['asha'].public_id}", ["access"])]
    assert noted("signed in") == []


def test_an_address_nobody_has_leaves_no_trace(cast):
    sign_in_by_the_page(name="nobody")
    assert noted(REFUSED) == []


def test_nobody_is_signed_in_whose_sign_in_cannot_be_noted(cast, monkeypatch):
    def fails(user, *, at):
        raise RuntimeError("the ledger is away")

    monkeypatch.setattr("councils.sign_ins.signed_in", fails)
    client = Client(raise_request_exception=False)
    answer = client.post(reverse("account_login"), {"login": email_of("asha"), "password": PASSWORD})
    assert answer.status_code == 500
    assert client.get(reverse("account_change_password")).status_code == 302


def seen(cast, name, **which):
    """The acts of that kind which the person reads, and their events."""
    with acting(cast.people[name]):
        done = Act.objects.filter(**which)
        return done.count(), Event.objects.filter(act__in=done).count()


@pytest.mark.parametrize(
    ("reader", "count"), [("asha", 1), ("ada", 1), ("ben", 0), ("farah", 0), ("cleo", 0), ("dev", 0)]
)
def test_a_sign_in_is_seen_by_that_person_and_administrators(reader, count, cast):
    sign_in_by_the_page()
    assert seen(cast, reader, verb="signed in") == (count, count)


@pytest.mark.parametrize(("reader", "count"), [("asha", 1), ("ada", 1), ("ben", 0), ("cleo", 0)])
def test_a_refused_sign_in_is_seen_by_whose_account_it_was(reader, count, cast):
    sign_in_by_the_page(password="not the password")
    assert seen(cast, reader, verb=REFUSED) == (count, count)


@pytest.mark.parametrize(
    ("reader", "count"),
    [("omar", 1), ("ben", 1), ("farah", 1), ("ada", 1), ("asha", 0), ("gwen", 0), ("dev", 0), ("cleo", 0)],
)
def test_who_read_a_document_is_seen_by_its_councils_leads_and_auditors(reader, count, cast, sign_in):
    entry = an_entry(cast, files=[a_file()])
    with as_role("worker"):
        document = entry.supports.get().document
    b"".join(sign_in("omar").get(reverse("savings:document", args=[document.public_id])).streaming_content)
    assert seen(cast, reader, subject=f"document:{document.public_id}") == (count, count)


def test_a_subject_that_only_looks_like_one_shows_nothing(cast):
    for subject in ("document:", "document:zz", "report:x.pdf", "document:" + "-" * 36, "report:" + "-" * 36 + "."):
        with acting(cast.people["omar"]) as how, act(**how, verb="read", subject=subject, access=True):
            pass
        assert seen(cast, "ben", subject=subject) == (0, 0)


def test_a_change_of_roles_is_on_the_councils_stream_or_the_register(cast):
    for council, what, stream in (("NFD", Role.What.VIEWER, "council:NFD"), (None, "administrator", "register")):
        with as_role("worker"), act(by=Person.objects.get(system=True), at=NOW, verb="appointed") as this:
            Role.objects.create(
                act=this,
                person=cast.people["omar"],
                council=cast.councils.get(council),
                what=what,
                starts_on=NOW.date(),
            )
        with as_role("worker"):
            assert [event.stream.key for event in this.events.all()] == [stream]
