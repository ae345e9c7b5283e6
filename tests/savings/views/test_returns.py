"""Returns on screen: what is owed, by when and by whom, and the quarter on which each step is taken."""

import re

import pytest

from councils.years import FinancialYear
from savings.actions import decision, disputes, entries
from savings.models import Return
from savings.models.typed import Kind
from tests.cast import NOW
from tests.factories import a_file, a_proven_entry, acting, an_entry
from tests.savings.actions.test_returns import Q2, closed, second_lead, signed_off, take
from tests.savings.reporting.ledger import southmere_pays
from tests.savings.views.test_entries import filled, seen_by

LIST, Q2_PAGE, Q4_PAGE = "/returns/", "/returns/north-south/NFD/2025-26-q2/", "/returns/north-south/NFD/2025-26-q4/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def steps(cast):
    with seen_by(cast, "asha"):
        return list(Return.objects.order_by("sequence").values_list("step", flat=True))


def pile(page, title):
    """The rows of one pile, as text."""
    found = re.search(rf">{title} \((\d+)\)</span></caption>.*?</table>", page, re.S)
    return (int(found[1]), found[0]) if found else (0, "")


def test_what_is_owed_is_listed_overdue_first(cast, sign_in):
    page = sign_in("asha").get(LIST).text
    many, overdue = pile(page, "Overdue")
    assert many == 19  # five years since April 2021, but for the fourth of 2025/26, which is due on 30 June
    assert overdue.index("April to June 2021") < overdue.index("October to December 2025")
    assert "30 Jul 2021" in overdue
    assert "30 Jan 2026" in overdue
    due, row = pile(page, "Due")
    assert (due, "30 Jun 2026" in row) == (1, True)
    assert "an officer or finance lead of Northford" in row
    assert pile(page, "Not ended yet")[0] == 1
    assert page.index("Overdue (") < page.index(">Due (") < page.index("Not ended yet")


def test_each_state_says_the_next_step_and_who_may_take_it(cast, sign_in):
    take(cast, "submitted", by="asha")
    page = sign_in("gwen").get(LIST).text
    assert "a finance lead of Northford other than Asha Rao" in pile(page, "Due")[1]
    take(cast, "signed_off", by="ben")
    assert "Close it" in pile(sign_in("gwen").get(LIST).text, "Signed off, to be closed")[1]
    take(cast, "closed", by="ben")
    assert "other than Ben Carter could reopen it" in pile(sign_in("gwen").get(LIST).text, "Closed")[1]


def test_a_return_is_submitted_signed_off_closed_and_reopened_on_its_page(cast, sign_in):
    second_lead(cast)
    asha, ben = sign_in("asha"), sign_in("ben")
    answer = asha.post(Q4_PAGE, {"do": "submitted", "nil_savings": "on", "nil_costs": "on"}, follow=True)
    assert "Submitted: Northford, January to March 2026." in answer.text
    assert "Stated: there were no savings." in answer.text
    assert "Sign off the return" not in answer.text
    assert "Sign off the return" in ben.get(Q4_PAGE).text
    ben.post(Q4_PAGE, {"do": "signed_off"})
    assert "Close the quarter" in ben.get(Q4_PAGE).text
    page = ben.post(Q4_PAGE, {"do": "closed"}, follow=True).text
    assert "This quarter is closed." in page
    assert "Reopen the quarter" not in page
    refused = ben.post(Q4_PAGE, {"do": "reopened", "reason": "A late invoice"}).text
    assert "You closed this quarter, so somebody else has to reopen it." in refused
    assert steps(cast) == ["submitted", "signed_off", "closed"]
    take(cast, "reopened", by="hana", reason="A late invoice")
    page = asha.get(Q4_PAGE).text
    assert "Submit the return" in page
    assert "<strong>Hana Lee</strong> reopened it" in page
    assert "A late invoice" in page


