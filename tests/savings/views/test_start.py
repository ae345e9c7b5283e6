"""The start page: what it is for a stranger, and for each role what waits for it."""

import pytest

from councils.years import FinancialYear
from savings.actions import decision, disputes, schemes
from savings.models import Attempt
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry, show_to
from tests.savings.actions.test_returns import closed, take
from tests.savings.reporting.ledger import roll_up, southmere_pays


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def busy(cast):
    """Two entries wait, one of them bare; one was returned, one is disputed."""
    an_entry(cast, month=1, files=[a_file()], ledger_code="R1", reduction_pence=5_000_00)
    an_entry(cast, month=2)
    returned = an_entry(cast, month=3, files=[a_file()], ledger_code="R1")
    with acting(cast.people["ben"]) as how:
        decision.return_to_recorder(entry=returned, reason="The invoice is for another year", **how)
    with acting(cast.people["dev"]) as how:
        disputes.dispute(entry=returned, council=cast.councils["STM"], reason="Ours", **how)
    roll_up()
    return cast


def cards(page):
    """Title to count, of what needs this person."""
    parts = page.text.split('app-card__count">')[1:]
    return {part.split('govuk-heading-s">')[1].split("<")[0]: int(part.split("<")[0]) for part in parts}


#: Nobody has made a return since 2021, and the fourth of 2025/26 is due in a fortnight.
OWED = {"Returns overdue": 19, "Returns due": 1}


def test_a_stranger_reads_what_it_is_and_what_to_do_next(client, cast):
    page = client.get("/").text
    assert "Does sharing services between councils really pay?" in page
    assert page.count("govuk-button--start") == 1
    assert "£" in page
    assert "What needs you" not in page


def test_an_officer_sees_what_came_back_and_why(busy, sign_in):
    page = sign_in("asha").get("/")
    assert (
        cards(page)
        == {"Sent back to be put right": 1, "Without a document": 1, "Disputed": 1, "Recurring savings to attest": 1}
        | OWED
    )
    assert "Ben Carter: “The invoice is for another year”" in page.text
    assert "Record a saving" in page.text


def test_recurring_savings_of_last_year_wait_until_they_are_attested(cast, sign_in):
    an_entry(cast, year=2025, amount_pence=1_234_00)
    title = "Recurring savings to attest"
    page = sign_in("asha").get("/")
    assert cards(page)[title] == 1
    assert "/recurring/NFD/2026-27/" in page.text
    assert title not in cards(sign_in("omar").get("/"))  # another council's
    assert title not in cards(sign_in("erin").get("/"))  # nor of somebody who does not record
    an_entry(cast, year=2026, month=1, amount_pence=100_00)
    assert title not in cards(sign_in("asha").get("/"))


def test_a_returned_entry_offers_both_ways_to_put_it_right(busy, sign_in):
    client = sign_in("asha")
    page = client.get("/").text
    assert "reverse the entry and record it anew" in page
    link = page.split("Sent back to be put right")[1].split('href="')[1].split('"')[0]
    page = client.get(link).text
    assert 'href="#reverse"' in page
    assert 'id="reverse"' in page
    client.post(link + "reverse/", {"reason": "Taken twice"})
    assert "/entries/new/?like=" in client.get(link).text


def test_a_lead_sees_first_what_can_be_signed_and_the_queue_agrees(busy, sign_in):
    found = cards(sign_in("ben").get("/"))
    assert next(iter(found.items())) == ("To sign off", 1)  # the bare one cannot be signed yet
    assert "Ready for you to sign off (1)" in sign_in("ben").get("/sign-off/").text


def test_a_lead_sees_business_cases_somebody_else_drafted(cast, sign_in):
    case = {"title": "One service", "horizon_year": "2030", "lines": "Northford, REV-01, 2026/27, saving, 5"}
    assert sign_in("asha").post("/partnerships/north-south/business-cases/new/", case).status_code == 302
    page = sign_in("ben").get("/")
    assert cards(page) == {"Business cases to approve": 1} | OWED
    assert "/partnerships/north-south/business-cases/1/" in page.text
    assert cards(sign_in("asha").get("/")) == OWED


def test_a_return_waits_for_whoever_can_take_its_next_step(cast, sign_in):
    for quarter in FinancialYear(2025).quarters:
        take(cast, "submitted", by="asha", quarter=quarter)
    page = sign_in("ben").get("/")
    assert cards(page) == OWED
    assert "to sign off, due on 30 June 2026: Northford, North and South Revenues" in page.text
    assert cards(sign_in("asha").get("/")) == {"Returns overdue": 16}
    take(cast, "signed_off", by="ben")
    assert cards(sign_in("ben").get("/")) == {"Returns overdue": 19}


