"""The people page, inviting, and the page behind a link, as pages."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from councils.acts import act
from councils.models import Council, Invitation, Person, Role
from tests.database import as_role
from tests.factories import acting
from tests.savings.joining import letter_sent

PEOPLE = "/councils/northford/people/"
FORM = {"name": "Nia Moss", "email": "Nia@Example.net", "what": "finance_officer"}
PASSWORD = "thirteen brown otters"


@pytest.fixture(autouse=True)
def nobody_counted():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def link(cast, sign_in):
    assert sign_in("ben").post(PEOPLE + "invite/", FORM).status_code == 302
    return f"/join/{letter_sent(timezone.now())}/"


def test_a_lead_invites_and_somebody_new_comes_in(cast, sign_in, link):
    page = sign_in("ben").get(PEOPLE).text
    for words in ("Invitations waiting", "Nia Moss", "nia@example.net", "Send it again"):
        assert words in page, words
    assert "nia@example.net" not in sign_in("erin").get(PEOPLE).text
    client = Client()
    opened = client.get(link)
    assert "Ben Carter" in opened.text
    assert "Northford Council" in opened.text
    assert "no-store" in opened["Cache-Control"]
    assert "same-origin" in opened["Referrer-Policy"]
    start = client.post(link, {"name": "Nia Moss", "password": PASSWORD}, follow=True)
    assert "You now act for Northford Council" in start.text
    assert "Record a saving" in start.text
    assert "accepted" in client.get(link).text
    assert "Nia Moss" in sign_in("ben").get(PEOPLE).text
    assert Client().post("/accounts/login/", {"login": FORM["email"], "password": PASSWORD})["Location"] == "/"


def test_opening_writes_nothing_and_nothing_is_lost_on_an_error(cast, link):
    client = Client()
    client.get(link)
    answer = client.post(link, {"name": "Nia Moss-Hill", "password": "short"})
    assert "Nia Moss-Hill" in answer.text
    assert "too short" in answer.text
    with as_role("worker"):
        assert not Person.objects.filter(name__startswith="Nia").exists()
        assert Invitation.objects.waiting().count() == 1


def test_signed_in_the_role_is_added(cast, sign_in, link):
    client = sign_in("cleo")
    assert "cleo@example.org" in client.get(link).text
    assert client.post(link, {}).status_code == 302
    assert client.get(PEOPLE).status_code == 200


def test_an_address_with_an_account_is_told_so_only_behind_the_link(cast, sign_in):
    page = sign_in("ben").post(PEOPLE + "invite/", FORM | {"email": "cleo@example.org"}, follow=True).text
    assert "cleo@example.org is invited" in page
    link = f"/join/{letter_sent(timezone.now())}/"
    assert "You have an account" in Client().get(link).text
    assert Client().post(link, {"name": "X", "password": PASSWORD}).status_code in (200, 422)
    assert "sent to somebody else" in sign_in("dev").get(link).text
    sign_in("dev").post(link, {})
    with as_role("worker"):
        assert not Role.objects.filter(person=cast.people["dev"], council=cast.councils["NFD"]).exists()


def test_a_guess_is_404_and_says_nothing(cast):
    answer = Client().get("/join/guess/")
    assert answer.status_code == 404
    assert "Northford" not in answer.text


def test_sending_again_and_revoking(cast, sign_in, link):
    client = sign_in("ben")
    with acting(cast.people["ben"]):
        first = Invitation.objects.get()
    client.post(f"/invitations/{first.public_id}/again/")
    assert "newer link" in Client().get(link).text
    newer = f"/join/{letter_sent(timezone.now())}/"
    with acting(cast.people["ben"]):
        second = Invitation.objects.waiting().get()
    assert "Say why" in client.post(f"/invitations/{second.public_id}/revoke/", {}, follow=True).text
    client.post(f"/invitations/{second.public_id}/revoke/", {"reason": "Wrong person"})
    assert "revoked" in Client().get(newer).text
    assert "Nobody is invited" in client.get(PEOPLE).text


@pytest.mark.parametrize("who", ["asha", "erin", "gwen", "cleo", "ada"])
def test_others_have_no_such_page(cast, sign_in, link, who):
    assert sign_in(who).get(PEOPLE + "invite/").status_code == 404
    assert sign_in(who).post(PEOPLE + "invite/", FORM).status_code == 404
    with acting(cast.people["ben"]):
        made = Invitation.objects.get()
    for step in ("again", "revoke"):
        answer = sign_in(who).post(f"/invitations/{made.public_id}/{step}/", {"reason": "x"})
        assert answer.status_code == 404, step


def test_a_role_is_changed_and_ended_by_its_page(cast, sign_in):
    client = sign_in("ben")
    with acting(cast.people["ben"]):
        asha = Role.objects.get(person=cast.people["asha"])
    address = f"{PEOPLE}{asha.public_id}/"
    assert address in client.get(PEOPLE).text
    assert "Enter the last day" in client.post(address, {"when": "day", "reason": "x"}).text
    assert "Say why" in client.post(address, {"when": "now"}).text
    assert client.post(address, {"when": "now", "reason": "Left"}).status_code == 302
    assert client.get(address).status_code == 404
    assert sign_in("asha").get(PEOPLE).status_code == 404


def test_the_last_lead_is_told_what_follows(cast, sign_in):
    client = sign_in("ben")
    with acting(cast.people["ben"]):
        ben = Role.objects.get(person=cast.people["ben"])
    address = f"{PEOPLE}{ben.public_id}/"
    assert "last finance lead" in client.get(address).text
    assert client.post(address, {"when": "now"}).status_code == 200
    assert client.post(address, {"when": "now", "reason": "Dana takes over"}, follow=True).status_code == 200


def test_an_administrator_finds_the_way(cast, sign_in):
    assert "Invite a council’s first finance lead" in sign_in("ada").get("/").text
    assert "First finance leads invited" in sign_in("ada").get("/invitations/").text
    assert sign_in("ben").get("/invitations/").status_code == 404


def test_the_first_lead_is_invited_from_the_councils_own_page(cast, sign_in):
    with as_role("worker"), act(by=cast.people["ada"], at=timezone.now(), verb="added", register=True) as this:
        Council.objects.create(
            act=this, code="NTN", name="Newton Council", short_name="Newton", slug="newton", kind="unitary",
            nation="England", invented=True,
        )  # fmt: skip
    client, address = sign_in("ada"), "/councils/newton/people/invite/"
    assert address in client.get("/councils/newton/").text
    assert address not in sign_in("cleo").get("/councils/newton/").text
    assert "/people/invite/" not in client.get("/councils/northford/").text
    sent = client.post(address, FORM | {"what": "finance_lead"}, follow=True)
    assert "nia@example.net" in sent.text
    link = f"/join/{letter_sent(timezone.now())}/"
    Client().post(link, {"name": "Nia Moss", "password": PASSWORD})
    assert address not in client.get("/councils/newton/").text
    assert client.get(address).status_code == 404
