"""Changing what members agreed, through the pages: proposed, answered by each, and in force with the last word.

By hand: populations of 200,000 and 100,001 share 10,000 basis points as 6,666.64 and 3,333.36, so 66.67% and 33.33%.
"""

import datetime

import pytest

from councils.acts import act
from councils.models import Council
from partnerships.models import Audience, Change, Ending, Membership, Vehicle
from tests.cast import NOW
from tests.database import as_role

PAGE, DAY = "/partnerships/north-south/change/", datetime.date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


def terms(**changed):
    return {
        "starts_on_0": "1", "starts_on_1": "10", "starts_on_2": "2026", "reason": "The population has changed",
        "cost_key": "population", "role-NFD": "provider", "host-NFD": "on", "quantity-NFD": "200000",
        "role-STM": "both", "quantity-STM": "100001", **changed,
    }  # fmt: skip


def proposed(client, what="terms", **sent):
    answer = client.post(f"{PAGE}?what={what}", sent or terms(), follow=True)
    assert "Proposed. It holds when every member has agreed." in answer.text
    with as_role("worker"):
        return Change.objects.latest("pk").get_absolute_url()


def held(cast, code, day=DAY):
    with as_role("worker"):
        row = Membership.objects.on(day).get(partnership=cast.partnership, council=cast.councils[code])
        return row.role, row.host, row.cost_share_bps


def test_shares_by_population_hold_from_the_day_when_all_have_agreed(cast, sign_in):
    ben, dev = sign_in("ben"), sign_in("dev")
    url = proposed(ben)
    assert held(cast, "STM") == ("receiver", False, 4_000)
    assert "Changes to agree to" in dev.get("/").text
    page = dev.get(url).text
    assert "60% → 66.67%" in page
    assert "40% → 33.33%" in page
    assert "Receiver → Provider and receiver" in page
    assert "200,000" in page
    said = dev.post(url, {"do": "agree"}, follow=True).text
    assert "Agreed by all: it is so." in said
    assert held(cast, "NFD") == ("provider", True, 6_667)
    assert held(cast, "STM") == ("both", False, 3_333)
    assert held(cast, "STM", DAY - datetime.timedelta(days=1)) == ("receiver", False, 4_000)
    assert "Changes to agree to" not in dev.get("/").text
    page = dev.get("/partnerships/north-south/members/").text
    assert "33.33%" in page
    assert "Population" in page
    assert "Every member has agreed" in ben.get(url).text


def test_one_member_refuses_and_nothing_changes(cast, sign_in):
    url = proposed(sign_in("ben"))
    dev = sign_in("dev")
    assert "Say why." in dev.post(url, {"do": "refuse", "reason": ""}).text
    page = dev.post(url, {"do": "refuse", "reason": "Not by population"}, follow=True).text
    assert "Refused, so nothing changes." in page
    assert "Not by population" in page
    assert held(cast, "STM") == ("receiver", False, 4_000)
    assert dev.post(url, {"do": "agree"}).status_code == 403


def test_whoever_proposed_takes_it_back(cast, sign_in):
    ben = sign_in("ben")
    url = proposed(ben)
    assert "Taken back" in ben.post(url, {"do": "withdraw", "reason": "A slip"}, follow=True).text
    assert sign_in("dev").post(url, {"do": "agree"}).status_code == 403


def test_the_vehicle_changes(cast, sign_in):
    url = proposed(sign_in("ben"), "vehicle", form="teckal", starts_on_0="1", starts_on_1="4", starts_on_2="2027",
                   reason="A company of our own")  # fmt: skip
    sign_in("dev").post(url, {"do": "agree"})
    with as_role("worker"):
        assert Vehicle.objects.filter(partnership=cast.partnership).latest("pk").form == "teckal"
    assert "Joint committee" in sign_in("dev").get(url).text


def test_to_fewer_at_once_and_to_more_by_all(cast, sign_in):
    ben, dev = sign_in("ben"), sign_in("dev")
    url = proposed(ben, "audience", who="public", reason="Let everybody read it")
    assert sign_in(None).get("/partnerships/north-south/").status_code == 404
    dev.post(url, {"do": "agree"})
    assert sign_in(None).get("/partnerships/north-south/").status_code == 200
    said = dev.post(f"{PAGE}?what=audience", {"who": "members", "reason": "Not yet"}, follow=True).text
    assert "Its figures are shown to: its members." in said
    with as_role("worker"):
        assert Audience.objects.latest("pk").who == "members"
    assert sign_in(None).get("/partnerships/north-south/").status_code == 404


