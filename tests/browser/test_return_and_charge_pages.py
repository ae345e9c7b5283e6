"""Returns and charges in Chromium at both widths, and without script."""

import pytest

from tests.savings.reporting.ledger import southmere_pays

WIDTHS = [1280, 375]

pytestmark = pytest.mark.browser


def fine(look, page, address):
    page.goto(address)
    assert look(page) == [], address
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], address


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_the_pages_of_charges(look, site, page, committed_cast, width):
    mine = southmere_pays(committed_cast, 480_00, by="asha", council="NFD")
    southmere_pays(committed_cast, 1_234_500_00)
    page.set_viewport_size({"width": width, "height": 900})
    home = site("asha")
    for path in ("", "?year=1999", "new/", "differences/", f"{mine.public_id}/reverse/"):
        fine(look, page, f"{home}/charges/{path}")


def test_a_charge_is_reported_without_script(site, browser, context, committed_cast):
    address = site("omar")
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{address}/charges/new/")
    page.get_by_label("Partnership").select_option("north-south")
    page.get_by_label("We paid it").check()
    page.get_by_label("The other member").select_option("NFD")
    page.get_by_label("Amount", exact=True).fill("500")
    page.get_by_label("Financial year").select_option("2025")
    page.get_by_label("Month").select_option("3")
    page.get_by_label("Final", exact=True).check()
    page.get_by_role("button", name="Report it").click()
    page.get_by_text("Reported for Southmere: £500.00").wait_for()
    plain.close()
