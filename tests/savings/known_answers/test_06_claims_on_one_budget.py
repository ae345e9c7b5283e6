"""Known answer 6: two claims, 60 and 50, on a ledger reference of 100: the second is refused by 10, in words."""

import pytest

from savings.models import Entry
from tests.cast import NOW
from tests.savings.views.test_entries import filled, seen_by

NEW, BUDGETS = "/entries/new/", "/budgets/new/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_two_claims_of_60_and_50_on_a_budget_of_100(cast, sign_in):
    asha = sign_in("asha")
    budget = {"council": "NFD", "year": "2025", "code": "R100", "amount": "100", "description": "Virement 12"}
    assert "£100.00 was taken out of budget R100" in asha.post(BUDGETS, budget, follow=True).text
    first = asha.post(NEW, filled(cast, amount="60", reduction=""), follow=True)
    assert "Recorded: £60.00" in first.text
    ict = str(cast.schemes["ICT-01"].public_id)
    second = asha.post(NEW, filled(cast, scheme=ict, amount="50", reduction=""))
    assert (
        "Claims on budget R100 would come to £10.00 more than was taken out of it: £100.00 was taken out, and "
        "£60.00 of that is already claimed." in second.text
    )
    with seen_by(cast, "asha"):
        assert [entry.amount_pence for entry in Entry.objects.all()] == [60_00]
    third = asha.post(NEW, filled(cast, scheme=ict, amount="40", reduction=""), follow=True)
    assert "Recorded: £40.00" in third.text
    page = asha.get("/budgets/").text
    assert "£100.00" in page
    assert "£0.00" in page
