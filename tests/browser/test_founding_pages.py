"""Founding a partnership and answering an offer, in Chromium at both widths, and without script."""

import pytest

from councils.scope import scope
from partnerships import offering
from partnerships.models import MembershipOffer
from tests.browser.test_return_and_charge_pages import fine
from tests.cast import NOW
from tests.database import as_role

WIDTHS = [1280, 375]
LONG = "Longwordedness" * 20

pytestmark = pytest.mark.browser


@pytest.fixture
def asked(committed_cast):
    """Northford asks Westvale, with more to say than fits a line."""
    cast = committed_cast
    with scope(person_id=cast.people["ben"].pk, on=NOW.date()):
        return offering.offer(
            by=cast.people["ben"], at=NOW, partnership=cast.partnership, offering=cast.councils["NFD"],
            council=cast.councils["WSV"], role="receiver", starts_on=NOW.date(), cost_share_bps=1_000, message=LONG,
        )  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_founding_and_inviting(look, site, page, asked, width):
    page.set_viewport_size({"width": width, "height": 900})
    home = site("ben")
    for path in ("/partnerships/new/", "/partnerships/north-south/invite/", "/partnerships/north-south/"):
        fine(look, page, home + path)
    fine(look, page, home + asked.get_absolute_url())
    page.goto(f"{home}/partnerships/new/")
    page.get_by_role("button", name="Found it").click()
    page.get_by_role("alert").get_by_text("There is a problem").wait_for()
    assert look(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_an_offer_for_whoever_is_asked(look, site, page, asked, width):
    page.set_viewport_size({"width": width, "height": 900})
    home = site("cleo")
    fine(look, page, f"{home}/")
    fine(look, page, home + asked.get_absolute_url())
    page.get_by_role("button", name="Decline for Westvale").click()
    page.get_by_role("alert").get_by_text("Say why.").wait_for()
    assert look(page) == []


def test_a_partnership_is_founded_and_joined_without_script(site, browser, context, committed_cast):
    home = site("ben")
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{home}/partnerships/new/")
    page.get_by_label("Name", exact=True).fill("Shared legal")
    page.get_by_label("Information technology").check()
    page.get_by_label("Vehicle").select_option("shared_staff")
    page.get_by_label("Save money").check()
    for part, value in (("Day", "1"), ("Month", "4"), ("Year", "2026")):
        page.get_by_label(part).fill(value)
    page.get_by_label("Provider", exact=True).check()
    page.get_by_role("button", name="Found it").click()
    page.get_by_text("Shared legal is founded.").wait_for()
    page.get_by_label("Which council?").select_option("westvale")
    page.get_by_label("Receiver", exact=True).check()
    page.get_by_role("button", name="Send the offer").click()
    page.get_by_text("Offered. Westvale Council joins when its finance lead accepts.").wait_for()
    with as_role("worker"):
        asked = MembershipOffer.objects.get(partnership__slug="shared-legal")
    site("cleo")
    plain.clear_cookies()
    plain.add_cookies(context.cookies())
    page.goto(home + asked.get_absolute_url())
    page.get_by_role("button", name="Accept for Westvale").click()
    page.get_by_text("Westvale Council is a member.").wait_for()
    plain.close()
