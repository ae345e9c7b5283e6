"""The page of a council that ends, before and after the day, in Chromium at both widths."""

import datetime

import pytest

from tests.browser.test_return_and_charge_pages import WIDTHS, fine
from tests.database import as_role
from tests.factories import an_entry, succeed

pytestmark = pytest.mark.browser
PAGE = "/councils/southmere/ending/"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("name", "on"), [("dev", datetime.date(2099, 4, 1)), ("cleo", datetime.date(2026, 4, 1))])
def test_nothing_is_wrong_with_the_page_of_a_council_that_ends(look, site, page, committed_cast, name, on, width):
    an_entry(committed_cast, by="omar", council="STM", month=4, amount_pence=1_234_567_00)
    with as_role("worker"):
        succeed(committed_cast, "STM", {"WSV": 6_000, "NFD": 4_000}, on=on)
    page.set_viewport_size({"width": width, "height": 900})
    home = site(name)
    fine(look, page, f"{home}{PAGE}")
    fine(look, page, f"{home}/")
