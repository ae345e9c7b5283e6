"""The header: who is signed in, for whom, and where they can go."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from councils.rights import Rights, rights_of
from councils.scope import scope
from savings.context import menu
from savings.views import errors, reports
from tests.cast import NOW

OFFERED = {
    None: set(),
    "gwen": {"Ledger", "Returns", "Charges"},
    "farah": {"Ledger", "Returns", "Charges"},
    "asha": {"Ledger", "Returns", "Charges", "Record a saving"},
    "ben": {"Ledger", "Returns", "Charges", "Record a saving", "Sign off"},
    "ada": {"Ledger"},
}
WORK = {"Ledger", "Returns", "Charges", "Record a saving", "Sign off"}


@pytest.mark.parametrize(("name", "places"), OFFERED.items())
def test_each_is_offered_what_they_may_do(cast, name, places):
    person_id = cast.people[name].pk if name else None
    with scope(person_id=person_id, on=NOW.date()):
        rights = rights_of(person_id, on=NOW.date())
    labels = {item["label"] for item in menu("/", rights)}
    assert labels & WORK == places


@pytest.mark.parametrize(
    ("path", "label"), [("/entries/", "Ledger"), ("/entries/new/", "Record a saving"), ("/sign-off/", "Sign off")]
)
def test_the_page_one_is_on_is_marked(path, label):
    rights = Rights(frozenset({(1, "finance_lead")}))
    assert [item["label"] for item in menu(path, rights) if item["current"]] == [label]


def test_the_header_names_the_person_their_council_and_the_demonstration(sign_in):
    page = sign_in("asha").get(reverse("savings:ledger")).text
    assert "<strong>Asha Rao</strong>" in page
    assert '<span class="app-header__council">Northford</span>' in page
    assert "<strong>Demonstration.</strong>" in page


def test_a_page_that_is_not_there_still_says_who_is_signed_in(sign_in):
    """It is rendered after the scope has closed, so nothing behind the walls may be read for it."""
    answer = sign_in("asha").get("/entries/00000000-0000-4000-8000-000000000000/")
    assert answer.status_code == 404
    assert "<strong>Asha Rao</strong>" in answer.text


def test_an_address_that_was_never_there_says_so_too(sign_in):
    answer = sign_in("asha").get("/entires/")
    assert answer.status_code == 404
    assert "<strong>Asha Rao</strong>" in answer.text
    assert '<span class="app-header__council">Northford</span>' in answer.text
    assert reverse("savings:entry-new") in answer.text
    assert "It may also open once you sign in." not in answer.text


def test_a_stranger_at_an_unknown_address_is_offered_to_sign_in(sign_in):
    answer = sign_in(None).get("/entires/")
    assert answer.status_code == 404
    assert "Sign in" in answer.text


def test_when_the_reader_cannot_be_read_the_plain_page_is_shown(sign_in, monkeypatch):
    def broken(*_args, **_more):
        raise OperationalError("gone")

    monkeypatch.setattr(errors, "rights_of", broken)
    answer = sign_in("asha").get("/entires/")
    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_a_fault_says_who_is_signed_in_and_the_id_to_quote(sign_in, monkeypatch):
    def broken(*_args, **_more):
        raise ZeroDivisionError

    monkeypatch.setattr(reports, "ReportTable", broken)
    client = sign_in("asha")
    client.raise_request_exception = False
    answer = client.get(reverse("savings:reports"), headers={"X-Request-ID": "quote-this-1"})
    assert answer.status_code == 500
    assert "<strong>Asha Rao</strong>" in answer.text
    assert "quote <strong>quote-this-1</strong>" in answer.text


def test_the_page_for_a_fault_asks_nothing_of_the_database(rf):
    """Without the db mark a query would be an error."""
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "The fault is ours" in answer.text
