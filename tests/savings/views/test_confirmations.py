"""Confirmation for people with an account: asking, answering, contacts, the list, and where it shows."""

import uuid

import pytest
from django.utils import timezone

from savings.models import Confirmation, ConfirmationRequest, Contact
from savings.reporting import rollups
from tests.database import as_role
from tests.factories import acting, an_entry
from tests.savings.confirming import DAY, ask, give_contact

YES = {"whole": "agree", "without_sharing": "under_quarter"}
ASK, CONTACTS = "/confirmations/ask/north-south/", "/confirmations/contacts/north-south/"


def asking(*councils, quarter="2025-26-q4"):
    return {"quarter": quarter, "councils": councils, "token": str(uuid.uuid4())}


@pytest.fixture
def asked(cast):
    an_entry(cast)
    return ask(cast, at=timezone.now())


def test_a_lead_asks_and_the_other_member_answers(cast, sign_in):
    an_entry(cast)
    ben, omar = sign_in("ben"), sign_in("omar")
    page = ben.post(ASK, asking("southmere", "northford"), follow=True).text
    assert "Asked about January to March 2026: Southmere." in page
    assert "so there is nothing to ask Northford" in page
    with acting(cast.people["ben"]):
        address = ConfirmationRequest.objects.get().get_absolute_url()
    assert address in omar.get("/").text
    assert "Answer for Southmere" in omar.get(address).text
    assert "Answer for Southmere" not in ben.get(address).text
    page = omar.post(address, YES, follow=True).text
    assert "Answered for Southmere. Reference C-" in page
    assert "can no longer be answered" in omar.post(address, YES, follow=True).text
    with acting(cast.people["ben"]):
        assert Confirmation.objects.get().answered_by == cast.people["omar"]


@pytest.mark.parametrize("who", ["ben", "erin", "farah", "gwen"])
def test_nobody_else_answers(cast, sign_in, asked, who):
    assert sign_in(who).post(asked.get_absolute_url(), YES).status_code == 403


@pytest.mark.parametrize("who", ["asha", "omar", "erin", "farah", "gwen"])
def test_only_leads_ask_and_set_contacts(cast, sign_in, asked, who):
    client = sign_in(who)
    assert client.get(ASK).status_code == 403
    assert client.post(f"{asked.get_absolute_url()}again/").status_code == 403
    assert client.post(CONTACTS, {"name": "X", "email": "x@example.net"}).status_code == 403
    assert client.post(f"{asked.get_absolute_url()}revoke/", {"reason": "x"}).status_code == 403


def test_asking_again_and_taking_back(cast, sign_in, asked):
    dev = sign_in("dev")
    page = dev.post(f"{asked.get_absolute_url()}again/", {"token": uuid.uuid4()}, follow=True).text
    assert "Southmere is asked again" in page
    with acting(cast.people["dev"]):
        newest = ConfirmationRequest.objects.latest("pk")
    assert "There is a problem" in dev.post(f"{newest.get_absolute_url()}revoke/", {"reason": ""}).text
    assert "Taken back" in dev.post(f"{newest.get_absolute_url()}revoke/", {"reason": "Too early"}, follow=True).text
    listed = dev.get("/confirmations/").text
    assert "Asked again since" in listed
    assert "Taken back" in listed
    assert "No request matches" in dev.get("/confirmations/?state=answered").text


def test_a_form_sent_twice_asks_once_and_says_so(cast, sign_in):
    an_entry(cast)
    ben, form = sign_in("ben"), asking("southmere")
    assert "Asked about January to March 2026: Southmere." in ben.post(ASK, form, follow=True).text
    page = ben.post(ASK, form, follow=True).text
    assert "That form was sent before" in page
    assert "Asked then about January to March 2026: Southmere." in page
    with acting(cast.people["ben"]):
        one = ConfirmationRequest.objects.get()
    again = {"token": str(uuid.uuid4())}
    assert "is asked again" in ben.post(f"{one.get_absolute_url()}again/", again, follow=True).text
    assert "was asked again then" in ben.post(f"{one.get_absolute_url()}again/", again, follow=True).text
    assert "Nobody was asked" in ben.post(f"{one.get_absolute_url()}again/", follow=True).text
    with acting(cast.people["ben"]):
        assert ConfirmationRequest.objects.count() == 2


def test_a_token_of_somebody_elses_request_is_refused_in_words(cast, sign_in, asked):
    taken = {"token": str(asked.public_id)}
    page = sign_in("dev").post(f"{asked.get_absolute_url()}again/", taken, follow=True).text
    assert "no longer good" in page


def test_contacts_are_a_leads_own(cast, sign_in):
    dev, ben = sign_in("dev"), sign_in("ben")
    assert "There is a problem" in dev.post(CONTACTS, {"name": "Jo", "email": "nonsense"}).text
    jo = {"name": "Jo", "email": "jo@example.net"}
    assert "Jo is a contact of Southmere." in dev.post(CONTACTS, jo, follow=True).text
    assert "jo@example.net" in dev.get(CONTACTS).text
    assert "jo@example.net" not in ben.get(CONTACTS).text
    with acting(cast.people["dev"]):
        contact = Contact.objects.get()
    assert ben.post(f"/confirmations/contacts/{contact.public_id}/end/").status_code == 403
    changed = dev.post(
        f"{CONTACTS}?change={contact.public_id}", {"name": "Jo Ng", "email": "ng@example.net"}, follow=True
    )
    assert "Jo Ng" in changed.text
    with acting(cast.people["dev"]):
        contact = Contact.objects.get(replaces=contact)
    page = dev.post(f"/confirmations/contacts/{contact.public_id}/end/", follow=True).text
    assert "is not asked any more" in page
    assert "No contacts yet" in page


def test_pages_say_who_confirms(cast, sign_in, asked):
    ben, omar = sign_in("ben"), sign_in("omar")
    entry = f"/entries/{asked_entry(cast)}/"
    assert "and has not answered" in ben.get(entry).text
    assert "Up to 10 days: 1 request" in ben.get("/partnerships/north-south/").text
    omar.post(asked.get_absolute_url(), YES)
    with as_role("worker"):
        rollups.drain()
    assert "agreed on" in ben.get(entry).text
    for address in ("/partnerships/north-south/", "/councils/northford/"):
        page = ben.get(address).text
        assert "the members say that between £750.00 and £1,000.00 needed sharing" in page, address
    assert "1 answer, on average 0.0 days after being asked." in ben.get("/partnerships/north-south/").text
    assert "1 answer, on average 0.0 days after being asked." in ben.get("/confirmations/").text
    assert "Unanswered by age" not in ben.get("/confirmations/?standing=answered").text


def asked_entry(cast):
    with acting(cast.people["ben"]):
        return ConfirmationRequest.objects.get().partnership.entries.get().public_id


def test_the_list_costs_the_same_for_many(cast, sign_in, asked, django_assert_max_num_queries):
    give_contact(cast, at=timezone.now())
    for days in range(8, 0, -1):  # a day has only so many of them
        ask(cast, at=timezone.now() - 2 * days * DAY)
    ben = sign_in("ben")
    ben.get("/confirmations/")
    with django_assert_max_num_queries(18):
        assert "9 requests" in (text := ben.get("/confirmations/").text)
    assert "Up to 10 days: 1 request" in text
