"""Any page can be read carried to successors: figures follow, links keep the reading, and nothing can be done there."""

import datetime
import re

import pytest
from django.utils import timezone

from councils.carrying import carrying
from savings.actions import reports
from savings.reporting import figures, rollups
from savings.reporting.figures import added
from tests.adversary.test_every_address import addresses, filled, planted
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, acting, an_entry, succeed

DAY = datetime.date(2026, 4, 1)
TODAY = NOW.date()
THEN = NOW + datetime.timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW + datetime.timedelta(hours=2), tick=False)


@pytest.fixture
def passed_on(cast):
    """Southmere (£100.01 proven, £70 more claimed) passed to Westvale, 60%, and Northford, 40%, which has £1,000."""
    a_proven_entry(cast)
    an_entry(cast, by="omar", council="STM", amount_pence=100_01, year=2024)
    an_entry(cast, by="omar", council="STM", amount_pence=70_00, scheme="ICT-01")
    with as_role("worker"):
        rollups.drain()
        succeed(cast, "STM", {"WSV": 6_000, "NFD": 4_000}, on=DAY)
    return cast


def of(cast, code, *, carried, on=TODAY, reader="ben"):
    """Counted pence of a council by year, read one way or the other."""
    with acting(cast.people[reader]):
        if carried:
            with carrying(on=on):
                found = figures.council_figures(cast.councils[code], NOW.date())
        else:
            found = figures.council_figures(cast.councils[code], NOW.date())
    return {year.year: year.figures.counted for year in found.years}


def test_what_a_council_had_comes_to_those_that_follow_it(passed_on):
    assert of(passed_on, "STM", carried=False) == {2024: 100_01, 2025: 70_00}
    assert of(passed_on, "STM", carried=True) == {}
    assert of(passed_on, "WSV", carried=False, reader="cleo") == {}
    assert of(passed_on, "WSV", carried=True, reader="cleo") == {2024: 60_01, 2025: 42_00}
    assert of(passed_on, "NFD", carried=True) == {2024: 40_00, 2025: 1_000_00 + 28_00}
    assert of(passed_on, "NFD", carried=True, on=DAY - datetime.timedelta(days=1)) == {2025: 1_000_00}


def test_a_partnership_is_the_same_either_way(passed_on):
    with acting(passed_on.people["ben"]):
        was = figures.partnership_figures(passed_on.partnership, NOW.date())
        with carrying(on=NOW.date()):
            found = figures.partnership_figures(passed_on.partnership, NOW.date())
    assert found.total == was.total
    assert [year.figures for year in found.years] == [year.figures for year in was.years]
    assert added(figures.Figures, [each.figures for each in found.members]) == was.total
    assert [each.name for each in found.members] == ["Northford Council", "Westvale Council"]


def test_figures_cost_two_queries_more(passed_on, django_assert_num_queries):
    """The successions, and the names of heirs that are no member."""
    with acting(passed_on.people["ben"]):
        with django_assert_num_queries(1):
            figures.facts_of(partnership=passed_on.partnership)
        with carrying(on=NOW.date()), django_assert_num_queries(3):
            figures.facts_of(partnership=passed_on.partnership)


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_the_council_page_says_which_reading_it_is(passed_on, sign_in):
    client = sign_in("cleo")
    was = page_of(client, "/councils/westvale/")
    assert 'href="/carried/councils/westvale/"' in was
    page = page_of(client, "/carried/councils/westvale/")
    assert "Carried to successors." in page
    assert "£102.01" in page
    assert 'href="/councils/westvale/"' in page
    assert 'href="/carried/partnerships/north-south/"' in page
    assert 'href=""' not in page


def test_a_council_that_passed_on_points_to_its_heirs(passed_on, sign_in):
    page = page_of(sign_in("cleo"), "/carried/councils/southmere/")
    assert "everything it saved, paid and promised stands with" in page
    assert 'href="/carried/councils/westvale/"' in page
    assert "£" not in page


def test_the_partnership_page_shows_heirs_in_the_place_of_members(passed_on, sign_in):
    page = page_of(sign_in("ben"), "/carried/partnerships/north-south/")
    tables = [each for each in re.findall(r"<table.*?</table>", page, re.S) if "Northford Council" in each]
    assert tables
    for table in tables:
        assert "Westvale Council" in table
        assert "Southmere Council" not in table
    assert any("£102.01" in table for table in tables)
    assert "since 1 April 2021, as Southmere" in page
    assert "Record a saving" not in page


def test_where_nothing_ended_there_is_no_other_reading(cast, sign_in):
    an_entry(cast)
    assert "/carried/" not in page_of(sign_in("asha"), "/councils/northford/")
    assert "/carried/" not in page_of(sign_in("asha"), "/partnerships/north-south/")


