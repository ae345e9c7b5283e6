"""The closing calendar: dates by the council's own days, set by its lead, and quarters before the record began."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from councils.acts import act
from councils.years import FinancialYear
from partnerships.models import Service, Vehicle
from savings.models import ClosingDays, ReminderChoice
from savings.reporting.calendar import DEFAULT, Days, dates_of, days_of
from tests.cast import NOW
from tests.factories import acting, an_entry, found_together
from tests.savings.reporting.ledger import roll_up
from tests.savings.views.test_entries import seen_by

PAGE, QUARTER, RETURNS, CHOICE = (
    "/returns/calendar/", "/returns/north-south/NFD/2025-26-q4/", "/returns/", "/account/reminders/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def posted(**changes):
    return {"council": "NFD", "record": "5", "submit": "8", "sign_off": "10", "close": "12",
            "reason": "The ledger closes early", **changes}  # fmt: skip


def test_dates_count_from_the_quarter_and_for_the_fourth_to_30_june():
    first, fourth = FinancialYear(2026).quarters[0], FinancialYear(2026).quarters[3]
    day = datetime.date
    assert dates_of(first) == (day(2026, 7, 15), day(2026, 7, 20), day(2026, 7, 24), day(2026, 7, 30))
    assert dates_of(fourth, DEFAULT) == (day(2027, 6, 15), day(2027, 6, 18), day(2027, 6, 25), day(2027, 6, 30))


def test_a_lead_sets_the_days_and_they_stand_beside_the_return(cast, sign_in):
    ben = sign_in("ben")
    assert "Mon 15 Jun 2026" in ben.get(PAGE).text
    assert "closes its quarters by these days" in ben.post(PAGE, posted(), follow=True).text
    assert "Fri 5 Jun 2026" in ben.get(PAGE).text
    assert "Record by 5 June 2026, submit by 8 June, sign off by 10 June, close by 12 June." in ben.get(QUARTER).text
    assert "Record by 5 June 2026" in sign_in("dev").get(QUARTER).text  # a fellow member reads them too
    ben.post(PAGE, posted(close="20", reason="Less haste"))
    with seen_by(cast, "ben"):
        assert ClosingDays.objects.count() == 2
        assert days_of([cast.councils["NFD"].pk]) == {cast.councils["NFD"].pk: Days(5, 8, 10, 20)}


def test_wrong_days_and_wrong_people_are_refused(cast, sign_in):
    ben = sign_in("ben")
    assert "The days go record, submit, sign off, close" in ben.post(PAGE, posted(submit="4")).text
    assert "Why the days change" in ben.post(PAGE, posted(reason="")).text
    assert ben.post(PAGE, posted(council="STM")).status_code == 404
    for who in ("asha", "erin", "gwen"):
        client = sign_in(who)
        assert "Set other days" not in client.get(PAGE).text
        assert client.post(PAGE, posted()).status_code == 403
    with seen_by(cast, "ben"):
        assert not ClosingDays.objects.exists()


@pytest.mark.parametrize(
    ("by", "changes", "said"),
    [
        ("ben", {"submit_days": 4}, "savings_closing_days_order"),
        ("ben", {"close_days": 31}, "savings_closing_days_order"),
        ("ben", {"reason": ""}, "savings_closing_days_reason"),
        ("asha", {}, "row-level security"),
    ],
)
def test_the_database_refuses_the_same(cast, by, changes, said):
    usual = {"record_days": 5, "submit_days": 8, "sign_off_days": 10, "close_days": 12, "reason": "Because"}
    with pytest.raises(Exception, match=said), acting(cast.people[by]) as how, transaction.atomic():
        with act(by=how["by"], at=NOW, verb="forged", subject="days") as this:
            ClosingDays.objects.create(
                act=this, council=cast.councils["NFD"], set_by=how["by"], set_at=NOW, **usual | changes
            )


def test_days_are_set_by_who_acts(cast):
    with pytest.raises(IntegrityError, match="set by the person who acts"), acting(cast.people["ben"]) as how:
        with transaction.atomic(), act(by=how["by"], at=NOW, verb="forged", subject="days") as this:
            ClosingDays.objects.create(
                act=this, council=cast.councils["NFD"], set_by=cast.people["asha"], set_at=NOW, reason="Because",
                record_days=1, submit_days=2, sign_off_days=3, close_days=4,
            )  # fmt: skip


def test_silent_members_are_named(cast, sign_in, time_machine):
    time_machine.move_to(NOW + datetime.timedelta(days=16), tick=False)
    page = sign_in("ben").get(PAGE).text
    assert "Southmere, January to March 2026" in page
    assert "due on 30 June 2026" in page
    assert "Southmere" not in sign_in("cleo").get(PAGE).text


@pytest.fixture
def late(cast):
    """A partnership of 2019 that was entered here only now."""
    with acting(cast.people["ben"]) as how:
        return found_together(
            cast, **how, slug="old", name="Old Friends", started_on=datetime.date(2019, 4, 1),
            form=Vehicle.Form.JOINT_COMMITTEE, services=list(Service.objects.all()[:1]),
            members=[
                {"council": cast.councils["NFD"], "role": "provider", "host": True},
                {"council": cast.councils["STM"], "role": "receiver"},
            ],
        )  # fmt: skip


def test_nothing_is_owed_for_before_the_record_began(cast, late, sign_in):
    asha = sign_in("asha")
    page = asha.get(RETURNS).text
    assert "Overdue (19)" in page  # as before: those of North and South Revenues
    assert "Before this record began, not owed (28)" in page  # seven years of four quarters
    page = asha.get("/returns/old/NFD/2019-20-q1/").text
    assert "before this record began, so no return is owed" in page
    assert "Overdue" not in page
    assert "before this record began" in sign_in("dev").get("/returns/old/NFD/2019-20-q1/").text


def test_what_is_recorded_of_the_past_takes_the_record_back_to_that_year(cast, late, sign_in):
    cast.schemes["OLD-1"] = _scheme(cast, late)
    an_entry(cast._replace(partnership=late), scheme="OLD-1", year=2024)
    roll_up()
    page = sign_in("asha").get(RETURNS).text
    assert "Before this record began, not owed (20)" in page  # to 2023/24; from 2024/25 on they are owed
    assert "Overdue (26)" in page  # and seven of 2024/25 and 2025/26 more


def _scheme(cast, partnership):
    from savings.actions import schemes

    with acting(cast.people["ben"]) as how:
        return schemes.propose(
            **how, partnership=partnership, service=partnership.services.get().service, reference="OLD-1",
            title="An old one", owner="Head of revenues", benefit_class="cash_releasing", recurrence="recurring",
        )  # fmt: skip


def test_reminders_are_chosen_on_the_account(cast, sign_in):
    asha = sign_in("asha")
    assert CHOICE in asha.get("/accounts/password/change/").text
    assert "You will get no reminders." in asha.post(CHOICE, {"wanted": "no"}, follow=True).text
    assert "Say whether you want reminders." in asha.post(CHOICE, {}).text
    with seen_by(cast, "asha"):
        assert ReminderChoice.objects.get().wanted is False
    with seen_by(cast, "ben"):
        assert not ReminderChoice.objects.exists()
    with pytest.raises(Exception, match="row-level security"), acting(cast.people["ben"]), transaction.atomic():
        ReminderChoice.objects.create(person=cast.people["asha"], wanted=True, chosen_at=NOW)
