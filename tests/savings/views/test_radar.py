"""What an amount resembles, said while it is typed and again when it is sent; it never blocks."""

import pytest

from savings.models import Entry
from tests.cast import NOW
from tests.factories import an_entry
from tests.savings.reporting.ledger import southmere_claims, southmere_pays
from tests.savings.reporting.test_double_claims import second_partnership
from tests.savings.views.test_entries import filled, seen_by

NEW, RADAR = "/entries/new/", "/entries/resembles/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def typed(cast, **changes):
    return {
        "council": "NFD", "scheme": str(cast.schemes["REV-01"].public_id), "series": "banked", "kind": "saving",
        "benefit_class": "cash_releasing", "year": "2025", "amount": "90,000", "document_ref": "", **changes,
    }  # fmt: skip


def test_each_rule_is_said_as_it_is_typed(cast, sign_in):
    southmere_claims(cast, amount_pence=90_500_00)
    asha = sign_in("asha")
    assert "It looks like one saving claimed twice: REV-01" in asha.get(RADAR, typed(cast)).text
    southmere_pays(cast, 70_000_00)
    assert "received £70,000.00 in charges" in asha.get(RADAR, typed(cast, amount="70000")).text
    there = second_partnership(cast)
    an_entry(there, scheme="NW-01", amount_pence=50_000_00)
    assert "NW-01 One manager in North and West Revenues" in asha.get(RADAR, typed(cast, amount="50000")).text


@pytest.mark.parametrize("changes", [{"amount": ""}, {"amount": "20"}, {"series": "forecast"}, {"scheme": "x"}, {}])
def test_it_says_nothing_when_there_is_nothing(cast, sign_in, changes):
    if changes:
        southmere_claims(cast, amount_pence=90_500_00)
    page = sign_in("asha").get(RADAR, typed(cast, **changes))
    assert page.status_code == 200
    assert "inset" not in page.text


def test_a_member_is_not_told_where_another_council_claims(cast, sign_in):
    there = second_partnership(cast)
    an_entry(there, scheme="NW-01", amount_pence=50_000_00)
    assert "inset" not in sign_in("omar").get(RADAR, typed(cast, council="STM", amount="50000")).text


def test_sent_it_has_to_be_seen_and_is_then_recorded(cast, sign_in):
    southmere_claims(cast, amount_pence=90_500_00)
    asha = sign_in("asha")
    form = filled(cast, amount="90000", month="year", ledger_code="", reduction="", file_1="")
    page = asha.post(NEW, form).text
    assert "This may be counted elsewhere already" in page
    assert "It looks like one saving claimed twice" in page
    assert "Recorded: £90,000.00" in asha.post(NEW, {**form, "seen": "on"}, follow=True).text
    with seen_by(cast, "asha"):
        assert Entry.objects.count() == 2


@pytest.mark.parametrize("who", ["gwen", "erin", "farah"])
def test_who_does_not_record_is_refused(sign_in, who):
    assert sign_in(who).get(RADAR).status_code == 403
