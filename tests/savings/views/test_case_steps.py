"""The steps of a business case from its pages: submit, return, withdraw, restate, and what was promised originally."""

import re

import pytest

from partnerships.models import BusinessCase
from savings.models import Entry
from tests.cast import NOW
from tests.factories import a_proven_entry
from tests.savings.reporting.ledger import roll_up
from tests.savings.views.test_business_cases import CASE, LINES, NEW, approve, filled
from tests.savings.views.test_entries import seen_by

STEP, SECOND, ALL = f"{CASE}step/", CASE.replace("/1/", "/2/"), "/partnerships/north-south/business-cases/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def step(client, do, reason="", **more):
    return client.post(STEP, {"do": do, "reason": reason, **more}, follow=True)


def test_a_draft_is_kept_and_submitted_later(cast, sign_in):
    asha, ben = sign_in("asha"), sign_in("ben")
    page = asha.post(NEW, filled(do="draft"), follow=True).text
    assert "Drafted. Submit it when it is ready" in page
    assert "Business cases to approve" not in ben.get("/").text
    assert "Business cases to finish" in asha.get("/").text
    assert "Approve for" not in ben.get(CASE).text
    assert "Only a submitted version is approved." in approve(sign_in, "ben").text
    assert "Submitted. Every member’s finance lead" in step(asha, "submit").text
    for lead in ("ben", "dev"):
        assert "Business cases to approve" in sign_in(lead).get("/").text
    assert "Business cases to finish" not in asha.get("/").text
    approve(sign_in, "ben")
    assert "Business cases to approve" not in ben.get("/").text
    assert "Business cases to approve" in sign_in("dev").get("/").text


def test_a_lead_returns_it_and_the_drafter_answers(cast, sign_in):
    asha, dev = sign_in("asha"), sign_in("dev")
    asha.post(NEW, filled())
    empty = step(dev, "return", council="southmere")
    assert (empty.status_code, "Enter" in empty.text or "Answer" in empty.text) == (422, True)
    assert "Returned to its drafter." in step(dev, "return", "Our ICT saving is too high", council="southmere").text
    assert "Dev Patel: “Our ICT saving is too high”" in asha.get("/").text
    page = asha.get(CASE).text
    assert "Returned by Dev Patel for Southmere Council: “Our ICT saving is too high”" in page
    assert "Approve for" not in sign_in("ben").get(CASE).text
    assert step(asha, "submit").status_code == 422
    assert "Submitted." in step(asha, "submit", "It was agreed by your board").text
    assert "Asha Rao submitted it for Northford on 15 June 2026: “It was agreed by your board”" in asha.get(CASE).text


def test_it_is_withdrawn_by_its_own_council_only(cast, sign_in):
    sign_in("asha").post(NEW, filled())
    assert step(sign_in("omar"), "withdraw", "Ours").status_code == 403
    assert step(sign_in("gwen"), "submit").status_code == 403
    assert step(sign_in("dev"), "return", "Theirs", council="northford").status_code == 403
    assert step(sign_in("asha"), "burn").status_code == 404
    assert "Withdrawn. It stays readable" in step(sign_in("asha"), "withdraw", "Members disagree").text
    assert "Withdrawn by Asha Rao: “Members disagree”" in sign_in("dev").get(CASE).text
    assert "Business cases to approve" not in sign_in("dev").get("/").text


def test_a_later_draft_takes_the_place_of_an_open_one_with_a_reason(cast, sign_in):
    asha = sign_in("asha")
    asha.post(NEW, filled())
    again = filled(restated_for="scope", explanation="Kept")
    page = asha.post(NEW, again).text
    assert "Why does it take the place of version 1?" in page
    assert "Kept" in page
    asha.post(NEW, again | {"supersedes": "ICT was forgotten"})
    assert "took its place before anybody approved it: “ICT was forgotten”" in asha.get(CASE).text
    assert "Only a submitted version is approved. This one is superseded." in approve(sign_in, "ben").text


