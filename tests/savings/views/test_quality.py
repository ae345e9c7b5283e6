"""Quality on its pages: agreed, read, put right, decided; and where a return and an entry point to it."""

import re
from decimal import Decimal

import pytest

from councils.years import FinancialYear
from savings.actions import quality, schemes
from savings.models import Indicator, Reading
from tests import factories
from tests.savings.views.test_entries import seen_by

LIST = "/quality/north-south/"
NEW = {
    "name": "Collected in the year", "unit": "%", "higher_is_better": "yes", "baseline": "97.1", "tolerance": "0.3",
}  # fmt: skip


@pytest.fixture
def indicator(cast):
    return cast.schemes["REV-01"].indicator


def test_a_lead_agrees_and_an_officer_does_not(cast, sign_in):
    assert sign_in("asha").post(f"{LIST}new/", NEW).status_code == 403
    text = sign_in("ben").post(f"{LIST}new/", NEW, follow=True).text
    assert "97.1% before sharing; at least 96.8 is tolerated" in text
    assert "already has an indicator with that name" in sign_in("ben").post(f"{LIST}new/", NEW).text
    with seen_by(cast, "ben"):
        assert Indicator.objects.get(name="Collected in the year").agreed_by == cast.people["ben"]


def read(client, indicator, value, quarter="2025-26-q1", council="NFD"):
    given = {"council": council, "quarter": quarter, "value": value, "source": "Performance report"}
    return client.post(f"{LIST}{indicator.public_id}/read/", given, follow=True)


def test_from_reading_to_decision_on_the_pages(cast, sign_in, indicator):
    entry = factories.an_entry(cast)
    asha, ben, scheme = sign_in("asha"), sign_in("ben"), cast.schemes["REV-01"]
    assert "30, worse than tolerated" in read(asha, indicator, "30").text
    assert "has a reading already" in read(asha, indicator, "29").text
    assert "1 claim disputed until that is decided" in asha.get(scheme.get_absolute_url()).text
    told = ben.get(entry.get_absolute_url()).text
    assert "Quality, apart from the grade: Days to process a claim read 30 days" in told
    assert "End this dispute" not in told
    with seen_by(cast, "ben"):
        reading = Reading.objects.get()
    decide = f"{scheme.get_absolute_url()}quality/{reading.public_id}/"
    assert decide in told
    assert decide in ben.get("/").text  # what needs you
    assert asha.get(decide).status_code == 403
    assert sign_in("dev").get(decide).status_code == 403
    assert sign_in("cleo").get(decide).status_code == 404
    assert "There is a problem" in ben.post(decide, {"outcome": "dismissed", "reason": " "}).text
    text = ben.post(decide, {"outcome": "dismissed", "reason": "The backlog is cleared"}, follow=True).text
    assert "The backlog is cleared" in text
    assert "That has been decided already." in ben.post(decide, {"outcome": "upheld", "reason": "x"}).text
    assert ">Disputed<" not in ben.get(entry.get_absolute_url()).text


def test_a_reading_is_put_right_and_both_stay(cast, sign_in, indicator):
    entry, asha = factories.an_entry(cast), sign_in("asha")
    read(asha, indicator, "30")
    with seen_by(cast, "asha"):
        reading = Reading.objects.get()
    page = f"/readings/{reading.public_id}/correct/"
    assert sign_in("omar").get(page).status_code == 403
    assert sign_in("cleo").get(page).status_code == 404
    right = {"value": "22", "source": "Performance report", "reason": "Counted twice"}
    assert "somebody else" in asha.post(page, right).text.lower()  # it disputes what she recorded
    ben = sign_in("ben")
    assert "Counted twice" in ben.post(page, right, follow=True).text
    assert "meanwhile" in ben.post(page, right).text
    assert ">Disputed<" not in asha.get(entry.get_absolute_url()).text
    with seen_by(cast, "asha"):
        assert Reading.objects.count() == 2


def test_nobody_reads_for_another_council(cast, sign_in, indicator):
    assert "Select a valid choice" in read(sign_in("asha"), indicator, "22", council="STM").text
    assert sign_in("gwen").post(f"{LIST}{indicator.public_id}/read/", {}).status_code == 403
    assert sign_in("cleo").get(LIST).status_code == 404
    with seen_by(cast, "asha"):
        assert not Reading.objects.exists()


def test_a_return_points_to_what_was_not_read(cast, sign_in, indicator):
    page, asha = "/returns/north-south/NFD/2025-26-q1/", sign_in("asha")
    assert "was not read for this quarter" in asha.get(page).text
    read(asha, indicator, "22")
    assert "was not read for this quarter" not in asha.get(page).text


def test_a_claim_without_an_indicator_waits_for_a_leads_word(cast, sign_in):
    with factories.acting(cast.people["ben"]) as how:
        schemes.change(**how, scheme=cast.schemes["ICT-01"], reason="It measures revenues", indicator=None)
    entry = factories.an_entry(
        cast, scheme="ICT-01", ledger_code="I1", reduction_pence=1_000_00, files=[factories.a_file()]
    )
    ben, scheme = sign_in("ben"), cast.schemes["ICT-01"]
    assert "names no quality indicator" in ben.get("/sign-off/").text
    assert "names no quality indicator" in ben.get(entry.get_absolute_url()).text
    assert "state why none applies" in ben.get(scheme.get_absolute_url()).text
    page = f"{scheme.get_absolute_url()}no-indicator/"
    assert sign_in("asha").post(page, {"reason": "x"}).status_code == 403
    assert "No indicator applies" in ben.post(page, {"reason": "A licence has no users"}, follow=True).text
    assert "names no quality indicator" not in ben.get(entry.get_absolute_url()).text


def test_a_chart_has_its_table(cast, sign_in, indicator):
    with factories.acting(cast.people["asha"]) as how:
        for number, value in enumerate(("22", "26")):
            quality.read(
                **how, indicator=indicator, council=cast.councils["NFD"], value=Decimal(value), source="Report",
                quarter=FinancialYear(2025).quarters[number],
            )  # fmt: skip
    text = sign_in("gwen").get(LIST).text
    assert "1 of 2 readings is worse than tolerated." in text
    assert "26, worse than tolerated" in text


def test_no_two_things_on_a_schemes_page_have_one_id(cast, sign_in, indicator):
    with factories.acting(cast.people["asha"]) as how:
        quality.read(
            **how, indicator=indicator, council=cast.councils["NFD"], value=Decimal(22), source="Report",
            quarter=FinancialYear(2025).quarters[0],
        )  # fmt: skip
    text = sign_in("gwen").get(f"/schemes/{cast.schemes['REV-01'].public_id}/").text
    assert 'data-figure="quality-readings"' in text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
