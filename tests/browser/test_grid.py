"""The grid by keyboard and clipboard, in a browser, and two people at once."""

import pytest

from councils.years import FinancialYear
from savings.standing_cells import standing_cells
from tests.factories import acting, an_entry

pytestmark = pytest.mark.browser
HERE = "/entries/grid/?council=NFD&partnership=north-south&year=2025"
PASTE = """
(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(event);
}
"""


def cell(page, scheme, month):
    return page.get_by_label(f"{scheme} saving, cash-releasing, recurring, {month}", exact=True)


def stands(cast):
    with acting(cast.people["asha"]):
        found = standing_cells(council=cast.councils["NFD"], partnership=cast.partnership, year=FinancialYear(2025))
    return sorted((month, held.pence) for months in found.values() for month, held in months.items())


@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_is_wrong_with_its_pages(look, committed_cast, site, page, width):
    an_entry(committed_cast, month=2)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site('asha')}{HERE}")
    assert look(page) == []
    cell(page, "REV-01", "May 2025").fill("900")
    cell(page, "ICT-01", "June 2025").fill("1.2.3")
    page.get_by_role("button", name="Check and save").click()
    assert look(page) == []
    cell(page, "ICT-01", "June 2025").fill("5")
    page.get_by_role("button", name="Check and save").click()
    assert look(page) == []
    page.get_by_label("Why are amounts already recorded changed?").fill("Keyed twice")
    page.get_by_role("button", name="Save").click()
    assert look(page) == []
    assert stands(committed_cast) == [(2, 900_00), (3, 5_00)]


def test_keys_move_as_in_a_spreadsheet_and_totals_follow(committed_cast, site, page):
    an_entry(committed_cast, month=2)
    page.goto(f"{site('asha')}{HERE}")
    rows = page.locator("tr[data-row] [data-total]")
    months = page.locator("tr[data-totals] td")
    assert rows.all_inner_texts() == ["none", "£1,000.00"]  # as the server said
    assert months.nth(1).inner_text() == "none"
    cell(page, "ICT-01", "April 2025").focus()
    page.keyboard.type("10")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("20.50")
    page.keyboard.press("Enter")  # down
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("REV-01")
    page.keyboard.type("(5)")
    page.keyboard.press("Escape")
    assert cell(page, "REV-01", "May 2025").input_value() == "1000"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F2")
    page.keyboard.press("ArrowLeft")  # moves in the text, not to another cell
    page.keyboard.type("1")
    assert cell(page, "ICT-01", "May 2025").input_value() == "20.510"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").endswith("June 2025")
    cell(page, "ICT-01", "May 2025").fill("20.50")
    assert rows.all_inner_texts() == ["£30.50", "£1,000.00"]
    assert months.nth(2).inner_text() == "£1,020.50"
    assert page.locator("[data-count]").inner_text() == "2 cells changed and not saved."


def test_a_block_is_pasted_where_the_focus_is(committed_cast, site, page):
    page.goto(f"{site('asha')}{HERE}")
    cell(page, "ICT-01", "May 2025").focus()
    page.evaluate(PASTE, "May\tJun\tJul\r\n£1,200.50\t(500)\t\r\n7\t8\t9\r\n")
    assert cell(page, "ICT-01", "May 2025").input_value() == "£1,200.50"
    assert cell(page, "REV-01", "July 2025").input_value() == "9"
    page.get_by_role("button", name="Check and save").click()
    assert page.get_by_role("link", name="ICT-01 saving, cash-releasing, recurring, June 2025: A negative").is_visible()
    cell(page, "REV-01", "March 2026").focus()
    page.evaluate(PASTE, "1\t2\t3\n")
    assert "Nothing was pasted: you copied 1 rows and 3 columns" in page.locator("[data-count]").inner_text()


def test_two_at_once_are_shown_both_values(committed_cast, site, page, look):
    an_entry(committed_cast, month=2)
    page.goto(f"{site('asha')}{HERE}")
    cell(page, "REV-01", "June 2025").fill("800")
    an_entry(committed_cast, by="ben", month=3, amount_pence=700_00)
    page.get_by_role("button", name="Check and save").click()
    assert page.get_by_role("heading", level=1, name="Somebody else changed the same").is_visible()
    assert look(page) == []
    page.get_by_label("Put my £800.00 in its place").check()
    page.get_by_label("Why are amounts already recorded changed?").fill("Agreed with Ben")
    page.get_by_role("button", name="Save").click()
    assert stands(committed_cast) == [(2, 1_000_00), (3, 800_00)]


def test_a_whole_year_fits_on_a_broad_sheet(committed_cast, site, page):
    an_entry(committed_cast, month=2, amount_pence=1_234_567_00)
    page.set_viewport_size({"width": 1046, "height": 700})  # A4 across, less its margins
    page.goto(f"{site('asha')}{HERE}")
    page.emulate_media(media="print")
    assert page.locator(".app-grid").evaluate("it => it.scrollWidth <= it.clientWidth")
    assert page.locator(".app-grid input[value='1234567']").evaluate("it => it.scrollWidth <= it.clientWidth")
