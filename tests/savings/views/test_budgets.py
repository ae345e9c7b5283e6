"""The pages of budget reductions: what they list, what they refuse, and for whom they are none."""

import pytest

from tests.cast import NOW
from tests.factories import an_entry
from tests.savings.actions.test_budgets import a_budget, corrected


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_the_list_says_what_is_claimed_and_what_is_left(cast, sign_in):
    a_budget(cast)
    an_entry(cast, amount_pence=60_00, ledger_code="R100")
    page = sign_in("gwen").get("/budgets/").text
    for words in ("R100", "2025/26", "£100.00", "£60.00", "£40.00", "1 budget"):
        assert words in page
    assert "No budget matches" in sign_in("gwen").get("/budgets/?left=none").text


def test_a_correction_keeps_the_story(cast, sign_in):
    budget = a_budget(cast)
    asha = sign_in("asha")
    where = f"/budgets/{budget.public_id}/"
    page = asha.post(where, {"amount": "80", "reason": "Virement reversed in part"}, follow=True).text
    assert "£80.00 was taken out of it" in page
    assert "£100.00, recorded by Asha Rao" in page
    assert "Virement reversed in part" in page


def test_a_correction_below_what_is_claimed_is_refused_beside_the_amount(cast, sign_in):
    budget = a_budget(cast)
    an_entry(cast, amount_pence=60_00, ledger_code="R100")
    page = sign_in("asha").post(f"/budgets/{budget.public_id}/", {"amount": "50", "reason": "Less"}).text
    assert "£60.00 is claimed of this budget, £10.00 more than that" in page
    assert 'href="#id_amount"' in page
    assert "Less</textarea>" in page


@pytest.mark.parametrize("who", ["gwen", "erin", "farah"])
def test_who_only_reads_is_refused(cast, sign_in, who):
    budget = a_budget(cast)
    client = sign_in(who)
    assert "Correct the amount" not in client.get(f"/budgets/{budget.public_id}/").text
    assert client.post(f"/budgets/{budget.public_id}/", {"amount": "1", "reason": "x"}).status_code == 403
    assert client.get("/budgets/new/").status_code == 403


@pytest.mark.parametrize("who", ["omar", "dev", "cleo", "ada"])
def test_another_council_does_not_find_it(cast, sign_in, who):
    budget = a_budget(cast)
    assert sign_in(who).get(f"/budgets/{budget.public_id}/").status_code == 404
    assert "R100" not in sign_in(who).get("/budgets/").text


def test_a_list_costs_the_same_however_long(cast, sign_in, django_assert_max_num_queries):
    for number in range(6):
        corrected(cast, a_budget(cast, code=f"R{number}"), 50_00)
    client = sign_in("asha")
    client.get("/budgets/")
    with django_assert_max_num_queries(14):
        client.get("/budgets/")
