"""Known answer 5: A pays the host 40, B pays 60, the host's income is 100: nothing left. With B at 59, blocked by 1."""

import datetime
import uuid

import pytest
from django.urls import reverse

from partnerships.models import Service, Vehicle
from savings.models import Charge
from savings.reporting import figures
from savings.reporting.charge_pairs import differences
from tests.cast import NOW
from tests.factories import acting, found_together
from tests.savings.reporting.ledger import roll_up
from tests.savings.views.test_entries import seen_by

NEW, QUARTER = "/charges/new/", "/returns/three/NFD/2025-26-q4/"
REPORTS = {  # who: council, direction, other, pounds
    "omar": [("STM", "paid", "NFD", "40")],
    "cleo": [("WSV", "paid", "NFD", "60")],
    "asha": [("NFD", "received", "STM", "40"), ("NFD", "received", "WSV", "60")],
}


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def three(cast):
    """Northford hosts, Southmere (A) and Westvale (B) pay it."""
    with acting(cast.people["ben"]) as how:
        return found_together(
            cast, **how, slug="three", name="Three Together", started_on=datetime.date(2025, 4, 1),
            form=Vehicle.Form.JOINT_COMMITTEE, services=list(Service.objects.all()[:1]),
            members=[
                {"council": cast.councils["NFD"], "role": "provider", "host": True},
                {"council": cast.councils["STM"], "role": "receiver"},
                {"council": cast.councils["WSV"], "role": "receiver"},
            ],
        )  # fmt: skip


def report(client, council, direction, other, pounds, **changes):
    answer = client.post(NEW, {
        "token": str(uuid.uuid4()), "council": council, "partnership": "three", "direction": direction, "other": other,
        "amount": pounds, "year": "2025", "month": "year", "standing": "final", "note": "", **changes,
    }, follow=True)  # fmt: skip
    assert "Reported for" in answer.text
    return answer


def everybody_reports(sign_in):
    for who, reports in REPORTS.items():
        for each in reports:
            report(sign_in(who), *each)


def steps(sign_in):
    assert "Submitted" in sign_in("asha").post(QUARTER, {"do": "submitted"}, follow=True).text
    assert "Signed off" in sign_in("ben").post(QUARTER, {"do": "signed_off"}, follow=True).text


def test_what_is_paid_is_received_and_nothing_is_left(cast, three, sign_in):
    everybody_reports(sign_in)
    assert "Payers and receivers agree" in sign_in("ben").get("/charges/differences/").text
    roll_up()
    with seen_by(cast, "asha"):
        found = figures.partnership_figures(three, NOW.date())
    by_name = {member.name: member.figures for member in found.members}
    assert sum(member.figures.charges_received for member in found.members) == 100_00
    assert {name: each.net_counted for name, each in by_name.items()} == {
        "Northford Council": 100_00, "Southmere Council": -40_00, "Westvale Council": -60_00,
    }  # fmt: skip
    assert found.total.net_counted == 0
    steps(sign_in)
    assert "Closed: Northford" in sign_in("ben").post(QUARTER, {"do": "closed"}, follow=True).text


def test_one_pound_less_from_b_blocks_closing_by_that_pound(cast, three, sign_in):
    everybody_reports(sign_in)
    cleo, ben = sign_in("cleo"), sign_in("ben")
    with seen_by(cast, "cleo"):
        sixty = Charge.objects.get(council=cast.councils["WSV"])
    cleo.post(reverse("savings:charge-reverse", args=[sixty.public_id]), {"reason": "The invoice said 59"})
    report(cleo, "WSV", "paid", "NFD", "59")
    with seen_by(cast, "ben"):
        assert [pair.pence for pair in differences()] == [1_00]
    steps(sign_in)
    said = "Westvale says it paid Northford £59.00, Northford says it received £60.00"
    page = ben.post(QUARTER, {"do": "closed", "reason": ""}).text
    assert said in page
    assert "Closed: Northford" not in page
    page = ben.get("/charges/differences/").text
    assert ">£1.00<" in page
    assert "Put right what Northford reports" in page
    assert "Put right what Westvale reports" in cleo.get("/charges/differences/").text
    roll_up()
    with seen_by(cast, "asha"):
        found = figures.partnership_figures(three, NOW.date())
    assert found.total.net_counted == sum(member.figures.net_counted for member in found.members) == 0
