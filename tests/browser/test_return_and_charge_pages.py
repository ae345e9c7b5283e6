"""Returns and charges in Chromium at both widths, and without script."""

import pytest

from councils.years import FinancialYear
from tests.factories import an_entry
from tests.savings.actions.test_returns import closed, signed_off, take
from tests.savings.reporting.ledger import southmere_pays

WIDTHS = [1280, 375]
Q1, Q2, *_ = FinancialYear(2025).quarters

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


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_the_pages_of_returns(look, site, page, committed_cast, width):
    southmere_pays(committed_cast, 500_00)
    an_entry(committed_cast, month=4)
    an_entry(committed_cast, year=2024)
    take(committed_cast, "submitted", by="asha")
    signed_off(committed_cast, quarter=Q2)
    closed(committed_cast, quarter=Q1)
    an_entry(committed_cast, month=2)
    page.set_viewport_size({"width": width, "height": 900})
    home = site("ben")
    for path in ("", "north-south/NFD/2024-25-q4/", *(f"north-south/NFD/2025-26-q{n}/" for n in (1, 2, 3, 4))):
        fine(look, page, f"{home}/returns/{path}")
    fine(look, page, f"{home}/entries/new/")


def test_a_return_is_submitted_without_script(site, browser, context, committed_cast):
    address = site("asha")
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{address}/returns/")
    page.get_by_role("link", name="April to June 2021").click()
    page.get_by_label("There were no savings in this quarter").check()
    page.get_by_label("There were no costs of sharing in this quarter").check()
    page.get_by_role("button", name="Submit the return").click()
    page.get_by_text("Submitted: Northford, April to June 2021.").wait_for()
    plain.close()
