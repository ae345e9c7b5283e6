"""Drafting a promise, reading it, and approving it for one's own council."""

import pytest

from partnerships.models import Approval, BusinessCase
from savings.models import Charge, Entry
from tests.cast import NOW
from tests.factories import an_entry
from tests.savings.reporting.ledger import roll_up
from tests.savings.views.test_entries import seen_by

NEW = "/partnerships/north-south/business-cases/new/"
CASE = "/partnerships/north-south/business-cases/1/"
LINES = """Northford, REV-01, 2026/27, saving, "120,000"
NFD, REV-01, 2026/27, one-off cost, 20000
Southmere, ICT-01, 2027/28, saving, 5000, cost avoidance, one-off"""


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def filled(**changes):
    return {
        "title": "One service for two", "explanation": "", "horizon_year": "2030", "price_base": "", "lines": LINES,
        "charges": "Southmere, Northford, 2026/27, 1500", "baselines": "Northford, 2020/21, 900000, RO4 line 6",
        **changes,
    }  # fmt: skip


@pytest.fixture
def drafted(cast, sign_in):
    answer = sign_in("asha").post(NEW, filled())
    assert (answer.status_code, answer.headers["Location"]) == (302, CASE)
    return cast


def test_a_case_is_drafted_whole(drafted):
    with seen_by(drafted, "asha"):
        case = BusinessCase.objects.get()
        lines = case.lines.order_by("pk").values_list("kind", "benefit_class", "recurrence", "year", "amount_pence")
        assert list(lines) == [
            ("saving", "cash_releasing", "recurring", 2026, 120_000_00),
            ("one_off_cost", None, "one_off", 2026, 20_000_00),
            ("saving", "cost_avoidance", "one_off", 2027, 5_000_00),
        ]
        assert case.charges.get().amount_pence == 1_500_00
        assert case.baselines.get().source == "RO4 line 6"
        assert not Entry.objects.exists()


def test_its_page_tells_the_promise_and_who_has_not_approved(drafted, sign_in):
    page = sign_in("gwen").get(CASE).text
    assert "To the end of 2030/31 it promises £100,000 net: £120,000 of cash-releasing savings" in page
    assert "£5,000 beside that is not cash" in page
    assert "Not approved for Northford" in page
    assert "Approve for" not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lines": LINES.replace("REV-01", "REV-10")}, "“REV-10” is not a scheme of this partnership. Did you mean"),
        ({"lines": LINES.replace("Southmere", "Westvale")}, "Line 3, member: “Westvale” is not a member."),
        ({"lines": LINES.replace("5000", "1e999")}, "was shortened by a spreadsheet"),
        ({"lines": ""}, "Enter what is promised"),
        ({"horizon_year": "2026"}, "A line is for 2027/28, after the last year."),
        ({"charges": "Northford, NFD, 2026/27, 5"}, "A council cannot charge itself."),
        ({"title": ""}, "Enter title"),
    ],
)
def test_what_cannot_be_is_refused_and_comes_back_as_it_was(cast, sign_in, changes, words):
    page = sign_in("asha").post(NEW, filled(**changes))
    assert words in page.text
    assert "RO4 line 6" in page.text
    with seen_by(cast, "asha"):
        assert not BusinessCase.objects.exists()


def approve(sign_in, name, council="northford"):
    return sign_in(name).post(f"{CASE}approve/", {"council": council}, follow=True)


def test_a_lead_approves_for_their_own_council_and_that_posts_it(drafted, sign_in):
    assert "Approve for Northford Council" in sign_in("ben").get(CASE).text
    page = approve(sign_in, "ben").text
    assert "Approved for Northford Council. Its promise is posted and frozen." in page
    assert "Approve for Northford Council" not in page
    with seen_by(drafted, "ben"):
        assert sorted(Entry.objects.values_list("series", "amount_pence")) == [
            ("projected", 20_000_00), ("projected", 120_000_00),
        ]  # fmt: skip
        assert not Charge.objects.exists()  # Southmere pays it, so Southmere's approval posts it
    approve(sign_in, "dev", "southmere")
    with seen_by(drafted, "ben"):
        assert Charge.objects.get().amount_pence == 1_500_00


def test_the_figure_that_is_promised_says_by_when(drafted, sign_in):
    approve(sign_in, "ben")
    an_entry(drafted, year=2025)
    roll_up()
    page = sign_in("ben").get("/councils/northford/").text
    assert "What approved business cases say by 31 March 2027." in page
    assert "behind the promise due by 31 March 2027" in page


def test_the_drafter_cannot_approve_and_is_told_so(cast, sign_in):
    sign_in("ben").post(NEW, filled())
    page = sign_in("ben").get(CASE).text
    assert "You drafted this, so somebody else has to approve it" in page
    assert "Approve for" not in page
    assert "You cannot approve a business case that you drafted." in approve(sign_in, "ben").text
    with seen_by(cast, "ben"):
        assert not Approval.objects.exists()


def test_it_is_approved_once(drafted, sign_in):
    approve(sign_in, "ben")
    assert "has already approved this version" in approve(sign_in, "ben").text


def test_who_may_not(drafted, sign_in):
    assert approve(sign_in, "asha").status_code == 403
    assert approve(sign_in, "dev").status_code == 403  # Southmere's lead, for Northford
    assert approve(sign_in, "cleo").status_code == 404
    assert sign_in("cleo").get(CASE).status_code == 404
    assert sign_in("cleo").get(NEW).status_code == 404
    assert sign_in("erin").get(NEW).status_code == 403
    assert sign_in("ben").get(f"{CASE}approve/").status_code == 405
    assert sign_in(None).get(CASE).status_code == 302


def test_the_next_version_says_why_it_differs(drafted, sign_in):
    client = sign_in("asha")
    assert "Answer “Why does it differ from the version before?”" in client.post(NEW, filled()).text
    assert client.post(NEW, filled(restated_for="scope", supersedes="It forgot ICT")).headers[
        "Location"
    ] == CASE.replace("/1/", "/2/")


def test_before_approving_it_says_what_it_replaces_and_afterwards_what_replaced_it(drafted, sign_in):
    second = CASE.replace("/1/", "/2/")
    first = sign_in("ben").get(CASE).text
    assert "this replaces nothing: no version is approved. It promises it £101,500.00 net to the end of" in first
    approve(sign_in, "ben")
    assert "Replaced by" not in sign_in("ben").get(CASE).text
    changed = filled(restated_for="scope", horizon_year="2031", lines=LINES.replace("120,000", "150,000"))
    sign_in("asha").post(NEW, changed)
    page = sign_in("ben").get(second).text
    assert "For Northford Council this replaces version 1." in page
    assert "Version 1 promises it £101,500.00 net to the end of 2030/31" in page
    assert "this version, £131,500.00 net to the end of 2031/32" in page
    sign_in("ben").post(f"{second}approve/", {"council": "northford"})
    assert "Replaced by version 2</a> for Northford Council." in sign_in("ben").get(CASE).text
    assert "Replaced by" not in sign_in("ben").get(second).text
    assert "For Southmere Council this replaces nothing" in sign_in("dev").get(CASE).text
    sign_in("dev").post(f"{second}approve/", {"council": "southmere"})
    assert "Approve for" not in sign_in("dev").get(CASE).text
    assert "Southmere Council has already approved a later version." in approve(sign_in, "dev", "southmere").text


def test_the_page_costs_as_many_queries_whatever_it_holds(drafted, sign_in, django_assert_max_num_queries):
    client = sign_in("ben")
    with django_assert_max_num_queries(26):
        client.get(CASE)
