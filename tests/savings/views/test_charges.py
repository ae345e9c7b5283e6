"""Charges between members: reported by each side, taken back once, and shown side by side where they differ."""

import html
import re
import uuid

import pytest
from django.urls import reverse

from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import charges
from savings.models import Charge
from savings.views import charges as views
from tests.cast import NOW
from tests.factories import acting
from tests.savings.actions.test_returns import closed
from tests.savings.reporting.ledger import southmere_pays
from tests.savings.views.test_entries import seen_by

LIST, NEW, DIFFERENCES = "/charges/", "/charges/new/", "/charges/differences/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def filled(**changes):
    """As Omar reports it for Southmere: £500 paid to Northford for June 2025."""
    return {
        "token": str(uuid.uuid4()), "council": "STM", "partnership": "north-south", "direction": "paid", "other": "NFD",
        "amount": "500", "year": "2025", "month": "3", "standing": "final", "note": "", **changes,
    }  # fmt: skip


def reported(cast):
    with seen_by(cast, "asha"):
        return list(
            Charge.objects.order_by("pk").values_list("council__code", "payer__code", "amount_pence", "month", "final")
        )


def take_back(charge, by, reason="Wrong invoice"):
    with acting(by) as how:
        return charges.reverse_charge(charge=charge, reason=reason, **how)


def address(charge):
    return reverse("savings:charge-reverse", args=[charge.public_id])


def test_a_payer_reports_what_it_paid(cast, sign_in):
    answer = sign_in("omar").post(NEW, filled(), follow=True)
    assert "Reported for Southmere: £500.00 from Southmere to Northford for June 2025." in answer.text
    assert reported(cast) == [("STM", "STM", 500_00, 3, True)]


def test_a_receiver_reports_what_it_received_provisionally_for_the_year(cast, sign_in):
    form = filled(council="NFD", direction="received", other="STM", month="year", standing="provisional")
    answer = sign_in("asha").post(NEW, form, follow=True)
    assert reported(cast) == [("NFD", "STM", 500_00, None, False)]
    assert "Provisional" in answer.text


REFUSED = {
    "zero": ({"amount": "0"}, "An amount cannot be £0."),
    "negative": ({"amount": "-5"}, "A negative charge is only for a quarter that is already closed."),
    "to itself": ({"other": "STM"}, "Choose a member from the list."),
    "a stranger": ({"other": "WSV"}, "Choose a member from the list."),
    "for another council": ({"council": "NFD"}, "You cannot report for that council."),
    "not a partnership": ({"partnership": "elsewhere"}, "Choose a partnership from the list."),
    "before the partnership": ({"year": "2019"}, "had not joined North and South Revenues by that period."),
    "to come": ({"year": "2026", "month": "9"}, "That has not begun yet."),
    "nothing said of direction": ({"direction": ""}, "Say whether your council paid or received it."),
    "nothing said of finality": ({"standing": ""}, "Say whether the amount is final."),
    "no month": ({"month": ""}, "Choose a month, or the whole year."),
}


