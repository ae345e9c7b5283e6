"""`add_administrator` and `appoint` as somebody types them, and the link that they print."""

import io
import re
import sys

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from councils.models import User
from councils.rights import rights_of
from savings import launch, passwords
from tests.cast import NOW
from tests.database import as_role

PASSWORD = "seventeen herons by the weir"


def run(*words):
    output = io.StringIO()
    with as_role("worker"):
        call_command(*words, stdout=output)
    return output.getvalue()


@pytest.fixture(autouse=True)
def nobody_types(monkeypatch, cast):
    monkeypatch.delenv(passwords.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())


def test_they_run_as_the_worker():
    assert (launch.ROLES["add_administrator"], launch.ROLES["appoint"]) == ("worker", "worker")


def test_a_link_sets_the_password_once():
    said = run("add_administrator", "ivy@example.org", "--name", "Ivy Stone")
    assert "Ivy Stone (ivy@example.org) is an administrator." in said
    path = re.search(r"http://[^/]+(/\S+)", said).group(1)
    client = Client()
    form = client.get(path, follow=True)
    assert form.status_code == 200
    there = form.redirect_chain[-1][0]
    answer = client.post(there, {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    assert client.login(email="ivy@example.org", password=PASSWORD)
    again = Client().get(path, follow=True)
    assert 'name="password1"' not in again.content.decode()


def test_a_password_in_the_environment_is_taken(monkeypatch):
    monkeypatch.setenv(passwords.VARIABLE, PASSWORD)
    said = run("add_administrator", "ivy@example.org", "--name", "Ivy Stone")
    assert "can sign in at" in said
    assert PASSWORD not in said
    assert Client().login(email="ivy@example.org", password=PASSWORD)


def test_a_terminal_is_asked_twice(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    typed = iter([PASSWORD, "something else"])
    monkeypatch.setattr(passwords.getpass, "getpass", lambda _prompt: next(typed))
    with pytest.raises(CommandError, match="not the same"):
        run("add_administrator", "ivy@example.org", "--name", "Ivy Stone")
    assert not User.objects.filter(email="ivy@example.org").exists()


def test_a_second_account_with_the_address_is_refused():
    with pytest.raises(CommandError, match="There is an account for asha@example.org already"):
        run("add_administrator", "Asha@example.org", "--name", "Asha Rao")


def appoint(email, **changed):
    words = {"--name": "Ivy Stone", "--role": "finance_lead", "--council": "STM", "--as": "ada@example.org"} | changed
    return run("appoint", email, *(word for pair in words.items() for word in pair))


def test_a_finance_lead_is_appointed_in_an_administrators_name():
    said = appoint("ivy@example.org")
    assert "Ivy Stone (ivy@example.org) is finance lead for Southmere Council." in said
    assert "/accounts/password/reset/key/" in said
    with as_role("worker"):
        assert rights_of(User.objects.get(email="ivy@example.org").person_id, on=NOW.date()).held == frozenset()
        assert User.objects.get(email="ivy@example.org").person.roles.get().what == "finance_lead"


def test_a_known_account_needs_no_link():
    assert "/accounts/" not in appoint("asha@example.org", **{"--name": ""})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--council": "ZZZ"}, "There is no council ZZZ"),
        ({"--as": "nobody@example.org"}, "There is no account nobody@example.org"),
        ({"--as": "ben@example.org"}, "Only an administrator"),
        ({"--role": "administrator"}, "invalid choice"),
    ],
)
def test_what_is_refused_is_said(changed, words):
    with pytest.raises(CommandError, match=words):
        appoint("ivy@example.org", **changed)
