"""What changed since somebody last looked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from councils.years import FinancialYear
from partnerships import actions as arrangement
from savings.actions import charges, confirmations, evidence
from savings.models import Entry, Seen, Support
from tests.cast import NOW
from tests.factories import a_file, a_proven_entry, acting, an_entry
from tests.savings.confirming import ask

COUNCIL, PARTNERSHIP = "/councils/northford/changes/", "/partnerships/north-south/changes/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.mark.parametrize("address", [COUNCIL, PARTNERSHIP])
def test_it_tells_what_was_done_until_it_is_marked_as_read(cast, sign_in, address):
    a_proven_entry(cast, month=2)
    client = sign_in("erin")
    page = client.get(address).content.decode()
    assert "recorded £1,000.00 for May 2025 on REV-01" in page
    assert "signed off £1,000.00 for May 2025 on REV-01" in page
    assert client.post(address).status_code == 302
    assert "Nothing has changed" in client.get(address).content.decode()
    an_entry(cast, month=3)
    later = client.get(address).content.decode()
    assert "June 2025" in later
    assert "May 2025" not in later
    assert "May 2025" in sign_in("gwen").get(address).content.decode()  # each person's own


def test_another_member_reads_of_the_partnership_and_not_of_the_council(cast, sign_in):
    an_entry(cast, month=2)
    assert "May 2025" in sign_in("dev").get(PARTNERSHIP).content.decode()
    assert sign_in("dev").get(COUNCIL).status_code == 404
    for address in (COUNCIL, PARTNERSHIP):
        assert sign_in("cleo").get(address).status_code == 404
        assert sign_in("cleo").post(address).status_code == 404


def test_looking_writes_nothing(cast, sign_in):
    an_entry(cast, month=2)
    sign_in("erin").get(COUNCIL)
    with acting(cast.people["erin"]):
        assert not Seen.objects.exists()


def test_the_number_of_queries_does_not_grow(cast, sign_in, django_assert_max_num_queries):
    an_entry(cast, month=1)
    client = sign_in("erin")
    client.get(PARTNERSHIP)
    with CaptureQueriesContext(connection) as one:
        client.get(PARTNERSHIP)
    few = len(one.captured_queries)
    for month in range(2, 13):
        an_entry(cast, month=month)
    with django_assert_max_num_queries(few):
        client.get(PARTNERSHIP)
    with acting(cast.people["erin"]):
        assert Entry.objects.count() == 12


def test_what_one_has_read_is_nobody_elses(cast):
    with acting(cast.people["erin"]):
        Seen.objects.create(person=cast.people["erin"], council=cast.councils["NFD"], heads={}, at=NOW)
        assert Seen.objects.count() == 1
    with acting(cast.people["ben"]):
        assert not Seen.objects.exists()


@pytest.mark.parametrize("address", [COUNCIL, PARTNERSHIP])
def test_it_tells_of_documents_charges_promises_and_what_partners_said(cast, sign_in, address):
    entry = an_entry(cast, month=12)
    with acting(cast.people["asha"]) as how:
        evidence.attach(entry=entry, files=[a_file("Later.pdf", title="Budget book")], **how)
        withdrawn = Support.objects.get(entry=entry)
        evidence.withdraw(support=withdrawn, reason="Wrong year", **how)
        charges.report_charge(
            **how, council=cast.councils["NFD"], partnership=cast.partnership, payer=cast.councils["STM"],
            receiver=cast.councils["NFD"], year=FinancialYear(2025), amount_pence=500_00,
        )  # fmt: skip
    page = sign_in("erin").get(address).content.decode()
    assert "attached “Budget book” to £1,000.00" in page
    assert "withdrew “Budget book” from £1,000.00" in page
    assert "reported a charge: £500.00 from Southmere to Northford" in page


def test_the_partnership_is_told_of_a_promise_and_of_an_answer(cast, sign_in):
    an_entry(cast)
    with acting(cast.people["ben"]) as how:
        line = {
            "council": cast.councils["NFD"], "scheme_reference": "REV-01", "year": 2026, "kind": "saving",
            "benefit_class": "cash_releasing", "recurrence": "recurring", "amount_pence": 100_00,
        }  # fmt: skip
        arrangement.draft(partnership=cast.partnership, title="The promise", horizon_year=2030, lines=[line], **how)
    asked = ask(cast)
    with acting(cast.people["omar"]) as how:
        said = {row.pk: confirmations.Said("agreed") for row in asked.lines.all()}
        confirmations.answer(request=asked, said=said, without_sharing="none", **how)
    page = sign_in("erin").get(PARTNERSHIP).content.decode()
    assert "submitted version 1 of the business case “The promise”" in page
    assert "answered for Southmere about January to March 2026, £1,000.00: agreed with every line" in page