def test_charges_that_differ_wait_for_both_sides_until_they_are_explained(cast, sign_in):
    southmere_pays(cast, 500_00)
    for name in ("asha", "dev"):
        page = sign_in(name).get("/")
        assert cards(page) == OWED | {"Charges that differ": 1}
        assert "£500.00 apart in North and South Revenues" in page.text
    assert "Charges that differ" not in sign_in("gwen").get("/").text
    closed(cast, reason="Ours comes in July")
    assert cards(sign_in("asha").get("/")) == {"Returns overdue": 19}
    assert cards(sign_in("dev").get("/")) == OWED | {"Charges that differ": 1}


def test_a_chief_executive_starts_with_the_figures(busy, sign_in):
    page = sign_in("erin").get("/").text
    assert "Finance has signed off no saving yet: £3,000 of savings is claimed for Northford since 2025" in page
    assert "/councils/northford/#how" in page
    assert 'As at <time datetime="2026-' in page
    assert "Everything recorded is included." in page


def test_an_auditor_sees_exceptions(busy, sign_in):
    entry = an_entry(busy, month=5, files=[a_file()], ledger_code="R1")
    with as_role("worker"):
        assert cards(sign_in("farah").get("/")) == {}
    with acting(busy.people["farah"]) as how:
        decision._decide(entry, "exception", reason="No such invoice", **how)
    assert cards(sign_in("farah").get("/")) == {"Exceptions not put right": 1}


def test_an_administrator_sees_what_could_not_be_worked_out(busy, sign_in):
    show_to(busy, "sector")
    roll_up()
    with as_role("worker"):
        Attempt.objects.create(partnership=busy.partnership, year=2025, attempts=5, last_error="Boom", parked_at=NOW)
    page = sign_in("ada").get("/")
    assert cards(page) == {"Figures that could not be worked out": 1}
    assert "Boom" in page.text


@pytest.mark.parametrize("name", ["asha", "ben", "farah", "cleo", "ada"])
def test_nobody_is_left_without_a_next_step(cast, sign_in, name):
    page = sign_in(name).get("/")
    assert cards(page) == (OWED if name in ("asha", "ben") else {})
    assert page.text.count("<h1") == 1
    assert "See the partnerships" in page.text


@pytest.mark.parametrize("name", ["cleo", "dev"])
def test_others_are_not_told_of_it(busy, sign_in, name):
    assert "The invoice is for another year" not in sign_in(name).get("/").text


@pytest.mark.parametrize(("name", "most"), [("asha", 41), ("ben", 50), ("erin", 19), ("farah", 23), (None, 12)])
def test_the_page_costs_few_queries(busy, sign_in, django_assert_max_num_queries, name, most):
    client = sign_in(name)
    with django_assert_max_num_queries(most):
        client.get("/")


def test_an_auditor_still_lands_when_a_report_exists(cast, sign_in):
    assert sign_in("farah").post(
        "/reports/new/", {"partnership": cast.partnership.slug, "council": "NFD"}
    ).status_code == 302  # fmt: skip
    assert "asked for by Farah Aziz" in sign_in("farah").get("/").text


def test_it_counts_what_changed_since_each_council_was_read(busy, sign_in):
    client = sign_in("erin")
    assert "See what changed at Northford" in client.get("/").text
    client.post("/councils/northford/changes/")
    assert "See what changed at Northford" not in client.get("/").text
    an_entry(busy, month=7)
    assert "1 act since you last looked" in client.get("/").text


def test_a_scheme_rated_red_waits_for_the_finance_people_of_its_members(cast, sign_in):
    title = "Schemes rated red"
    assert title not in cards(sign_in("ben").get("/"))
    scheme = cast.schemes["REV-01"]
    with acting(cast.people["ben"]) as how:
        schemes.stand(scheme=scheme, status="delivering", delivery_score=1, score_reason="The supplier left",
                      reason="Looked at", **how)  # fmt: skip
    page = sign_in("ben").get("/")
    assert cards(page)[title] == 1
    assert "elivery is scored 1" in page.text
    assert cards(sign_in("asha").get("/"))[title] == 1
    assert title not in cards(sign_in("gwen").get("/"))  # who only reads
    assert title not in cards(sign_in("cleo").get("/"))  # nor elsewhere
