"""The page of a council that is to be abolished, before and after the day, and the ways that lead to it."""

import datetime

import pytest

from savings.actions import reorganisations
from savings.reporting import rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, acting, an_entry, succeed
from tests.savings.reorganising import drafted, proposed

DAY, PAGE = datetime.date(2026, 7, 1), "/councils/southmere/ending/"
AFTER = datetime.datetime(2026, 7, 2, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def pass_on(cast, shares=None, on=DAY):
    with as_role("worker"):
        succeed(cast, "STM", shares or {"WSV": 6_000, "NFD": 4_000}, on=on)


def test_it_says_what_must_be_closed_by_whom_and_by_when(cast, sign_in):
    an_entry(cast, by="omar", council="STM", year=2026, month=1, amount_pence=1_000_00)
    pass_on(cast)
    page = sign_in("dev").get(PAGE)
    assert "Southmere Council is abolished on 1 July 2026; its last day is 30 June 2026." in page.text
    tasks = {task.what: (task.number, who, task.by) for task, who, _ in page.context["tasks"]}
    last_day = datetime.date(2026, 6, 30)
    assert tasks["Entries without a document"] == (1, "Finance officer", last_day)
    assert tasks["Entries not signed off"] == (1, "Finance lead", last_day)
    quarter = "Return for April to June 2026, North and South Revenues: to submit once the quarter has ended on 30 June"
    assert any(what.startswith(quarter) for what in tasks)
    assert "Dev Patel, finance lead of Southmere" in page.text
    assert "Westvale Council</a>, 60.00%" in page.text


def test_what_falls_due_after_the_day_is_for_those_that_follow(cast, sign_in):
    pass_on(cast)
    tasks = [(task, when) for task, _, when in sign_in("dev").get(PAGE).context["tasks"]]
    (quarter,) = [each for each in tasks if "April to June 2026" in each[0].what]
    assert quarter[1] == "after"
    assert quarter[0].by == datetime.date(2026, 7, 30)


def test_many_overdue_returns_are_one_row(cast, sign_in):
    """From April 2021 to December 2025: nineteen; that of January to March 2026 is due on 30 June."""
    pass_on(cast)
    tasks = {task.what: task.number for task, *_ in sign_in("dev").get(PAGE).context["tasks"]}
    (overdue,) = [what for what in tasks if what.startswith("Overdue")]
    assert tasks[overdue] == 19
    assert "April to June 2021 to October to December 2025" in overdue


def test_what_was_banked_is_told_to_the_penny_by_share(cast, sign_in):
    """£1,000.01 counted: 60% is 60,000.6 pence and 40% is 40,000.4, so the odd penny is Westvale's."""
    a_proven_entry(cast, by="omar", council="STM", year=2025, amount_pence=1_000_01, signer="dev")
    with as_role("worker"):
        rollups.drain()
    pass_on(cast)
    context = sign_in("dev").get(PAGE).context
    assert [(heir.name, pence) for heir, pence in context["banked_to"]] == [
        ("Westvale Council", 600_01), ("Northford Council", 400_00),
    ]  # fmt: skip


def test_after_the_day_it_is_the_successors_page_and_no_longer_the_predecessors(cast, sign_in, time_machine):
    pass_on(cast)
    assert sign_in("cleo").get(PAGE).status_code == 404
    time_machine.move_to(AFTER, tick=False)
    assert sign_in("dev").get(PAGE).status_code == 404
    page = sign_in("cleo").get(PAGE)
    assert "What Southmere left open" in page.text
    assert "Finance officer, as successor" in page.text
    assert "Cleo Marsh, finance lead of Westvale" in page.text
    assert "Dev Patel" not in page.text


@pytest.mark.parametrize("name", ["gwen", "ada", "cleo"])
def test_nobody_elsewhere_reads_it(cast, sign_in, name):
    pass_on(cast)
    assert sign_in(name).get(PAGE).status_code == 404


def test_a_plan_counts_once_it_is_proposed(cast, sign_in):
    plan = drafted(cast)
    dev = sign_in("dev")
    assert "Nobody has proposed it" in dev.get(PAGE).text
    assert "To close before" not in dev.get("/").text
    assert PAGE not in dev.get("/councils/southmere/").text
    assert str(plan.public_id) in dev.get(PAGE).text


def test_a_proposed_plan_is_linked_from_start_and_council(cast, sign_in):
    proposed(cast)
    dev = sign_in("dev")
    assert "South West Shire, 60.00%" in dev.get(PAGE).text
    start = dev.get("/").text
    assert "To close before Southmere ends" in start
    assert PAGE in start
    assert PAGE in dev.get("/councils/southmere/").text


def test_a_withdrawn_proposal_is_no_end(cast, sign_in):
    plan = proposed(cast)
    with acting(cast.people["dev"]) as how:
        reorganisations.withdraw(reorganisation=plan, reason="Not now.", **how)
    dev = sign_in("dev")
    assert "Nothing ends Southmere" in dev.get(PAGE).text
    assert PAGE not in dev.get("/").text


def test_the_successor_reaches_it_from_start_and_from_its_own_page(cast, sign_in, time_machine):
    pass_on(cast)
    time_machine.move_to(AFTER, tick=False)
    cleo = sign_in("cleo")
    assert PAGE in cleo.get("/").text
    assert PAGE in cleo.get("/councils/westvale/").text


def test_nothing_ends_northford(cast, sign_in):
    assert "Nothing ends Northford" in sign_in("ben").get("/councils/northford/ending/").text


def test_carried_it_leads_to_the_page_as_it_is(cast, sign_in, time_machine):
    pass_on(cast)
    time_machine.move_to(AFTER, tick=False)
    answer = sign_in("cleo").get(f"/carried{PAGE}")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)


def test_a_past_moment_shows_what_was_open_then(cast, sign_in):
    pass_on(cast)
    assert sign_in("dev").get(f"/as-at/2026-06-14{PAGE}").status_code == 200


def test_the_page_costs_few_queries(cast, sign_in, django_assert_max_num_queries):
    for month in range(1, 3):
        an_entry(cast, by="omar", council="STM", year=2026, month=month, amount_pence=month * 1_000_00)
    pass_on(cast)
    dev = sign_in("dev")
    with django_assert_max_num_queries(60):
        dev.get(PAGE)