def test_a_list_by_successor_finds_the_predecessors_rows_whole(passed_on, sign_in):
    client = sign_in("cleo")
    assert "60.00%" not in page_of(client, "/entries/?council=southmere")
    page = page_of(client, "/carried/entries/?council=westvale")
    assert "60.00% of those of Southmere Council" in page
    assert "£100.01" in page
    assert "£170.01" in page  # added up as recorded
    assert "/carried/entries/" in page


@pytest.mark.parametrize(
    "address", ["/", "/entries/", "/councils/", "/partnerships/", "/schemes/", "/returns/", "/charges/", "/budgets/"]
)
def test_every_list_can_be_read_so(passed_on, sign_in, address):
    assert "Carried to successors." in page_of(sign_in("ben"), "/carried" + address)


def test_nothing_is_done_in_figures_that_are_carried(passed_on, sign_in):
    answer = sign_in("asha").post("/carried/entries/new/", {})
    assert answer.status_code == 405
    assert "/entries/new/" in answer.text


def test_carrying_and_the_past_go_together(passed_on, sign_in, time_machine):
    """Before the succession was recorded there is nothing to carry; afterwards there is."""
    client = sign_in("ben")
    before = NOW - datetime.timedelta(minutes=1)
    for moment, told in ((before, False), (THEN, True)):
        prefix = f"/as-at/{timezone.localtime(moment):%Y-%m-%dT%H:%M}/carried"
        page = page_of(client, f"{prefix}/partnerships/north-south/")
        assert ("Westvale Council" in page) is told
        assert f'href="{prefix}/' in page


def test_a_stranger_reads_no_more_than_before(passed_on, sign_in):
    for reader in (None, "dev"):
        for address in ("/carried/councils/northford/", "/carried/councils/westvale/"):
            assert "£" not in page_of(sign_in(reader), address)
        page_of(sign_in(reader), "/carried/partnerships/north-south/", status=404)


def test_odd_addresses_lead_back(passed_on, sign_in):
    client = sign_in("ben")
    assert client.get("/carried/carried/councils/")["Location"] == "/carried/councils/"
    assert client.get("/carried/accounts/logout/")["Location"] == "/accounts/logout/"
    assert client.get("/carried//example.org/").status_code == 404


def test_a_page_that_shares_nothing_out_says_so(passed_on, sign_in):
    client = sign_in("ben")
    alike = "Nothing on this page is shared out"
    for path in ("/returns/", "/budgets/", "/confirmations/", "/reports/", "/recurring/"):
        assert alike in client.get(f"/carried{path}").text, path
    for path in ("/councils/northford/", f"/partnerships/{passed_on.partnership.slug}/", "/entries/"):
        answer = client.get(f"/carried{path}").text
        assert "is shown with those that came after them" in answer, path
        assert alike not in answer, path


def test_a_report_is_taken_away_as_it_was(passed_on, sign_in):
    ben = passed_on.people["ben"]
    with acting(ben):
        asked = reports.ask(partnership=passed_on.partnership, council=passed_on.councils["NFD"], by=ben, at=THEN)
    path = f"/reports/{asked.public_id}/report.pdf"
    answer = sign_in("ben").get(f"/carried{path}")
    assert answer.status_code == 302
    assert answer.url == path


#: Pages on which something follows a succession without a filter; every other one says that it shares nothing out.
SHARED_OUT = {
    "councils:budget-gap", "partnerships:list", "partnerships:members", "partnerships:partnership", "savings:ledger",
    "start",
}  # fmt: skip


def test_every_address_says_which_reading_it_is(cast, sign_in):
    """Each is carried or says that it is not, or leads back to the page as it was; none stays silent."""
    theirs, routes = planted(cast), dict(addresses())
    an_entry(cast, by="omar", council="STM", amount_pence=70_00, scheme="ICT-01")
    with as_role("worker"):
        rollups.drain()
        succeed(cast, "STM", {"WSV": 6_000, "NFD": 4_000}, on=DAY)
    client, silent, carried = sign_in("ben"), [], set()
    for name, route in routes.items():
        if name in ("healthz", "readyz") or route.startswith("accounts/") or ("<" in route and name not in theirs):
            continue
        address = filled(route, theirs.get(name, {}))
        answer = client.get(f"/carried{address}")
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            if "Carried to successors." not in answer.text:
                silent.append(name)
            elif "is shown with those that came after them" in answer.text:
                carried.add(name)
        elif answer.status_code == 302 and not answer["Location"].startswith("/carried/"):
            continue
        elif answer.status_code not in (302, 403, 404, 405):
            silent.append((name, answer.status_code))
    assert silent == []
    assert carried == SHARED_OUT
