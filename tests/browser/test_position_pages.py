"""The pages people judge by, in Chromium at both widths: policy, console, accessibility, nothing too wide."""

import pytest
from playwright.sync_api import expect

from tests.cast import NOW
from tests.factories import a_proven_entry, an_entry
from tests.savings.reporting.ledger import roll_up, southmere_claims, southmere_pays

WIDTHS = [1280, 375]
PAGES = [
    (None, "/"), (None, "/councils/"), (None, "/partnerships/"), (None, "/councils/northford/"),
    ("erin", "/"), ("erin", "/councils/northford/"), ("erin", "/partnerships/north-south/"),
    ("ben", "/"), ("ben", "/partnerships/north-south/business-cases/new/"),
]  # fmt: skip


@pytest.fixture
def ledger(committed_cast):
    a_proven_entry(committed_cast, year=2024, amount_pence=3_000_00, code="R1")
    an_entry(committed_cast, year=2025, amount_pence=4_000_00)
    southmere_claims(committed_cast, amount_pence=70_00)
    southmere_pays(committed_cast, 500_00)
    roll_up()
    assert NOW.year == 2026  # the pages are read today, after all of it


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_what_people_judge_by(look, ledger, site, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for name, path in PAGES:
        page.context.clear_cookies()
        page.goto(f"{site(name)}{path}")
        assert look(page) == [], (name, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, path)


@pytest.mark.browser
def test_charts_are_drawn_and_without_script_their_tables_stand(look, ledger, site, page, browser):
    page.goto(f"{site('erin')}/partnerships/north-south/")
    expect(page.locator(".app-chart[data-drawn]")).to_have_count(2, timeout=20_000)
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    still = plain.new_page()
    still.goto(page.url)
    assert still.locator(".app-chart").first.is_hidden()
    still.locator("summary").first.click()
    assert still.get_by_text("added up to the end of each year").first.is_visible()
    plain.close()
