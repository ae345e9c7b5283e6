"""Schemes: adding one on the way to recording, and reading what one has come to."""

import pytest

from savings.models import Scheme
from tests import factories
from tests.savings.views.test_entries import seen_by

NEW = "/schemes/new/"


def filled(**changes):
    usual = {"then": "", "partnership": "north-south", "service": "revenues", "last_year": "", "description": ""}
    named = {"title": "Shared scanning", "reference": "REV-02", "owner": "Head of revenues"}
    return {**usual, **named, "benefit_class": "cash_releasing", "recurrence": "recurring", **changes}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reference": "REV-01"}, "This partnership already has a scheme with that reference."),
        ({"title": ""}, "Enter what is done"),
        ({"recurrence": "time_limited"}, "Choose the last year in which it saves."),
        ({"partnership": "elsewhere"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_with_the_form_as_it_was(cast, sign_in, changes, words):
    answer = sign_in("asha").post(NEW, filled(description="Keep this", **changes))
    assert words in answer.text
    assert "Keep this" in answer.text
    with seen_by(cast, "asha"):
        assert Scheme.objects.count() == 2


@pytest.mark.parametrize("name", ["erin", "gwen", "farah"])
def test_who_records_nothing_adds_none(sign_in, name):
    assert sign_in(name).get(NEW).status_code == 403
    assert sign_in(name).post(NEW, filled()).status_code == 403


def test_the_page_says_what_it_has_come_to(cast, sign_in, django_assert_max_num_queries):
    for month in range(1, 13):
        factories.an_entry(cast, month=month, amount_pence=10_00)
    asha, page = sign_in("asha"), cast.schemes["REV-01"].get_absolute_url()
    with django_assert_max_num_queries(28):
        text = asha.get(page).text
    assert "£120.00" in text
    assert "Head of revenues" in text
    assert "Record against this scheme" in text
    assert "Record against this scheme" not in sign_in("gwen").get(page).text
    assert sign_in("cleo").get(page).status_code == 404


def test_one_that_an_officer_adds_is_proposed(cast, sign_in):
    page = sign_in("asha").post(NEW, filled(), follow=True).text
    assert "Added: REV-02 Shared scanning." in page
    assert ">Proposed</dd>" in page
    assert ">Approved</dd>" not in page