def restated_from(page):
    """What a browser would send back: every box of the drafting form as it came."""
    found = dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', page, re.S))
    found |= dict(re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        found[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    return found


@pytest.fixture
def restated(cast, sign_in):
    """Version 1 approved by both; version 2 drafted from it with one saving smaller, approved by Northford."""
    asha = sign_in("asha")
    asha.post(NEW, filled(charges="", lines=LINES.replace("2026/27", "2025/26")))
    approve(sign_in, "ben")
    approve(sign_in, "dev", "southmere")
    page = asha.get(f"{NEW}?from=1").text
    sent = restated_from(page)
    assert "Northford, REV-01, 2025/26, Saving, 120000.00, Cash-releasing, Recurring" in sent["lines"]
    assert "Southmere, ICT-01, 2027/28, Saving, 5000.00, Cost avoidance, One-off" in sent["lines"]
    sent |= {"lines": sent["lines"].replace("120000.00", "95000.50"), "restated_for": "price"}
    answer = asha.post(f"{NEW}?from=1", sent)
    assert (answer.status_code, answer.headers.get("Location")) == (302, SECOND)
    sign_in("ben").post(f"{SECOND}approve/", {"council": "northford"})
    return cast


def test_only_what_changes_is_typed(restated):
    with seen_by(restated, "asha"):
        first, second = BusinessCase.objects.order_by("version")
        shape = ("scheme_reference", "kind", "benefit_class", "recurrence", "year", "month", "funded_by")
        assert list(first.lines.order_by("pk").values_list(*shape)) == list(
            second.lines.order_by("pk").values_list(*shape)
        )
        assert sorted(second.lines.values_list("amount_pence", flat=True)) == [5_000_00, 20_000_00, 95_000_50]
        assert second.baselines.get().amount_pence == first.baselines.get().amount_pence  # kept as it was
        assert first.lines.get(kind="saving", benefit_class="cash_releasing").amount_pence == 120_000_00


def test_the_promise_tells_original_and_current_and_adds_up(restated, sign_in):
    page = sign_in("gwen").get(ALL).text
    assert "£100,000 net was promised originally and £75,000 is promised now: £25,000 less for price." in page
    cells = re.findall(r">(−?£[\d,]+\.\d\d)<", page)
    assert cells[:6] == ["£100,000.00", "−£24,999.50", "£0.00", "£0.00", "£0.00", "£75,000.50"]
    assert "Version 2, price" in page
    assert "−£24,999.50" in page
    assert "Approved for 1 of 2 members" in page


def test_the_partnership_page_shows_it_beside_what_is_promised_now(restated, sign_in):
    a_proven_entry(restated, year=2025, amount_pence=3_000_00)
    roll_up()
    page = sign_in("ben").get("/partnerships/north-south/").text
    assert "Promised originally" in page
    assert "£100,000 was promised originally by then." in page
    assert page.count("Promised originally, net") >= 2
    assert sign_in("ben").get(CASE).text.count("£120,000") >= 1  # the original stays readable


def test_it_is_not_shown_where_nothing_was_restated(cast, sign_in):
    sign_in("asha").post(NEW, filled(lines=LINES.replace("2026/27", "2025/26")))
    approve(sign_in, "ben")
    a_proven_entry(cast, year=2025, amount_pence=3_000_00)
    roll_up()
    page = sign_in("ben").get("/partnerships/north-south/").text
    assert "Promised" in page
    assert "Promised originally" not in page
    page = sign_in("gwen").get(ALL).text  # five columns of nothing would hide the promise
    assert "is promised, and that was never restated." in page
    assert "Promised originally" not in page
    assert "Boundary" not in page


def test_a_line_for_all_members_needs_agreed_shares(cast, sign_in):
    page = sign_in("asha").post(NEW, filled(lines="all members, REV-01, 2026/27, saving, 100")).text
    assert "No gain share is agreed for Northford and Southmere." in page
    sign_in("asha").post(NEW, filled(lines="all members, REV-01, 2026/27, running cost, 100.01", charges=""))
    with seen_by(cast, "asha"):
        amounts = BusinessCase.objects.get().lines.order_by("pk").values_list("council__code", "amount_pence")
        assert list(amounts) == [("NFD", 60_01), ("STM", 40_00)]


def test_a_month_and_what_pays_for_it_survive_a_restatement(cast, sign_in):
    asha = sign_in("asha")
    asha.post(NEW, filled(lines="NFD, REV-01, 2026/27, one-off cost, 70, , one-off, May, reserves", charges=""))
    approve(sign_in, "ben")
    sent = restated_from(asha.get(f"{NEW}?from=1").text) | {"restated_for": "scope"}
    assert asha.post(f"{NEW}?from=1", sent).status_code == 302
    with seen_by(cast, "asha"):
        line = BusinessCase.objects.get(version=2).lines.get()
        assert (line.month, line.funded_by) == (2, "reserves")
        assert Entry.objects.get().month == 2


def test_versions_of_other_partnerships_are_not_there(restated, sign_in):
    assert sign_in("cleo").get(ALL).status_code == 404
    assert sign_in("asha").get(f"{NEW}?from=9").status_code == 404
    assert sign_in("asha").get(f"{NEW}?from=x").status_code == 404


def test_the_pages_cost_as_many_queries_whatever_they_hold(restated, sign_in, django_assert_max_num_queries):
    client = sign_in("ben")
    with django_assert_max_num_queries(27):
        client.get(ALL)
    with django_assert_max_num_queries(28):
        client.get(f"{NEW}?from=1")