@pytest.mark.parametrize(("changes", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_words(cast, sign_in, changes, words):
    answer = sign_in("omar").post(NEW, filled(note="Keep this", **changes))
    assert answer.status_code == 200
    assert words in answer.text
    assert "There is a problem" in answer.text
    assert "Keep this" in answer.text
    assert reported(cast) == []


def test_the_same_form_twice_reports_once(cast, sign_in, monkeypatch):
    omar, form = sign_in("omar"), filled()
    omar.post(NEW, form)
    again = omar.post(NEW, {**form, "amount": "600"}, follow=True)
    assert "nothing new was reported" in again.text
    looks, look = iter([False]), views.sent_before
    monkeypatch.setattr(views, "sent_before", lambda *asked: next(looks, True) and look(*asked))
    assert omar.post(NEW, form).status_code == 302
    assert len(reported(cast)) == 1


def test_a_charge_is_reversed_once_with_a_reason(cast, sign_in):
    charge = southmere_pays(cast, 500_00)
    omar = sign_in("omar")
    assert "Why is it reversed?" in omar.get(address(charge)).text
    assert "There is a problem" in omar.post(address(charge), {"reason": ""}).text
    assert len(reported(cast)) == 1
    answer = omar.post(address(charge), {"reason": "Billed twice"}, follow=True)
    assert "Reversed: £500.00 from Southmere to Northford for the whole of 2025/26." in answer.text
    assert [row[2] for row in reported(cast)] == [500_00, -500_00]
    again = omar.post(address(charge), {"reason": "Billed twice"})
    assert "This charge is already reversed." in again.text
    assert "There is nothing left to reverse here." in omar.get(address(charge)).text


def test_a_reversal_is_not_reversed_and_wants_a_reason(cast):
    charge = southmere_pays(cast, 500_00)
    with pytest.raises(Refused, match="Say why"):
        take_back(charge, cast.people["omar"], reason=" ")
    reversal = take_back(charge, cast.people["omar"])
    with pytest.raises(Refused, match="itself a reversal"):
        take_back(reversal, cast.people["omar"])


def test_a_charge_of_a_closed_quarter_is_reversed_in_an_open_one(cast):
    charge = southmere_pays(cast, 500_00, by="asha", council="NFD", year=2024)
    with acting(cast.people["omar"]) as how:
        charges.report_charge(
            **how, council=cast.councils["STM"], partnership=cast.partnership, payer=cast.councils["STM"],
            receiver=cast.councils["NFD"], year=FinancialYear(2024), amount_pence=500_00,
        )  # fmt: skip
    closed(cast, quarter=FinancialYear(2024).quarters[3])
    reversal = take_back(charge, cast.people["asha"])
    assert (reversal.year, reversal.posted_quarter.isoformat()) == (2024, "2026-04-01")


@pytest.mark.parametrize("name", ["erin", "farah", "gwen"])
def test_who_only_reads_reports_and_reverses_nothing(cast, sign_in, name):
    charge = southmere_pays(cast, 500_00, by="asha", council="NFD")
    client = sign_in(name)
    assert client.get(LIST).status_code == 200
    assert client.get(DIFFERENCES).status_code == 200
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, filled()).status_code == 403
    assert client.post(address(charge), {"reason": "x"}).status_code == 403
    assert "Report a charge" not in client.get(LIST).text
    assert len(reported(cast)) == 1


def test_the_other_side_reads_it_and_does_not_reverse_it(cast, sign_in):
    charge = southmere_pays(cast, 500_00)
    asha = sign_in("asha")
    assert "£500.00" in asha.get(LIST).text
    assert address(charge) not in asha.get(LIST).text
    assert asha.get(address(charge)).status_code == 403
    assert address(charge) in sign_in("omar").get(LIST).text


def test_a_stranger_finds_none_of_it(cast, sign_in):
    charge = southmere_pays(cast, 500_00)
    cleo = sign_in("cleo")
    assert cleo.get(address(charge)).status_code == 404
    assert "No charge is reported yet" in cleo.get(LIST).text
    assert "North and South" not in cleo.get(f"{LIST}?year=2025").text
    assert "Payers and receivers agree" in cleo.get(DIFFERENCES).text
    assert sign_in(None).get(LIST).status_code == 302


NARROWED = {
    "payer": ("payer=southmere", 3),
    "receiver": ("receiver=southmere", 0),
    "the payer's reports": ("said_by=payer", 2),
    "the receiver's reports": ("said_by=receiver", 1),
    "year": ("year=2024", 1),
    "reversed": ("standing=reversed", 0),
    "partnership": ("partnership=north-south&series=banked", 3),
    "quarter": ("quarter=2025-26-q4", 2),
    "no quarter": ("quarter=nonsense", 3),
}


@pytest.mark.parametrize(("query", "many"), NARROWED.values(), ids=NARROWED)
def test_the_address_narrows_the_list(cast, sign_in, query, many):
    southmere_pays(cast, 500_00)
    southmere_pays(cast, 400_00, year=2024)
    southmere_pays(cast, 480_00, by="asha", council="NFD")
    page = sign_in("asha").get(f"{LIST}?{query}").text
    assert (f"{many} charges" if many > 1 else "1 charge" if many else "No charge matches") in page


def test_both_sides_see_where_they_differ(cast, sign_in):
    southmere_pays(cast, 500_00)
    southmere_pays(cast, 480_00, by="asha", council="NFD")
    southmere_pays(cast, 90_00, year=2024)
    southmere_pays(cast, 90_00, by="asha", council="NFD", year=2024)
    for name in ("asha", "dev", "farah"):
        page = sign_in(name).get(DIFFERENCES).text
        assert all(amount in page for amount in ("£500.00", "£480.00", "−£20.00"))
        assert "2024/25" not in page
        assert "year=2025&amp;series=banked" in page
    assert "differ in 1 case." in sign_in("asha").get(LIST).text


def test_a_difference_says_how_it_was_explained(cast, sign_in):
    southmere_pays(cast, 500_00)
    closed(cast, reason="Paid in April, after the year's end")
    page = sign_in("dev").get(DIFFERENCES).text
    assert "Northford closed January to March 2026 with: “Paid in April, after the year&#x27;s end”" in page


def test_a_report_leads_to_what_the_other_side_reports(cast, sign_in):
    southmere_pays(cast, 500_00)
    gwen = sign_in("gwen")
    assert "Northford has reported nothing for 2025/26" in gwen.get(LIST).text
    theirs = southmere_pays(cast, 480_00, by="asha", council="NFD")
    southmere_pays(cast, 333_00, year=2024)
    page = gwen.get(LIST).text
    assert page.count("Northford has reported nothing for 2024/25") == 1
    links = [
        html.unescape(each)
        for each in re.findall(r'href="(/charges/\?[^"]*)">What (?:Northford|Southmere) reports', page)
    ]
    assert len(links) == 2
    mine, other = [gwen.get(each).text.split("<tbody")[1] for each in links]  # the newest report stands first
    assert ("£500.00" in mine, "£480.00" in mine, "£333.00" in mine) == (True, False, False)
    assert ("£500.00" in other, "£480.00" in other) == (False, True)
    take_back(theirs, cast.people["asha"])
    assert "What Northford reports" not in gwen.get(LIST).text


def test_many_charges_cost_what_few_do(cast, sign_in, django_assert_max_num_queries):
    for year in range(2021, 2026):
        southmere_pays(cast, 500_00, year=year)
        southmere_pays(cast, 480_00, year=year, by="asha", council="NFD")
    asha = sign_in("asha")
    with django_assert_max_num_queries(19):
        asha.get(LIST)
    with django_assert_max_num_queries(12):
        asha.get(DIFFERENCES)
    with django_assert_max_num_queries(14):
        asha.get(NEW)