def test_the_partnership_ends_by_the_word_of_all(cast, sign_in):
    url = proposed(sign_in("ben"), "ending", starts_on_0="1", starts_on_1="4", starts_on_2="2027", reason="It is over")
    with as_role("worker"):
        assert not Ending.objects.filter(partnership=cast.partnership).exists()
    sign_in("dev").post(url, {"do": "agree"})
    with as_role("worker"):
        assert Ending.objects.get(partnership=cast.partnership).ended_on == datetime.date(2027, 4, 1)
        current = Membership.objects.current().filter(partnership=cast.partnership)
        assert {row.ends_on for row in current} == {datetime.date(2027, 4, 1)}


def test_a_member_leaves_earlier_than_its_notice(cast, sign_in):
    url = proposed(sign_in("dev"), "leaving", council="STM", starts_on_0="1", starts_on_1="7", starts_on_2="2026",
                   reason="A service of its own")  # fmt: skip
    sign_in("ben").post(url, {"do": "agree"})
    with as_role("worker"):
        row = Membership.objects.current().get(partnership=cast.partnership, council=cast.councils["STM"])
        assert row.ends_on == datetime.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"quantity-STM": ""}, "Give the quantity of Southmere: the shares follow from it."),
        ({"quantity-NFD": "0", "quantity-STM": "0"}, "share out nothing"),
        ({"cost_key": "fixed", "cost-NFD": "60", "cost-STM": "30"}, "The cost shares come to 90% for 2 of 2 members."),
        ({"cost_key": "fixed", "cost-NFD": "100"}, "for 1 of 2 members"),
        ({"gain-NFD": "60", "gain-STM": "60"}, "The gain shares come to 120%"),
        ({"starts_on_2": "2025"}, "It can hold from 1 April 2026"),
        ({"reason": " "}, "Say why."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(cast, sign_in, sent, words):
    page = sign_in("ben").post(f"{PAGE}?what=terms", terms(**sent)).text
    assert words in page
    assert "There is a problem" in page
    with as_role("worker"):
        assert not Change.objects.exists()


def test_who_may(cast, sign_in):
    url = proposed(sign_in("ben"))
    for name, may_choose, may_propose, may_read in (
        ("asha", 200, 403, 200), ("erin", 200, 403, 200), ("cleo", 404, 404, 404), ("ada", 404, 404, 404),
    ):  # fmt: skip
        client = sign_in(name)
        got = [client.get(address).status_code for address in (PAGE, f"{PAGE}?what=terms", url)]
        assert got == [may_choose, may_propose, may_read], name
        assert client.post(url, {"do": "agree"}).status_code in (403, 404), name
    assert sign_in("ben").post(url, {"do": "agree"}).status_code == 403  # has answered by proposing


def test_a_member_without_a_lead_is_named_with_the_way_out(cast, sign_in):
    with as_role("worker"), act(by=cast.people["ada"], at=NOW, verb="added", subject="it", register=True) as this:
        lone = Council.objects.create(
            act=this, code="LON", name="Lonely Council", short_name="Lonely", slug="lonely", kind="unitary",
            nation="England", region="South West", started_on=datetime.date(2009, 4, 1), invented=True,
        )  # fmt: skip
        Membership.objects.create(
            act=this, partnership=cast.partnership, council=lone, role="receiver", starts_on=datetime.date(2026, 4, 1)
        )
    url = proposed(sign_in("ben"), "ending", starts_on_0="1", starts_on_1="4", starts_on_2="2027", reason="It is over")
    page = sign_in("dev").post(url, {"do": "agree"}, follow=True).text
    assert "It holds when the others have agreed too." in page
    assert "Nobody leads the finances of Lonely here. Ask an administrator to invite its finance lead" in page
    assert "Nobody leads the finances of Southmere" not in page


KINDS = ["", "?what=terms", "?what=vehicle", "?what=audience", "?what=leaving", "?what=ending"]


@pytest.mark.parametrize("what", KINDS)
def test_the_pages_cost_few_queries(cast, sign_in, django_assert_max_num_queries, what):
    ben = sign_in("ben")
    with django_assert_max_num_queries(15):
        assert ben.get(PAGE + what).status_code == 200
