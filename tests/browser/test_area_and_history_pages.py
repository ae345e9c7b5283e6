"""What became of real councils, areas and reorganisations, in Chromium at both widths: policy, console, accessibility.

The shares are worked out beforehand from the 2020 population: 274,396 of Cumbria's 499,781 people are 54.90%, 225,385
are 45.10%; 350,448 of Northamptonshire's 757,181 are 46.28%, 406,733 are 53.72%.
"""

import io

import pytest
from django.core.management import call_command

from tests.browser.test_return_and_charge_pages import fine
from tests.database import as_role
from tests.savings.known_money import bank_what_is_known
from tests.savings.reorganising import drafted

WIDTHS = [1280, 375]
TOLD = {
    "/partnerships/lgss/": ["North Northamptonshire (46.28%) and West Northamptonshire (53.72%)", "£11m"],
    "/partnerships/taunton-deane-and-west-somerset/": [
        "its area passed to Somerset West and Taunton (abolished 1 April 2023) and is now Somerset", "£6.35m", "£3.7m",
    ],
    "/councils/dorset-county/": ["Christchurch went to Bournemouth, Christchurch and Poole"],
    "/councils/cumbria/": ["Cumberland Council, from 1 April 2023: 54.90%",
                           "Westmorland and Furness Council, from 1 April 2023: 45.10%"],
    "/councils/cumbria/area/": ["Nothing that you may see is recorded", "Carlisle City Council (until 1 April 2023)"],
    "/carried/partnerships/lgss/": ["North Northamptonshire Council", "West Northamptonshire Council"],
    "/carried/councils/cumbria/": ["54.90%", "45.10%"],
    "/carried/councils/cumbria/area/": ["Nothing that you may see is recorded"],
}  # fmt: skip

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", WIDTHS)
def test_known_histories_read_as_they_were_and_carried(look, site, page, committed_cast, width):
    with as_role("worker"):
        call_command("load_reference", stdout=io.StringIO())
    page.set_viewport_size({"width": width, "height": 900})
    home = site(None)
    for path, told in TOLD.items():
        fine(look, page, home + path)
        text = " ".join(page.locator("main").inner_text().split())
        for words in told:
            assert words in text, (path, words)


#: What somebody of the successors reads of the pounds worked out in `known_money`.
POUNDS = {
    "/councils/taunton-deane/": ["£100.01"],
    "/partnerships/somerset-money/": ["£1,140.06", "Taunton Deane", "West Somerset", "Somerset West and Taunton"],
    "/carried/partnerships/somerset-money/": ["£1,140.06", "Somerset Council"],
    "/carried/councils/somerset/": ["£1,140.06"],
    "/councils/cumbria/": ["£100.01"],
    "/carried/councils/cumberland/": ["£74.91"],
    "/carried/councils/westmorland-and-furness/": ["£75.10"],
    "/carried/partnerships/northamptonshire-money/": ["£46.28", "£53.73", "£100.01"],
    "/carried/councils/dorset-council/": ["£75.05"],
    "/carried/councils/bournemouth-christchurch-and-poole/": ["£3.03"],
}


@pytest.mark.parametrize("width", WIDTHS)
def test_pounds_of_known_histories_arrive_where_they_should(look, site, page, committed_cast, width):
    with as_role("worker"):
        call_command("load_reference", stdout=io.StringIO())
        committed_cast.users["una"] = bank_what_is_known()
    page.set_viewport_size({"width": width, "height": 900})
    home = site("una")
    for path, told in POUNDS.items():
        fine(look, page, home + path)
        text = " ".join(page.locator("main").inner_text().split())
        for words in told:
            assert words in text, (path, words)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_with_the_pages_of_a_reorganisation(look, site, page, committed_cast, width):
    plan = drafted(committed_cast)
    page.set_viewport_size({"width": width, "height": 900})
    home = site("ada")
    for path in ("/reorganisations/", "/reorganisations/new/"):
        fine(look, page, home + path)
    fine(look, page, home + plan.get_absolute_url())
    fine(look, page, f"{home}{plan.get_absolute_url()}change/")