def test_who_submitted_does_not_sign_off(cast, sign_in):
    ben = sign_in("ben")
    ben.post(Q4_PAGE, {"do": "submitted"})
    assert "Sign off the return" not in ben.get(Q4_PAGE).text
    assert "You cannot sign off a return that you submitted." in ben.post(Q4_PAGE, {"do": "signed_off"}).text


def test_a_false_nil_is_refused_beside_its_box(cast, sign_in):
    an_entry(cast, month=4)
    page = sign_in("asha").post(Q2_PAGE, {"do": "submitted", "nil_savings": "on"}).text
    assert "Savings are recorded for this quarter, so they cannot be stated as nil." in page
    assert "There is a problem" in page
    assert steps(cast) == []


def test_closing_waits_until_a_difference_is_explained(cast, sign_in):
    southmere_pays(cast, 500_00)
    signed_off(cast)
    ben = sign_in("ben")
    page = ben.get(Q4_PAGE).text
    said = "Southmere says it paid Northford £500.00, Northford has reported nothing"
    assert said in page
    assert "Stands in the way of closing" in page
    assert said in ben.post(Q4_PAGE, {"do": "closed", "reason": ""}).text
    assert steps(cast)[-1] == "signed_off"
    page = ben.post(Q4_PAGE, {"do": "closed", "reason": "Ours comes in July"}, follow=True).text
    assert "Ours comes in July" in page


def test_the_checklist_counts_what_its_links_list(cast, sign_in):
    a_proven_entry(cast, month=4)
    an_entry(cast, month=5)
    back = an_entry(cast, month=6, files=[a_file()])
    an_entry(cast, month=4, kind=Kind.RUNNING_COST, amount_pence=5_00)
    an_entry(cast, month=7)  # of the next quarter
    gone = an_entry(cast, month=5, amount_pence=77_00)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=gone, reason="Wrong", **how)
    with acting(cast.people["ben"]) as how:
        decision.return_to_recorder(entry=back, reason="Which post?", **how)
    with acting(cast.people["dev"]) as how:
        disputes.dispute(entry=back, council=cast.councils["STM"], reason="Ours", **how)
    asha = sign_in("asha")
    page = asha.get(Q2_PAGE).text
    for words, many in {
        "not signed off": 3, "without a document": 2, "returned and not put right": 1,
        "disputed by another member": 1,
    }.items():  # fmt: skip
        found = re.search(rf'<a class="govuk-link" href="([^"]+)">{many} entr(?:y|ies) {words}</a>', page)
        assert found, words
        assert f">{many} entr" in asha.get(found[1].replace("&amp;", "&")).text
    assert "£3,000.00" in page
    assert "£2,995.00" in page


def test_every_total_opens_into_its_rows(cast, sign_in):
    closed(cast, quarter=Q2)
    an_entry(cast, month=4)
    asha = sign_in("asha")
    page = asha.get(Q2_PAGE).text
    assert "1 entry" in page[page.index("adjustments after it closed") :][:200]
    for url in re.findall(r'href="(/entries/\?[^"]+)"', page):
        listed = asha.get(url.replace("&amp;", "&")).text
        assert ("No entry matches" in listed) == ("posted=" in url or "standing=disputed" in url or "=returned" in url)


def test_a_late_entry_is_said_to_be_an_adjustment(cast, sign_in):
    asha = sign_in("asha")
    assert "quarters closed" not in asha.get("/entries/new/").text
    closed(cast, quarter=FinancialYear(2025).quarters[0])
    page = asha.get("/entries/new/").text
    assert "1 quarter closed" in page
    assert "/returns/north-south/NFD/2025-26-q1/" in page
    answer = asha.post("/entries/new/", filled(cast), follow=True)
    assert "Recorded as an adjustment, because its quarter is closed: £1,200.00 for April 2025" in answer.text


