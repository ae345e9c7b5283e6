"""A quarter that a council left open: its successor acts, marked so; letters go to the successor's people."""

import datetime

import pytest

from councils.holders import holders
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, succeed
from tests.savings.reporting.test_inherited import join

DAY, LAST = datetime.date(2026, 4, 1), "/returns/north-south/STM/2025-26-q3/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def passed(cast):
    with as_role("worker"):
        succeed(cast, "STM", {"WSV": 10_000}, on=DAY)
    join(cast, "WSV")


def test_what_a_successor_does_is_said_before_and_after(cast, passed, sign_in):
    cleo = sign_in("cleo")
    assert "you do for Westvale, as successor, for Southmere" in cleo.get(LAST).text
    said = cleo.post(LAST, {"do": "submitted", "nil_savings": "on", "nil_costs": "on"}, follow=True).text
    assert 'submitted it <span class="app-quiet">Westvale, as successor, for Southmere</span>' in said


def test_what_was_done_before_is_not_marked(cast, sign_in, time_machine):
    sign_in("dev").post(LAST, {"do": "submitted", "nil_savings": "on", "nil_costs": "on"})
    with as_role("worker"):
        succeed(cast, "STM", {"WSV": 10_000}, on=datetime.date(2026, 7, 1))
    time_machine.move_to(datetime.datetime(2026, 7, 2, 10, tzinfo=datetime.UTC), tick=False)
    page = sign_in("cleo").get(LAST).text
    assert "submitted it" in page
    assert "submitted it <span" not in page


def test_what_changed_says_it_too(cast, passed, sign_in):
    cleo = sign_in("cleo")
    cleo.post(LAST, {"do": "submitted", "nil_savings": "on", "nil_costs": "on"})
    for address in ("/councils/southmere/changes/", "/partnerships/north-south/changes/"):
        page = cleo.get(address).text
        said = "submitted the return of Southmere for October to December 2025</a>"
        assert f'{said} <span class="app-quiet">Westvale, as successor, for Southmere</span>' in page
        assert page.count("as successor, for Southmere") == 1  # what was done before is nobody else's


def test_a_budget_corrected_by_the_successor_says_so(cast, sign_in, time_machine):
    entry = a_proven_entry(cast, by="omar", signer="dev", council="STM", year=2025)
    with as_role("worker"):
        succeed(cast, "STM", {"WSV": 10_000}, on=DAY)
    join(cast, "WSV")
    cleo, budget = sign_in("cleo"), f"/budgets/{entry.budget_reduction.public_id}/"
    said = cleo.post(budget, {"amount": "1,100", "reason": "Read again"}, follow=True).text
    assert 'Cleo Marsh on 15 June 2026 <span class="app-quiet">Westvale, as successor, for Southmere</span>' in said


def test_letters_go_to_the_successors_people(cast, passed):
    with as_role("worker"):
        roles = holders(NOW.date())
        before = holders(DAY - datetime.timedelta(days=1))
    stm = cast.councils["STM"].pk
    assert roles[stm, "finance_lead"] == {cast.people["cleo"].pk}
    assert not roles[stm, "finance_officer"]  # Omar's role ended with Southmere
    assert before[stm, "finance_lead"] == {cast.people["dev"].pk}


def test_returns_that_a_predecessor_owes_wait_for_the_successors_people(cast, passed, sign_in):
    """On start and in the calendar, from the day on; for its own people no longer."""
    cleo, dev = sign_in("cleo"), sign_in("dev")
    start = cleo.get("/").text
    assert "Returns overdue" in start
    assert "/returns/north-south/STM/" in start
    assert "Southmere" in cleo.get("/returns/calendar/").text
    assert "/returns/north-south/STM/" in cleo.get("/returns/?council=southmere").text
    assert "Returns overdue" not in dev.get("/").text
