"""Changing, leaving, claiming and joining, in Chromium at both widths: policy, console, accessibility, errors."""

import datetime

import pytest
from django.utils import timezone

from partnerships import changing, claiming, leaving
from partnerships.models import Membership
from tests.browser.test_return_and_charge_pages import fine
from tests.cast import NOW
from tests.factories import acting
from tests.partnerships.test_claiming import a_published_one
from tests.savings.joining import invite, letter_sent

WIDTHS = [1280, 375]
LONG = "Longwordedness" * 20
PAGE = "/partnerships/north-south/change/"

pytestmark = pytest.mark.browser


@pytest.fixture
def proposed(committed_cast):
    """New shares by population, with more to say than fits a line."""
    cast, members = committed_cast, []
    for code, share in (("NFD", 6_667), ("STM", 3_333)):
        members.append({
            "council": cast.councils[code], "role": "both", "host": code == "NFD", "cost_share_bps": share,
            "quantity": share * 30,
        })  # fmt: skip
    with acting(cast.people["ben"]) as how:
        return changing.propose(
            partnership=cast.partnership, proposing=cast.councils["NFD"], kind="terms", cost_key="population",
            starts_on=datetime.date(2027, 4, 1), reason=LONG, members=members, **how,
        )  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_changing(look, site, page, proposed, width):
    page.set_viewport_size({"width": width, "height": 900})
    home = site("dev")
    fine(look, page, home + "/")
    fine(look, page, home + PAGE)
    fine(look, page, home + "/partnerships/north-south/members/")
    for what in ("terms", "vehicle", "audience", "leaving", "ending"):
        fine(look, page, f"{home}{PAGE}?what={what}")
    page.goto(f"{home}{PAGE}?what=terms")
    page.get_by_role("button", name="Propose it").click()
    page.get_by_role("alert").get_by_text("There is a problem").wait_for()
    assert look(page) == []
    fine(look, page, home + proposed.get_absolute_url())
    page.get_by_role("button", name="Agree for Southmere").click()
    page.get_by_text("Agreed by all: it is so.").wait_for()
    assert look(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_leaving(look, site, page, committed_cast, width):
    cast = committed_cast
    with acting(cast.people["dev"]) as how:
        leaving.set_terms(
            partnership=cast.partnership, council=cast.councils["STM"], notice_months=12, exit_terms=LONG, **how
        )
        row = Membership.objects.current().get(partnership=cast.partnership, council=cast.councils["STM"])
        leaving.give_notice(
            membership=row, leaves_on=datetime.date(2028, 4, 1), reason=LONG, **how,
            costs=[{"council": cast.councils["STM"], "scheme_reference": "REV-01", "what": "exit", "year": 2027,
                    "amount_pence": 40_000_00}],
        )  # fmt: skip
    page.set_viewport_size({"width": width, "height": 900})
    home = site("ben")
    fine(look, page, home + "/")
    fine(look, page, home + "/partnerships/north-south/leave/")
    page.get_by_role("button", name="Give notice").click()
    page.get_by_role("alert").get_by_text("There is a problem").wait_for()
    assert look(page) == []
    page.goto(site("dev") + "/partnerships/north-south/leave/")
    page.get_by_text("Withdraw the notice").first.click()
    assert look(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_claiming(look, site, page, committed_cast, width):
    cast, known = committed_cast, a_published_one(committed_cast)
    page.set_viewport_size({"width": width, "height": 900})
    home = site("ben")
    fine(look, page, home + "/partnerships/known/")
    fine(look, page, home + "/partnerships/known/claim/")
    page.get_by_role("button", name="Claim it").click()
    page.get_by_role("alert").get_by_text("Say how an administrator can check this.").wait_for()
    assert look(page) == []
    with acting(cast.people["ben"]) as how:
        asked = claiming.claim(
            partnership=known, council=cast.councils["NFD"], role="both", starts_on=NOW.date(), evidence=LONG, **how
        )
    home = site("ada")
    fine(look, page, home + "/")
    fine(look, page, home + "/claims/")
    fine(look, page, home + asked.get_absolute_url())
    page.get_by_role("button", name="Accept it").click()
    page.get_by_role("alert").get_by_text("Say why.").wait_for()
    assert look(page) == []
    page.get_by_label("Why?").fill("The minute says so")
    page.get_by_role("button", name="Accept it").click()
    page.get_by_text("Accepted by Ada Lund").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_coming_in(look, site, page, committed_cast, width):
    now = timezone.now()
    invite(committed_cast, at=now, name="Nia " + "Longname" * 8)
    link = f"/join/{letter_sent(now)}/"
    page.set_viewport_size({"width": width, "height": 900})
    home = site("ben")
    for path in ("/councils/northford/joining/", "/councils/northford/people/", "/councils/northford/people/invite/"):
        fine(look, page, home + path)
    home = site("ada")
    fine(look, page, home + "/invitations/")
    page.context.clear_cookies()
    page.goto(home + link)
    assert look(page) == []
    page.get_by_label("Choose a password", exact=True).fill("short")
    page.get_by_role("button", name="Accept").first.click()
    page.get_by_role("alert").get_by_text("There is a problem").wait_for()
    assert look(page) == []


def test_an_invited_lead_comes_in_and_is_led_on(site, page, committed_cast):
    """The first of the journey of a new council, by the link of a letter; its figures are tested through the pages."""
    now = timezone.now()
    invite(committed_cast, at=now)
    link = f"/join/{letter_sent(now)}/"
    home = site(None)
    page.goto(home + link)
    page.get_by_label("Choose a password", exact=True).fill("thirteen brown otters")
    page.get_by_role("button", name="Accept").first.click()
    page.get_by_text("You now act for Northford Council").wait_for()
    page.goto(home + "/")
    page.get_by_role("link", name="Take Northford to its first signed quarter").click()
    page.get_by_role("heading", name="From nothing to the first signed quarter").wait_for()
    page.get_by_role("link", name="What it should save is drafted").click()
    page.get_by_role("heading", level=1).wait_for()