def test_a_recurring_saving_that_was_not_recorded_again_is_named(cast, sign_in):
    an_entry(cast, year=2024)
    asha = sign_in("asha")
    assert "1 recurring saving of the year before not recorded again" in asha.get(Q4_PAGE).text
    assert "not recorded again" not in asha.get(Q2_PAGE).text
    an_entry(cast, year=2025)
    assert "not recorded again" not in asha.get(Q4_PAGE).text


@pytest.mark.parametrize("name", ["erin", "farah", "gwen", "dev", "omar"])
@pytest.mark.parametrize("do", ["submitted", "signed_off", "closed", "reopened"])
def test_readers_and_other_members_read_and_take_no_step(cast, sign_in, name, do):
    client = sign_in(name)
    assert client.post(Q4_PAGE, {"do": do, "reason": "x"}).status_code == 403
    page = client.get(Q4_PAGE)
    assert page.status_code == 200
    assert 'name="do"' not in page.text
    assert steps(cast) == []


def test_an_officer_submits_and_no_more(cast, sign_in):
    asha = sign_in("asha")
    for do in ("signed_off", "closed", "reopened"):
        assert asha.post(Q4_PAGE, {"do": do, "reason": "x"}).status_code == 403


def test_a_stranger_finds_no_return(cast, sign_in):
    cleo = sign_in("cleo")
    assert cleo.get(Q4_PAGE).status_code == 404
    assert cleo.post(Q4_PAGE, {"do": "submitted"}).status_code == 404
    assert "No return is owed" in cleo.get(LIST).text
    assert sign_in(None).get(LIST).status_code == 302


@pytest.mark.parametrize("path", [
    "north-south/NFD/2026-27-q2", "north-south/NFD/2020-21-q4", "north-south/WSV/2025-26-q1",
    "elsewhere/NFD/2025-26-q1",
    "north-south/NFD/2025-26-q5", "north-south/NFD/nonsense",
])  # fmt: skip
def test_a_quarter_that_is_none_is_not_found(cast, sign_in, path):
    assert sign_in("asha").get(f"{LIST}{path}/").status_code == 404


def test_a_step_that_is_none_is_not_found(cast, sign_in):
    assert sign_in("ben").post(Q4_PAGE, {"do": "everything"}).status_code == 404


def test_the_pages_cost_few_queries(cast, sign_in, django_assert_max_num_queries):
    for month in range(4, 7):
        an_entry(cast, month=month)
        an_entry(cast, month=month, scheme="ICT-01")
    southmere_pays(cast, 500_00)
    for quarter in FinancialYear(2024).quarters:
        signed_off(cast, quarter=quarter)
    ben = sign_in("ben")
    with django_assert_max_num_queries(16):
        ben.get(LIST)
    with django_assert_max_num_queries(29):
        ben.get(Q4_PAGE)


def test_the_quarter_says_what_changed_since_the_last(cast, sign_in):
    an_entry(cast, month=1, amount_pence=300_00)
    an_entry(cast, month=4, amount_pence=450_00)
    an_entry(cast, month=2, scheme="ICT-01", amount_pence=70_00)
    page = sign_in("asha").get(Q2_PAGE).text
    table = page[page.index("What changed since the last quarter") : page.index('id="checklist"')]
    for said in ("£300.00", "£450.00", "£150.00", "+50%", "£70.00", "stopped"):
        assert said in table


def test_what_is_recorded_after_closing_is_listed_by_both_quarters(cast, sign_in):
    closed(cast, quarter=Q2)
    late = an_entry(cast, month=5, amount_pence=12_00)
    assert late.adjustment
    said = "£12.00 for August 2025 on REV-01</a>: relates to July to September 2025, posted in April to June 2026"
    for page in (Q2_PAGE, "/returns/north-south/NFD/2026-27-q1/"):
        assert said in sign_in("asha").get(page).text
    assert "Adjustments</h2>" not in sign_in("asha").get(Q4_PAGE).text
