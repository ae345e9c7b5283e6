"""A council leaves a partnership in mid-year, through the pages, and every figure after it, by hand.

Southmere gives notice in June 2026 for 1 October. It banked £600.00 in April 2026 and paid Northford £200.00 in May,
which both report; getting out cost it £400.00 once, in September. Northford banked £2,000.00 in April; in November it
goes on paying £150.00 for what the service no longer shares, and in April 2027 it banks £70.00.

Southmere: counted 600, cost 400, paid 200: nought net. Northford in 2026/27: counted 2,000, cost 150, received 200,
so 2,050 net.
Together 2,600 counted less 550 of cost: 2,050.00, in which the charges cancel. In 2027/28 70.00 more for Northford and
for the partnership as Northford reads it: 2,120.00; Southmere goes on reading 2,050.00.
"""

import datetime

import pytest

from savings.reporting import rollups
from savings.reporting.verdicts import verdict_of
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting
from tests.savings.views.test_charges import filled as a_charge
from tests.savings.views.test_entries import NEW, filled
from tests.savings.views.test_leaving import PAGE, notice, terms

JULY, OCTOBER, NOVEMBER, NEXT_YEAR = (
    datetime.datetime(year, month, day, 10, tzinfo=datetime.UTC)
    for year, month, day in ((2026, 7, 2), (2026, 10, 2), (2026, 12, 1), (2027, 5, 4))
)
Q2 = "/returns/north-south/STM/2026-27-q2/"


#: No year is complete since it began to bank, nothing was signed off, no cost in a complete year, no prices loaded.
UNTOLD = "cannot_tell", ["G1", "G2", "G3", "G6"]


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


def booked(cast, client, code, month, amount, *, year="2026", **changed):
    """An entry through its page; the answer."""
    sent = filled(
        cast, council=code, year=year, month=str(month), amount=amount, ledger_code="", reduction="", **changed
    )
    for name in ("file_1", "title_1"):
        del sent[name]
    return client.post(NEW, sent, follow=True)


def cost(cast, client, code, month, amount, **changed):
    facts = {"kind": "one_off_cost", "benefit_class": "", "funded_by": "reserves", "recurrence": "one_off", **changed}
    return booked(cast, client, code, month, amount, **facts)


def charged(client, council):
    """Both report it: Southmere paid Northford £200.00 for May."""
    other, direction = ("NFD", "paid") if council == "STM" else ("STM", "received")
    sent = a_charge(council=council, other=other, direction=direction, amount="200", year="2026", month="2")
    return client.post("/charges/new/", sent, follow=True)


@pytest.fixture
def at(sign_in, time_machine):
    """`at(moment)` is everybody's client, signed in then."""

    def clients(moment):
        time_machine.move_to(moment, tick=False)
        return {name: sign_in(name) for name in ("asha", "ben", "omar", "dev")}

    return clients


@pytest.fixture
def left(cast, at):
    """Everything up to the day after it left; clients by name."""
    clients, ict = at(NOW), str(cast.schemes["ICT-01"].public_id)
    assert "Recorded" in booked(cast, clients["omar"], "STM", 1, "600.00").text
    assert "Recorded" in booked(cast, clients["asha"], "NFD", 1, "2,000.00", scheme=ict).text
    for name, council in (("omar", "STM"), ("asha", "NFD")):
        assert "£200" in charged(clients[name], council).text
    terms(clients["dev"])
    clients["dev"].post(PAGE, notice(costs=""))
    return at(OCTOBER)


def figures(client, address):
    with as_role("worker"):
        rollups.drain()
    total = client.get(address).context["figures"].total
    return (total.counted, total.costs, total.charges_paid, total.charges_received, total.net_counted)


def verdict_read_by(cast, name, at):
    with acting(cast.people[name], at):
        found = verdict_of(cast.partnership, at.date())
        return found.name, found.verdict.reasons


def test_the_others_are_told_before_the_day(cast, sign_in):
    dev, ben = sign_in("dev"), sign_in("ben")
    terms(dev)
    dev.post(PAGE, notice(costs=""))
    page = ben.get("/").text
    assert "Members that leave" in page
    assert "Southmere leaves on 1 October 2026" in page
    assert "Members that leave" not in dev.get("/").text


def test_from_the_day_on_it_records_its_own_time_only(cast, left):
    refused = booked(cast, left["omar"], "STM", 7, "10.00").text
    assert "Southmere Council left North and South Revenues on 1 October 2026, before that period." in refused
    assert "Recorded" in cost(cast, left["omar"], "STM", 6, "400.00").text


def test_it_owes_the_returns_of_its_time_and_no_other(cast, left, at):
    page = left["dev"].get("/returns/?council=southmere").text
    assert "July to September 2026" in page
    left = at(NEXT_YEAR)
    page = left["dev"].get("/returns/?council=southmere").text
    assert "October to December 2026" not in page
    assert (
        "Submitted"
        in left["omar"].post(Q2, {"do": "submitted", "nil_savings": "on", "nil_costs": "on"}, follow=True).text
    )
    assert left["omar"].get("/returns/north-south/STM/2026-27-q3/").status_code == 404
    assert "October to December 2026" in left["ben"].get("/returns/?council=northford").text


def test_every_figure_after_it(cast, left, at):
    cost(cast, left["omar"], "STM", 6, "400.00")
    left = at(NOVEMBER)
    cost(cast, left["asha"], "NFD", 8, "150.00", kind="running_cost", recurrence="time_limited")
    assert figures(left["dev"], "/councils/southmere/") == (600_00, 400_00, 200_00, 0, 0)
    assert figures(left["ben"], "/councils/northford/") == (2_000_00, 150_00, 0, 200_00, 2_050_00)
    both = (2_600_00, 550_00, 200_00, 200_00, 2_050_00)
    assert figures(left["ben"], "/partnerships/north-south/") == both
    assert figures(left["dev"], "/partnerships/north-south/") == both
    left = at(NEXT_YEAR)
    ict = str(cast.schemes["ICT-01"].public_id)
    assert "Recorded" in booked(cast, left["asha"], "NFD", 1, "70.00", year="2027", scheme=ict).text
    after = (2_670_00, 550_00, 200_00, 200_00, 2_120_00)
    assert figures(left["ben"], "/partnerships/north-south/") == after
    page = left["dev"].get("/partnerships/north-south/")
    assert figures(left["dev"], "/partnerships/north-south/") == both
    told = {name: verdict_read_by(cast, name, NEXT_YEAR) for name in ("ben", "dev")}
    assert told == {"ben": UNTOLD, "dev": UNTOLD}
    assert "You see the years to 2026/27 of North and South Revenues; Southmere left on 1 October 2026." in page.text
    assert figures(left["dev"], "/councils/southmere/") == (600_00, 400_00, 200_00, 0, 0)
    positions = {
        each.name: each.figures.net_counted
        for each in left["ben"].get("/partnerships/north-south/").context["figures"].members
    }
    assert positions == {"Northford Council": 2_120_00, "Southmere Council": 0}
    assert sum(positions.values()) == 2_120_00
