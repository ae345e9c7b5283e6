"""Leaving a partnership in mid-year through its pages: terms, notice, the promise restated, and the day itself."""

import datetime
import html

import pytest
import time_machine

from partnerships import actions as arrangement
from partnerships.models import LeavingNotice, Membership
from savings.actions import promise
from savings.models.typed import Kind
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting

PAGE = "/partnerships/north-south/leave/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def promised(cast):
    """Southmere saves £120,000 a year in 2026/27 and 2027/28; Northford pays £90,000 once and saves £60,000 a year."""

    def line(code, kind, year, pounds):
        return {
            "council": cast.councils[code], "scheme_reference": "REV-01", "year": year, "kind": kind,
            "benefit_class": "cash_releasing" if kind == Kind.SAVING else None,
            "recurrence": "recurring" if kind == Kind.SAVING else "one_off", "amount_pence": pounds * 100,
        }  # fmt: skip

    lines = [line("NFD", Kind.ONE_OFF_COST, 2026, 90_000)]
    lines += [line("STM", Kind.SAVING, year, 120_000) for year in (2026, 2027)]
    lines += [line("NFD", Kind.SAVING, year, 60_000) for year in (2026, 2027)]
    with acting(cast.people["asha"]) as how:
        case = arrangement.draft(partnership=cast.partnership, title="Together", horizon_year=2027, lines=lines, **how)
    for name, code in (("ben", "NFD"), ("dev", "STM")):
        with acting(cast.people[name]) as how:
            promise.approve(case=case, council=cast.councils[code], **how)
    return case


def notice(**changed):
    return {
        "do": "notice", "council": "southmere", "leaves_on_0": "1", "leaves_on_1": "10", "leaves_on_2": "2026",
        "reason": "A service of its own", "minute_reference": "Cabinet 12",
        "costs": "Southmere, REV-01, exit cost, 2026/27, 40000\nNorthford, REV-01, stranded overhead, 2027/28, 15000",
        **changed,
    }  # fmt: skip


def terms(client):
    answer = client.post(PAGE, {"do": "terms", "notice_months": "3", "exit_terms": "Whoever leaves pays."}, follow=True)
    assert "The terms are written down" in answer.content.decode()


def test_a_member_leaves_in_mid_year(cast, sign_in):
    promised(cast)
    dev, ben = sign_in("dev"), sign_in("ben")
    terms(dev)
    early = dev.post(PAGE, notice(leaves_on_0="14", leaves_on_1="9"))
    assert "15 September 2026 or later" in early.content.decode()
    assert "every member" in early.content.decode()
    said = dev.post(PAGE, notice(), follow=True).content.decode()
    assert "Southmere Council leaves on 1 October 2026" in said
    assert "£40,000" in said
    with as_role("worker"):
        given = LeavingNotice.objects.get()
        row = Membership.objects.current().get(council=cast.councils["STM"], partnership=cast.partnership)
    assert row.ends_on == datetime.date(2026, 10, 1)
    # By hand: of Southmere's 120,000 of 2026/27 six months stand, 60,000; nothing of 2027/28. Net by year: before
    # 120 + 60 - 90 = 90 thousand, so nothing ever to pay back; after 60 + 60 - 90 - 40 = -10 and 60 - 15 = 45.
    form = ben.get(f"/partnerships/north-south/business-cases/new/?from=1&leaving={given.public_id}")
    initial = form.context["form"].initial
    lines = initial["lines"].splitlines()
    assert lines == [
        "Northford, REV-01, 2026/27, One-off cost, 90000.00, , One-off",
        "Southmere, REV-01, 2026/27, Saving, 60000.00, Cash-releasing, Recurring",
        "Northford, REV-01, 2026/27, Saving, 60000.00, Cash-releasing, Recurring",
        "Northford, REV-01, 2027/28, Saving, 60000.00, Cash-releasing, Recurring",
        "Southmere, REV-01, 2026/27, One-off cost, 40000.00, , One-off",
        "Northford, REV-01, 2027/28, Running cost, 15000.00, , Time-limited",
    ]
    sent = {name: value or "" for name, value in initial.items()}
    page = ben.post("/partnerships/north-south/business-cases/new/?from=1", sent, follow=True).content.decode()
    page = html.unescape(page)
    assert "This version pays back in 2027/28, after 1.2 years" in page
    assert "Version 1 pays for itself from the first year" in page
    assert "Version 2 pays back" not in ben.get("/partnerships/north-south/").text  # nobody has approved it yet
    dev.post("/partnerships/north-south/business-cases/2/approve/", {"council": "southmere"})
    page = ben.get("/partnerships/north-south/").text
    assert "Version 2 pays back in 2027/28, after 1.2 years. Version 1 pays for itself from the first year." in page


def test_a_notice_is_withdrawn_until_the_day(cast, sign_in):
    dev = sign_in("dev")
    terms(dev)
    dev.post(PAGE, notice(costs=""))
    with as_role("worker"):
        given = LeavingNotice.objects.get()
    answer = dev.post(PAGE, {"do": f"withdraw-{given.public_id}", "reason": "It stays"}, follow=True)
    assert "The notice is withdrawn" in answer.content.decode()
    with as_role("worker"):
        row = Membership.objects.current().get(council=cast.councils["STM"], partnership=cast.partnership)
    assert row.ends_on is None


def test_only_a_members_lead_gives_notice(cast, sign_in):
    assert sign_in("cleo").get(PAGE).status_code == 404
    assert sign_in("asha").get(PAGE).status_code == 200
    assert sign_in("asha").post(PAGE, notice()).status_code == 403
