"""Budget gaps: who enters them, what the database refuses, what of them is met, and their shares once carried."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from councils.acts import act
from councils.carrying import carrying
from councils.models import BudgetGap
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions.gaps import set_gap
from savings.gap_tables import gap_met, share
from savings.reporting.gaps import arrived, by_year, gaps_of
from tests.cast import NOW
from tests.councils.test_succession import trees
from tests.database import as_role
from tests.factories import a_proven_entry, acting, an_entry, succeed
from tests.savings.reporting.ledger import roll_up

DAY = datetime.date(2026, 4, 1)
ADDRESS = "/councils/northford/budget-gap/"
GIVEN = {"year": "2025", "amount": "8,000", "reason": "Budget report, 20 February 2025"}


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def enter(cast, who, code, year, pence):
    with acting(cast.people[who]) as how:
        return set_gap(
            council=cast.councils[code], year=FinancialYear(year), amount_pence=pence, reason="Budget report", **how
        )


def test_a_lead_enters_it_and_the_council_page_says_what_is_met(cast, sign_in):
    a_proven_entry(cast)  # £1,000 of 2025/26
    roll_up()
    client = sign_in("ben")
    page = client.post(ADDRESS, GIVEN, follow=True).text
    assert "Entered: the gap of 2025/26 is £8,000.00." in page
    for shown in (page, client.get("/councils/northford/").text):
        assert "The budget gap, and how much of it sharing meets" in shown
        assert "12.5%" in shown  # £1,000 of £8,000
    assert "entered by Ben Carter" in client.get(ADDRESS).text
    assert "Budget report, 20 February 2025" in client.get(ADDRESS).text


def test_a_later_row_holds_and_the_same_again_is_refused_beside_the_amount(cast, sign_in):
    client = sign_in("ben")
    client.post(ADDRESS, GIVEN)
    assert "is £8,000.00 already" in client.post(ADDRESS, GIVEN).text
    client.post(ADDRESS, GIVEN | {"amount": "0"})
    assert "no gap" in client.get(ADDRESS).text
    with acting(cast.people["ben"]):
        assert BudgetGap.objects.count() == 2


@pytest.mark.parametrize("given", [{"amount": "-5"}, {"amount": ""}, {"reason": ""}, {"year": "1066"}])
def test_what_cannot_be_is_refused_and_nothing_is_lost(cast, sign_in, given):
    page = sign_in("ben").post(ADDRESS, GIVEN | given).text
    assert "There is a problem" in page
    with acting(cast.people["ben"]):
        assert not BudgetGap.objects.exists()


@pytest.mark.parametrize("who", ["asha", "gwen", "erin", "farah"])
def test_its_other_people_read_it_only(cast, sign_in, who):
    client = sign_in(who)
    assert "Enter a gap" not in client.get(ADDRESS).text
    assert client.post(ADDRESS, GIVEN).status_code == 403


def test_nobody_else_reads_it(cast, sign_in):
    enter(cast, "ben", "NFD", 2025, 8_000_00)
    for who in ("dev", "cleo", "ada"):
        assert sign_in(who).get(ADDRESS).status_code == 404
    with acting(cast.people["dev"]):
        assert gaps_of(cast.councils["NFD"]) == []


def test_the_action_refuses_who_is_no_lead_of_the_council(cast):
    for who in ("asha", "dev"):
        with pytest.raises(Refused, match="Only a finance lead"):
            enter(cast, who, "NFD", 2025, 1)


def raw(cast, who, code, year, pence, role="app"):
    person = cast.people[who]
    with acting(person) as how, as_role(role), transaction.atomic(), act(verb="set budget gap", **how) as this:
        BudgetGap.objects.create(act=this, council=cast.councils[code], year=year, amount_pence=pence)


@pytest.mark.parametrize(("who", "role"), [("asha", "app"), ("dev", "app"), ("asha", "owner"), ("dev", "owner")])
def test_nor_does_the_database_take_it_from_them(cast, who, role):
    with pytest.raises(DatabaseError, match="row-level security|entered by a finance lead"):
        raw(cast, who, "NFD", 2025, 1, role)


def test_the_database_takes_no_gap_of_a_year_after_the_council(cast):
    with as_role("worker"):
        succeed(cast, "STM", {"WSV": 6_000, "NFD": 4_000}, on=DAY)
    enter(cast, "cleo", "STM", 2025, 1)
    with pytest.raises(DatabaseError, match="in which it is not there"):
        raw(cast, "cleo", "STM", 2026, 1)
    with pytest.raises(Refused, match="passed to others"):
        enter(cast, "cleo", "STM", 2026, 1)
    with pytest.raises(DatabaseError, match="10 billion"):
        raw(cast, "cleo", "WSV", 2026, 10**12 + 1)


def test_carried_a_predecessors_gap_is_parted_and_added(cast, sign_in):
    """£100.01 of Southmere: £60.01 (6,000.6) with Westvale, £40.00 (4,000.4) with Northford, which has £8,000."""
    enter(cast, "dev", "STM", 2025, 100_01)
    enter(cast, "ben", "NFD", 2025, 8_000_00)
    an_entry(cast, by="omar", council="STM", amount_pence=50_00)
    roll_up()
    with as_role("worker"):
        succeed(cast, "STM", {"WSV": 6_000, "NFD": 4_000}, on=DAY)
    for who, code, was, carried in (
        ("ben", "NFD", {2025: 8_000_00}, {2025: 8_040_00}), ("cleo", "WSV", {}, {2025: 60_01}),
    ):  # fmt: skip
        with acting(cast.people[who]):
            assert by_year(gaps_of(cast.councils[code])) == was
            with carrying(on=NOW.date()):
                assert by_year(gaps_of(cast.councils[code])) == carried
    client = sign_in("cleo")
    page = client.get("/carried/councils/westvale/budget-gap/").text
    for words in ("£60.01", "£100.01 of Southmere", "50.0%", "entered by Dev Patel", 'href="/councils/westvale/budget'):
        assert words in page
    assert "Enter a gap" not in page
    assert "£60.01" in client.get("/carried/councils/westvale/").text
    assert "£60.01" not in client.get("/councils/westvale/").text
    page = client.get("/carried/councils/southmere/budget-gap/").text
    assert "stands with" in page
    assert "£" not in page
    assert "Read this page carried" in client.get("/councils/southmere/budget-gap/").text


@given(trees(), st.dictionaries(st.tuples(st.integers(1, 8), st.integers(2020, 2023)), st.integers(0, 10**12)))
def test_gaps_carried_are_the_gaps_entered_whatever_the_tree(through, entered):
    rows = [BudgetGap(council_id=pk, year=year, amount_pence=pence) for (pk, year), pence in entered.items()]
    found = [gap for council in range(1, 9) for gap in arrived(rows, through, council)]
    assert all(council not in through or not arrived(rows, through, council) for council in range(1, 9))
    for year in {year for _, year in entered}:
        was = sum(pence for (_, each), pence in entered.items() if each == year)
        assert by_year(found)[year] == was


def test_shares_worked_out_by_hand():
    assert share(1, 3) == "33.3%"
    assert share(2, 3) == "66.7%"
    assert share(30, 10) == "300.0%"
    assert share(-5, 10) == "0.0%"
    assert share(5, 0) == "no gap"
    table = gap_met({2026: 1, 2027: 2}, [], through=2026)
    assert [each.text for each in table.rows[0]] == ["2026/27", "£0.01", "£0.00", "£0.00", "0.0%"]
    assert [each.text for each in table.rows[1][2:]] == ["not yet"] * 3
    assert gap_met({}, [], through=2026) is None


def test_the_page_costs_as_many_queries_however_many_gaps_there_are(cast, sign_in, django_assert_max_num_queries):
    client = sign_in("ben")
    for year in range(2018, 2030):
        enter(cast, "ben", "NFD", year, 1_00)
    client.get(ADDRESS)
    with django_assert_max_num_queries(20):
        client.get(ADDRESS)
