"""The page of members over time: who, on which terms, what the shares come to, and which years a reader sees."""

import datetime

import pytest
from django.urls import reverse

from councils.acts import act
from partnerships.memberships import members_of
from partnerships.models import Membership
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry, show_to, until

URL = "/partnerships/north-south/members/"
DAY = datetime.date(2025, 1, 1)


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def westvale(cast):
    """Westvale joined on 1 January 2025."""
    with as_role("worker"), act(by=cast.people["ben"], at=NOW, verb="joined", subject="partnership") as this:
        return Membership.objects.create(
            act=this, partnership=cast.partnership, council=cast.councils["WSV"], role="receiver", starts_on=DAY
        )


def changed(cast, code, on, **terms):
    """A membership replaced from a day on, straight into the table, as a role that writes everything."""
    with as_role("worker"), act(by=cast.people["ben"], at=NOW, verb="changed membership", subject="x") as this:
        before = Membership.objects.current().get(council=cast.councils[code], ends_on=None)
        said = {
            name: getattr(before, name)
            for name in ("partnership", "council", "role", "host", "cost_share_bps", "gain_share_bps")
        }
        Membership.objects.create(act=this, **said, starts_on=before.starts_on, ends_on=on, replaces=before)
        return Membership.objects.create(act=this, **(said | terms), starts_on=on)


def page(client, url=URL):
    return client.get(url).content.decode()


def test_members_read_terms_and_whether_the_shares_are_whole(cast, sign_in):
    changed(cast, "STM", datetime.date(2024, 4, 1), cost_share_bps=3_500)
    text = page(sign_in("gwen"))
    assert "are not whole: 95%, 5% short" in text  # today
    for share in ("60%", "40%", "35%"):  # every row stands
        assert share in text
    assert "1 April 2024" in text
    assert "none agreed" in text


def test_one_council_is_one_member_however_often_its_terms_changed(cast, sign_in):
    changed(cast, "STM", datetime.date(2024, 4, 1), cost_share_bps=3_500)
    with acting(cast.people["ben"]):
        found = {each.council.code: each for each in members_of(cast.partnership, on=NOW.date())}
        assert len(members_of(cast.partnership, on=NOW.date())) == 2
        assert found["STM"].when == "since 1 April 2021"
        assert found["STM"].membership.cost_share_bps == 3_500
        (before,) = [e for e in members_of(cast.partnership, on=datetime.date(2023, 1, 1)) if e.council.code == "STM"]
        assert before.membership.cost_share_bps == 4_000
        assert before.current
    text = page(sign_in("ben"), "/partnerships/north-south/business-cases/new/")
    assert text.count("<li>Southmere, or STM</li>") == 1


def test_whoever_joined_is_told_which_years_they_see(cast, sign_in, westvale):
    an_entry(cast)
    said = "You see the years from 2024/25 of North and South Revenues, which Westvale joined on 1 January 2025."
    scheme = cast.schemes["REV-01"].get_absolute_url()
    for url in (URL, "/partnerships/north-south/", "/councils/westvale/", "/entries/", scheme,
                "/partnerships/north-south/business-cases/", "/returns/north-south/WSV/2025-26-q4/"):  # fmt: skip
        assert said in page(sign_in("cleo"), url), url
        assert "You see" not in page(sign_in("ben"), url), url


def test_whoever_left_is_told_as_well(cast, sign_in):
    until(cast, datetime.date(2024, 10, 1))
    text = page(sign_in("dev"), "/partnerships/north-south/")
    assert "You see the years to 2024/25 of North and South Revenues; Southmere left on 1 October 2024." in text


def test_nobody_else_finds_it(cast, sign_in):
    assert sign_in("cleo").get(URL).status_code == 404
    assert sign_in(None).get(URL).status_code == 404


def test_it_is_linked_from_the_partnership(cast, sign_in):
    assert reverse("partnerships:members", args=["north-south"]) in page(sign_in("gwen"), "/partnerships/north-south/")


def test_shares_are_for_members(cast, sign_in):
    show_to(cast, "public")
    text = page(sign_in(None))
    assert "Southmere" in text
    assert "Cost share" not in text
    assert "40%" not in text


@pytest.mark.parametrize("name", ["gwen", "cleo"])
def test_however_many_rows_it_costs_the_same(cast, sign_in, westvale, django_assert_max_num_queries, name):
    for year in range(2022, 2026):
        changed(cast, "NFD", datetime.date(year, 4, 1))
    client = sign_in(name)
    with django_assert_max_num_queries(17):
        page(client)
