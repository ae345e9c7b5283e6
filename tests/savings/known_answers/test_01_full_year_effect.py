"""Known answer 1: £1m a year, live on 1 October, three years: in-year 0.5, 1, 1; run-rate 1; cumulative 2.5."""

import html
import re

import pytest

from tests.savings.views.test_entries import filled

AMOUNTS = {2023: "500,000.00", 2024: "1,000,000.00", 2025: "1,000,000.00"}


@pytest.fixture
def told(cast, sign_in):
    """Recorded and dated through the pages, as Asha would; the text of the scheme's own page."""
    asha, scheme = sign_in("asha"), cast.schemes["REV-01"]
    for year, amount in AMOUNTS.items():
        answer = asha.post(
            "/entries/new/",
            filled(cast, year=str(year), month="year", amount=amount, ledger_code="", reduction="", anyway="on"),
        )
        assert answer.status_code == 302, answer.text
    change = {
        "owner": scheme.owner, "benefit_class": "cash_releasing", "recurrence": "recurring", "description": "",
        "indicator": str(scheme.indicator.public_id), "reason": "It went live in the middle of the year",
        "live_on_0": "1", "live_on_1": "10", "live_on_2": "2023",
    }  # fmt: skip
    assert asha.post(f"{scheme.get_absolute_url()}change/", change).status_code == 302
    return asha.get(scheme.get_absolute_url()).text


def row(page, label):
    """The cells of the row `label` of the table that tells in-year from full-year effect."""
    table = page[page.index("Full-year effect (run-rate)") :]
    found = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{label}.*?</tr>", table, re.DOTALL)[0]
    cells = [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", found, re.DOTALL)]
    return [html.unescape(cell) for cell in cells]


def test_each_year_on_the_schemes_page(told):
    assert row(told, "2023/24") == ["£500,000.00", "–", "–", "£500,000.00", "£1,000,000.00", "£500,000.00"]
    assert row(told, "2024/25") == [
        "–",
        "£500,000.00",
        "£500,000.00",
        "£1,000,000.00",
        "£1,000,000.00",
        "£1,500,000.00",
    ]
    assert row(told, "2025/26") == ["–", "–", "£1,000,000.00", "£1,000,000.00", "£1,000,000.00", "£2,500,000.00"]


def test_the_second_year_is_no_new_saving(told):
    """£0.5m of 2024/25 is last year's start running its first full year: listed apart, and not under new."""
    assert row(told, "2024/25")[:2] == ["–", "£500,000.00"]
    assert "Live from 1 October 2023" in told


def test_the_list_says_the_same_cumulative(told, sign_in):
    assert "£2,500,000.00" in sign_in("asha").get("/schemes/").text
