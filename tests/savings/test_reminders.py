"""Reminders: who is told of which step, when, once; what fails is tried again; and who wants none gets none."""

import datetime
from unittest import mock

import pytest
from django.core import mail

from savings import reminders, turning
from savings.actions.calendar import choose_reminders
from savings.models import Mark, Reminder, YearTurned
from tests.cast import LONDON, NOW
from tests.database import as_role
from tests.factories import acting, an_entry
from tests.savings.actions.test_returns import Q4, take

EARLY = datetime.datetime(2026, 6, 10, 9, tzinfo=LONDON)  # submit by Friday 19 June: five days before is the 14th
QUARTER = Q4.first_day


def remind(now=NOW):
    with as_role("worker"):
        return reminders.remind(now)


def told():
    """By address: the parts of each mail, without greeting and foot."""
    found = {}
    for each in mail.outbox:
        (address,) = each.to
        found[address.split("@")[0]] = each.body.split("\n\n")[1:-1]
    return found


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://banked.example"


def test_nobody_is_reminded_before_it_is_time(cast):
    assert remind(EARLY) == 0
    assert mail.outbox == []


def test_officers_and_leads_are_reminded_to_submit_once(cast):
    assert remind() == 4
    assert sorted(told()) == ["asha", "ben", "dev", "omar"]
    assert told()["asha"] == [
        (
            "Submit January to March 2026 for Northford in North and South Revenues by 19 June 2026.\n"
            "https://banked.example/returns/north-south/NFD/2025-26-q4/"
        )
    ]
    (to_asha,) = (each for each in mail.outbox if each.to == ["asha@example.org"])
    assert to_asha.subject == "Banked: 1 quarterly return waits for you"
    assert "https://banked.example/account/reminders/" in to_asha.body
    assert "£" not in to_asha.body
    assert remind() == 0
    assert remind(NOW + datetime.timedelta(days=2)) == 0
    with as_role("worker"):
        assert set(Reminder.objects.values_list("quarter", "what")) == {(QUARTER, "submit")}


def test_each_step_has_its_own_and_who_submitted_is_not_asked_to_sign(cast):
    take(cast, "submitted", by="ben")
    assert remind(NOW + datetime.timedelta(days=6)) == 2  # Southmere's two; Ben is Northford's only lead
    take(cast, "reopened", by="ben", reason="A line is missing")
    take(cast, "submitted", by="asha")
    mail.outbox.clear()
    assert remind(NOW + datetime.timedelta(days=6)) == 1
    assert told()["ben"][0].startswith("Sign off January to March 2026 for Northford in")
    take(cast, "signed_off", by="ben")
    mail.outbox.clear()
    remind(NOW + datetime.timedelta(days=12))
    assert told()["ben"][0].startswith("Close January to March 2026")


def test_leads_of_other_members_are_told_of_a_silent_one(cast):
    take(cast, "submitted", by="asha")
    take(cast, "signed_off", by="ben")
    take(cast, "closed", by="ben")
    assert remind(datetime.datetime(2026, 7, 1, 9, tzinfo=LONDON)) == 3
    assert told()["ben"] == [
        (
            "Southmere has not returned January to March 2026 in North and South Revenues. It was due on 30 June 2026. "
            "Until it is in, its figures are missing, not nil.\n"
            "https://banked.example/returns/north-south/STM/2025-26-q4/"
        )
    ]
    assert "not returned" not in " ".join(told()["dev"])


def test_old_quarters_stay_quiet(cast):
    """Nineteen quarters of the cast are overdue since years; nobody is written to about them."""
    remind()
    with as_role("worker"):
        assert set(Reminder.objects.values_list("quarter", flat=True)) == {QUARTER}


def test_a_mail_that_fails_is_sent_with_the_next_round_and_not_for_ever(cast):
    with mock.patch.object(reminders, "send_mail", side_effect=OSError("no server")):
        assert remind() == 0
    with as_role("worker"):
        assert set(Reminder.objects.values_list("attempts", "last_error", "sent_at")) == {(1, "no server", None)}
    assert remind() == 4
    with as_role("worker"):
        Reminder.objects.update(attempts=reminders.ATTEMPTS, sent_at=None)
    assert remind() == 0


def test_who_wants_none_gets_none_until_they_want_some(cast):
    for wanted, mails in ((False, 0), (True, 1)):
        with acting(cast.people["asha"]) as how:
            choose_reminders(wanted=wanted, **how)
        mail.outbox.clear()
        remind()
        assert len([each for each in mail.outbox if each.to == ["asha@example.org"]]) == mails


def test_a_round_beside_another_does_nothing(cast):
    with mock.patch.object(reminders.locks, "taken") as alone:
        alone.return_value.__enter__.return_value = False
        assert remind() == 0
    assert mail.outbox == []


def test_what_lapsed_with_a_year_is_marked_once(cast):
    an_entry(cast, year=2024)
    an_entry(cast, year=2023, scheme="ICT-01")
    with as_role("worker"):
        Mark.objects.all().delete()
        assert turning.turn(NOW) == 1  # the latest complete year is 2024/25: ICT-01 lapsed with it
        assert list(Mark.objects.values_list("year", "act")) == [(2024, None)]
        assert turning.turn(NOW) == 0
        assert turning.turn(datetime.datetime(2026, 7, 1, 9, tzinfo=LONDON)) == 1
        assert set(YearTurned.objects.values_list("year", flat=True)) == {2024, 2025}
        assert list(Mark.objects.order_by("pk").values_list("year", flat=True)) == [2024, 2025]


def test_the_application_writes_neither_reminders_nor_turns(cast):
    from django.db import ProgrammingError, transaction

    with acting(cast.people["asha"]):
        for make in (
            lambda: YearTurned.objects.create(year=2025, at=NOW),
            lambda: Reminder.objects.create(
                person=cast.people["asha"], partnership=cast.partnership, council=cast.councils["NFD"],
                quarter=QUARTER, what="submit",
            ),
        ):  # fmt: skip
            with pytest.raises(ProgrammingError, match="permission denied|row-level security"), transaction.atomic():
                make()
