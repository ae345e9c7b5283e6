"""The pages of a month's end in Chromium at both widths: one world for a width, looked at by the finance lead."""

import pytest

from tests.browser.test_return_and_charge_pages import WIDTHS, fine
from tests.factories import a_file, an_entry
from tests.savings.reporting.ledger import southmere_pays

pytestmark = pytest.mark.browser

PAGES = (
    "", "sign-off/", "returns/calendar/", "account/reminders/", "recurring/", "recurring/NFD/2026-27/", "budgets/",
    "budgets/new/", "double-claims/", "entries/", "as-at/", "partnerships/north-south/business-cases/",
    "partnerships/north-south/business-cases/new/",
)  # fmt: skip


def busy(cast):
    """Something on each page: proven and bare amounts, a budget, charges that differ."""
    for month in (1, 2):
        an_entry(
            cast, month=month, files=[a_file()], ledger_code="R1", reduction_pence=5_000_00 if month == 1 else None
        )
    an_entry(cast, month=3)
    southmere_pays(cast, 480_00)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_the_pages_of_a_month_end(look, site, page, committed_cast, width):
    busy(committed_cast)
    page.set_viewport_size({"width": width, "height": 900})
    home = site("ben")
    for path in PAGES:
        fine(look, page, f"{home}/{path}")


def test_the_menu_of_a_finance_lead_stands_in_one_row_and_folds_on_a_phone(site, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site('ben')}/")
    places = page.locator(".govuk-service-navigation__item")
    tops = {round(box["y"]) for box in (place.bounding_box() for place in places.all())}
    assert places.count() == 12
    assert len(tops) == 1
    page.set_viewport_size({"width": 375, "height": 900})
    page.reload()
    assert page.get_by_role("button", name="Menu").is_visible()
    assert not places.first.is_visible()


def test_what_changed_does_not_push_the_documents_off_the_queue(site, page, committed_cast):
    busy(committed_cast)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site('ben')}/sign-off/")
    for table in page.locator(".app-table").all():
        assert table.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_a_recurring_saving_is_attested_without_script(site, browser, context, committed_cast):
    an_entry(committed_cast, year=2025, amount_pence=1_234_00)
    address = site("asha")
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{address}/recurring/NFD/2026-27/")
    page.get_by_role("radio", name="It has ended").check()
    page.get_by_text("If it has ended: why").click()
    page.get_by_label("Why it has ended").fill("The post was filled again")
    page.get_by_role("button", name="Record what is answered").click()
    page.get_by_text("Ended: “The post was filled again”").wait_for()
    plain.close()
