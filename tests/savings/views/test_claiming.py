"""Claiming a partnership known from what was published, as a council's lead and an administrator do it."""

import pytest

from partnerships.models import Claiming
from savings.actions import schemes
from savings.reporting import rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry
from tests.partnerships.test_claiming import published  # noqa: F401 (a fixture)
from tests.savings.views.test_entries import NEW

URL = "/partnerships/known/"
CLAIM = URL + "claim/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def known(published):  # noqa: F811
    return published


def sent(**changed):
    return {
        "council": "northford", "role": "provider", "host": "on", "starts_on_0": "15", "starts_on_1": "6",
        "starts_on_2": "2026", "evidence": "Cabinet 12 May 2026, item 4", **changed,
    }  # fmt: skip


def claimed(client):
    assert "Claimed. An administrator checks it" in client.post(CLAIM, sent(), follow=True).text
    with as_role("worker"):
        return Claiming.objects.latest("pk").get_absolute_url()


def test_before_a_claim_the_page_says_so_and_nothing_can_be_recorded(cast, known, sign_in):
    ben = sign_in("ben")
    page = ben.get(URL).text
    assert "Nobody has claimed this partnership yet" in page
    assert f'href="{CLAIM}"' in page
    assert "A finance lead of a member can claim it." in sign_in(None).get(URL).text
    assert CLAIM not in sign_in("asha").get(URL).text
    assert "Known Services" not in sign_in("asha").get(NEW).text
    assert "Known Services" not in ben.get("/returns/").text
    refused = ben.post(f"{URL}invite/", {"council": "westvale", "role": "receiver", "starts_on_0": "1",
                                         "starts_on_1": "7", "starts_on_2": "2026", "message": ""}).text  # fmt: skip
    assert "claim it first" in refused


def test_a_claim_is_checked_and_the_ledger_begins(cast, known, sign_in):
    ben, ada = sign_in("ben"), sign_in("ada")
    url = claimed(ben)
    assert "Waiting for an administrator to check it." in ben.get(url).text
    start = ada.get("/").text
    assert "Claims to check" in start
    assert url in start
    page = ada.get(url).text
    for words in ("Cabinet 12 May 2026, item 4", "Named in what was published", "Yes", "Provider, host"):
        assert words in page, words
    assert "Say why." in ada.post(url, {"do": "accept", "reason": ""}).text
    said = ada.post(url, {"do": "accept", "reason": "The minute says so"}, follow=True).text
    assert "Accepted by Ada Lund" in said
    assert "The minute says so" in ben.get(url).text
    assert "Claims to check" not in ada.get("/").text
    page = ben.get(URL).text
    assert "Nobody has claimed" not in page
    assert "Known Services" in ben.get("/returns/").text
    assert "Known Services" in sign_in("asha").get("/entries/grid/").text
    stranger = sign_in(None).get(URL)
    assert stranger.status_code == 200  # what was published stays to be read
    assert "Nobody has claimed" not in stranger.text
    assert "Record a saving" not in stranger.text


def test_after_it_figures_are_the_members_only(cast, known, sign_in):
    claimed(sign_in("ben"))
    with as_role("worker"):
        url = Claiming.objects.latest("pk").get_absolute_url()
    sign_in("ada").post(url, {"do": "accept", "reason": "So"})
    cast.schemes["LAW-01"] = _scheme(cast, known)
    an_entry(cast._replace(partnership=known), scheme="LAW-01", year=2026, month=3, amount_pence=7_777_00)
    with as_role("worker"):
        rollups.drain()
    assert "7,777" in sign_in("ben").get(URL).text
    for name in (None, "cleo"):
        assert "7,777" not in sign_in(name).get(URL).text
        assert "7,777" not in sign_in(name).get("/partnerships/").text


def _scheme(cast, partnership):
    with acting(cast.people["ben"]) as how:
        return schemes.propose(
            **how, partnership=partnership, service=cast.schemes["REV-01"].service, reference="LAW-01", title="Lawyers",
            owner="Head of law", benefit_class="cash_releasing", recurrence="recurring",
        )  # fmt: skip


def test_a_refused_claim_says_why_and_a_withdrawn_one_is_over(cast, known, sign_in):
    ben, ada = sign_in("ben"), sign_in("ada")
    url = claimed(ben)
    assert "Refused by Ada Lund" in ada.post(url, {"do": "refuse", "reason": "No minute"}, follow=True).text
    assert "refused" in ben.get(CLAIM).text
    assert "No minute" in ben.get(url).text
    url = claimed(ben)
    assert "Withdrawn by Ben Carter" in ben.post(url, {"do": "withdraw", "reason": "A slip"}, follow=True).text
    assert ada.post(url, {"do": "accept", "reason": "Too late"}).status_code == 403


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"evidence": ""}, "Say how an administrator can check this."), ({"council": "southmere"}, "that you lead"),
     ({"role": ""}, "Say whether it provides"), ({"starts_on_2": "2020"}, "had not started by then")],
)  # fmt: skip
def test_what_is_missing_is_said_beside_the_field(cast, known, sign_in, changed, words):
    page = sign_in("ben").post(CLAIM, sent(**changed)).text
    assert words in page
    with as_role("worker"):
        assert not Claiming.objects.exists()


def test_who_may(cast, known, sign_in):
    assert sign_in("asha").get(CLAIM).status_code == 403
    assert sign_in("cleo").get(CLAIM).status_code == 200  # a lead of a council that was not named may show evidence
    assert sign_in("ada").get(CLAIM).status_code == 403
    assert sign_in("ben").get("/partnerships/north-south/claim/").status_code == 404
    url = claimed(sign_in("ben"))
    assert sign_in("cleo").get(url).status_code == 404
    assert sign_in("ben").post(url, {"do": "accept", "reason": "Ours"}).status_code == 403
    assert "Northford" in sign_in("ada").get("/claims/").text
    assert "Northford" not in sign_in("cleo").get("/claims/").text.split("<main")[1]


@pytest.mark.parametrize("address", [CLAIM, "/claims/"])
def test_the_pages_cost_few_queries(cast, known, sign_in, django_assert_max_num_queries, address):
    ben = sign_in("ben")
    with django_assert_max_num_queries(19):
        assert ben.get(address).status_code == 200
