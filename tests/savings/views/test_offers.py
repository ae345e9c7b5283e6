"""Founding, inviting and answering, as people do it."""

import pytest

from partnerships.models import MembershipOffer, Partnership
from tests.adversary.test_every_address import an_offer
from tests.cast import NOW
from tests.database import as_role

TERMS = {"role": "receiver", "cost_share": "40", "gain_share": "40"}
FOUNDING = {
    "name": "Shared legal", "summary": "One team.", "services": "ict", "form": "shared_staff", "purposes": "save",
    "started_on_0": "1", "started_on_1": "4", "started_on_2": "2026", "council": "northford", "role": "provider",
    "host": "on", "cost_share": "60", "gain_share": "",
}  # fmt: skip
NEW = "/partnerships/new/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def founded(cast, sign_in):
    ben = sign_in("ben")
    answer = ben.post(NEW, FOUNDING)
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url == "/partnerships/shared-legal/invite/"
    day = {f"starts_on_{n}": part for n, part in enumerate(("1", "4", "2026"))}
    assert ben.post(answer.url, {"council": "westvale", **TERMS, **day, "message": "Come"}).status_code == 302
    with as_role("worker"):
        return Partnership.objects.get(slug="shared-legal"), MembershipOffer.objects.get(council=cast.councils["WSV"])


def test_only_a_lead_founds_and_nothing_typed_is_lost(cast, sign_in):
    assert sign_in("asha").get(NEW).status_code == 403
    page = sign_in("ben").post(NEW, {**FOUNDING, "form": "", "services": []}).text
    assert "Choose at least one service." in page
    assert "Shared legal" in page


def test_the_council_asked_reads_the_offer_and_accepts(founded, sign_in):
    partnership, asked = founded
    url, cleo, ben = asked.get_absolute_url(), sign_in("cleo"), sign_in("ben")
    assert url in cleo.get("/").text
    page = cleo.get(url).text
    for words in ("Northford asks Westvale to join", "40%", "Accept for Westvale"):
        assert words in page
    assert cleo.get(partnership.get_absolute_url()).status_code == 404
    assert sign_in("dev").get(url).status_code == 404
    assert "waiting for its finance lead" in ben.get(partnership.get_absolute_url()).text
    assert ben.post(url, {"do": "accept"}).status_code == 403
    assert cleo.post(url, {"do": "accept"}, follow=True).status_code == 200
    assert "Westvale Council" in cleo.get(partnership.get_absolute_url()).text
    assert url not in cleo.get("/").text


def test_declining_says_why_and_withdrawing_too(founded, sign_in):
    _, asked = founded
    url, cleo = asked.get_absolute_url(), sign_in("cleo")
    assert "Say why." in cleo.post(url, {"do": "decline", "reason": ""}).text
    assert "No money" in cleo.post(url, {"do": "decline", "reason": "No money"}, follow=True).text
    assert "Declined by Cleo Marsh" in sign_in("ben").get(url).text
    assert cleo.post(url, {"do": "accept"}).status_code == 403


def test_a_member_takes_it_back(founded, sign_in):
    _, asked = founded
    page = sign_in("ben").post(asked.get_absolute_url(), {"do": "withdraw", "reason": "Slip"}, follow=True).text
    assert "Withdrawn by Ben Carter" in page
    assert "Accept for" not in sign_in("cleo").get(asked.get_absolute_url()).text


def test_somebody_elses_partnership_is_not_found(cast, sign_in):
    assert sign_in("cleo").get("/partnerships/north-south/invite/").status_code == 404
    assert sign_in("asha").get("/partnerships/north-south/invite/").status_code == 403


def test_the_pages_cost_few_queries(founded, sign_in, django_assert_max_num_queries):
    partnership, asked = founded
    for who, url, most in (
        ("ben", NEW, 17), ("ben", f"{partnership.get_absolute_url()}invite/", 19),
        ("cleo", asked.get_absolute_url(), 17),
    ):  # fmt: skip
        client = sign_in(who)
        client.get(url)
        with django_assert_max_num_queries(most):
            client.get(url)


def test_a_council_without_a_lead_is_asked_and_the_page_says_who_helps(cast, sign_in):
    asked = an_offer(cast)
    ben = sign_in("ben")
    assert "Nobody leads the finances of Easthaven here yet" in ben.get(asked.get_absolute_url()).text
    assert "an administrator invites its lead first" in ben.get(cast.partnership.get_absolute_url()).text


def test_the_list_leads_to_founding(cast, sign_in):
    assert NEW in sign_in("ben").get("/partnerships/").text
    assert NEW not in sign_in("asha").get("/partnerships/").text


def test_what_changed_tells_members_of_who_joined(founded, sign_in):
    partnership, asked = founded
    sign_in("cleo").post(asked.get_absolute_url(), {"do": "accept"})
    page = sign_in("ben").get(f"{partnership.get_absolute_url()}changes/").text
    assert "Cleo Marsh" in page
    assert "Westvale as a member: receiver" in page


def test_two_answers_at_once_are_one(founded, sign_in):
    _, asked = founded
    cleo, ben = sign_in("cleo"), sign_in("ben")
    ben.post(asked.get_absolute_url(), {"do": "withdraw", "reason": "Slip"})
    assert cleo.post(asked.get_absolute_url(), {"do": "accept"}).status_code == 403


def test_an_address_already_taken_gets_letters_more(founded, sign_in):
    answer = sign_in("dev").post(NEW, {**FOUNDING, "council": "southmere"})
    assert answer.url.startswith("/partnerships/shared-legal-")
    assert sign_in("ben").post(NEW, {**FOUNDING, "name": "New"}).url.startswith("/partnerships/new-")


def test_nobody_founds_for_a_council_they_do_not_lead(cast, sign_in):
    page = sign_in("ben").post(NEW, {**FOUNDING, "council": "southmere"})
    assert page.status_code == 200
    assert "Choose a council of the list." in page.text
