"""The page on which a council submits, signs off or closes several quarters, and the way out for a lone lead."""

import pytest

from councils.years import FinancialYear
from savings.models import Return
from tests.cast import NOW
from tests.factories import a_proven_entry, an_entry
from tests.savings.actions.test_returns import closed, second_lead, take
from tests.savings.actions.test_returns_together import YEAR, together
from tests.savings.reporting.ledger import southmere_pays
from tests.savings.views.test_entries import seen_by

PAGE, Q4_PAGE = "/returns/together/NFD/", "/returns/north-south/NFD/2025-26-q4/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def steps(cast):
    with seen_by(cast, "gwen"):
        return list(Return.objects.order_by("quarter", "sequence").values_list("step", flat=True))


def keys(*numbers):
    return [f"north-south__2025-26-q{number}" for number in numbers]


def test_what_is_recorded_is_submitted_together_and_an_empty_quarter_is_left_out(cast, sign_in):
    an_entry(cast, month=1)
    a_proven_entry(cast, month=4)
    asha = sign_in("asha")
    page = asha.get(PAGE).text
    assert "To submit (2)" in page
    assert "1 entry not signed off; 1 without a document" in page
    assert f'id="submitted-{keys(2)[0]}" checked' in page
    assert f'id="submitted-{keys(1)[0]}" checked' not in page
    assert "say on its own page whether that is nil" in page
    answer = asha.post(PAGE, {"do": "submitted", "quarters": keys(1, 2)}, follow=True).text
    assert "Submitted: 2 returns of Northford." in answer
    assert steps(cast) == ["submitted"] * 2
    assert "cannot take this step" in asha.post(PAGE, {"do": "submitted", "quarters": keys(3)}).text
    assert asha.post(PAGE, {"do": "signed_off", "quarters": keys(1)}).status_code == 403


def test_a_lead_closes_what_is_in_order_and_reads_what_is_not(cast, sign_in):
    southmere_pays(cast, 500_00)
    together(cast, "submitted", by="asha")
    together(cast, "signed_off", by="ben")
    ben = sign_in("ben")
    page = ben.get(PAGE).text
    assert "To close (3)" in page
    assert "January to March 2026, North–South" in page or "January to March 2026, " in page.split("Left out")[1]
    assert "payer and receiver differ on a charge" in page
    refused = ben.post(PAGE, {"do": "closed", "quarters": keys(1, 4)})
    assert refused.status_code == 422
    assert "closed" not in steps(cast)
    ben.post(PAGE, {"do": "closed", "quarters": keys(1, 2, 3)})
    assert steps(cast).count("closed") == 3


def test_who_submitted_is_told_that_another_signs_off(cast, sign_in):
    take(cast, "submitted", by="ben")
    page = sign_in("ben").get(PAGE).text
    assert "you submitted it, so another finance lead signs it off" in page
    assert "Sign off the ticked returns" not in page


def test_ticks_survive_a_refusal(cast, sign_in):
    an_entry(cast, month=1)
    an_entry(cast, month=4)
    page = sign_in("asha").post(PAGE, {"do": "submitted", "quarters": [*keys(1), "north-south__2030-31-q1"]}).text
    assert f'id="submitted-{keys(1)[0]}" checked' in page
    assert f'id="submitted-{keys(2)[0]}" checked' not in page


def test_nobody_else_reaches_it(cast, sign_in):
    assert sign_in("cleo").get(PAGE).status_code == 404
    assert sign_in("omar").get(PAGE).status_code == 404
    assert sign_in("gwen").get(PAGE).status_code == 403


def test_it_costs_the_same_for_many_quarters(cast, sign_in, django_assert_max_num_queries):
    for quarter in YEAR:
        an_entry(cast, month=3 * quarter.quarter)
    for start in (2022, 2023, 2024):
        an_entry(cast, year=start)
    ben = sign_in("ben")
    with django_assert_max_num_queries(27):
        ben.get(PAGE)


def test_a_lone_lead_is_told_who_must_do_what_to_reopen(cast, sign_in):
    closed(cast)
    for who in ("ben", "asha"):
        page = sign_in(who).get(Q4_PAGE).text
        assert "Ben Carter closed this quarter and Northford has no other finance lead" in page
        assert "An administrator has to appoint a second finance lead of Northford" in page
        assert "/councils/northford/people/" in page
        assert "record what was missed" in page
    second_lead(cast)
    page = sign_in("ben").get(Q4_PAGE).text
    assert "no other finance lead" not in page
    assert "other than Ben Carter could reopen it" in page


def test_a_lone_lead_who_submitted_is_told_how_it_is_signed_off(cast, sign_in):
    take(cast, "submitted", by="ben")
    page = sign_in("ben").get(Q4_PAGE).text
    assert "Ben Carter submitted this return and Northford has no other finance lead" in page
    assert "reopens it and an officer of Northford submits it anew" in page


def test_old_piles_are_folded_and_the_way_to_several_is_offered(cast, sign_in):
    old = [quarter for year in (2022, 2023, 2024) for quarter in FinancialYear(year).quarters]
    together(cast, "submitted", by="asha", quarters=old)
    together(cast, "signed_off", by="ben", quarters=old)
    page = sign_in("ben").get("/returns/").text
    assert PAGE in page
    assert "Signed off, to be closed: the other 4" in page
    assert PAGE not in sign_in("gwen").get("/returns/").text
