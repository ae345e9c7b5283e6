"""Leads are written to once when their council is asked to join or to agree, and when another member leaves."""

import datetime

import pytest
from django.core import mail

from partnerships import changing, leaving, offering
from partnerships.models import Membership
from savings import members_letters
from savings.actions.calendar import choose_reminders
from savings.models import MembersLetter
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting

SOON = NOW + datetime.timedelta(minutes=5)


def write(now=SOON):
    with as_role("worker"):
        return members_letters.write_due(now)


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://banked.example"


def asked(cast):
    with acting(cast.people["ben"]) as how:
        return offering.offer(
            **how, partnership=cast.partnership, offering=cast.councils["NFD"], council=cast.councils["WSV"],
            role="receiver", starts_on=NOW.date(), message="Join us",
        )  # fmt: skip


def proposed(cast):
    with acting(cast.people["ben"]) as how:
        return changing.propose(
            partnership=cast.partnership, proposing=cast.councils["NFD"], kind="ending",
            starts_on=datetime.date(2027, 4, 1), reason="It is over", **how,
        )  # fmt: skip


def noticed(cast):
    with acting(cast.people["ben"]) as how:
        leaving.set_terms(
            partnership=cast.partnership, council=cast.councils["NFD"], notice_months=3, exit_terms="Own way", **how
        )
    with acting(cast.people["dev"]) as how:
        row = Membership.objects.current().get(partnership=cast.partnership, council=cast.councils["STM"])
        return leaving.give_notice(membership=row, leaves_on=datetime.date(2026, 10, 1), reason="A service", **how)


@pytest.mark.parametrize(
    ("happens", "to", "words", "path"),
    [
        (asked, ["cleo@example.org"], "asked to join North and South Revenues", "/offers/"),
        (proposed, ["dev@example.org"], "the end of the partnership", "/changes/"),
        (noticed, ["ben@example.org"], "leaves North and South Revenues on 1 October 2026", "/partnerships/"),
    ],
)
def test_whoever_is_asked_is_written_to_once(cast, happens, to, words, path):
    happens(cast)
    assert write() == len(to)
    assert sorted(address for each in mail.outbox for address in each.to) == to
    (letter,) = mail.outbox
    said = " ".join(f"{letter.subject} {letter.body}".split())
    assert words in said
    assert f"https://banked.example{path}" in said
    assert "£" not in said
    assert write(SOON + datetime.timedelta(days=1)) == 0


def test_what_was_answered_meanwhile_is_not_written_about(cast, monkeypatch):
    offer = asked(cast)

    def away(self):
        raise OSError("no server")

    with monkeypatch.context() as without:
        without.setattr("django.core.mail.EmailMessage.send", away)
        assert write() == 0
    with acting(cast.people["cleo"]) as how:
        offering.decline(offer=offer, reason="Not now", **how)
    assert write(SOON + datetime.timedelta(hours=1)) == 0
    with as_role("worker"):
        assert MembersLetter.objects.get().dropped_at
    assert mail.outbox == []


def test_whoever_wants_no_mail_gets_none_and_old_news_is_left(cast):
    with acting(cast.people["cleo"]) as how:
        choose_reminders(wanted=False, **how)
    asked(cast)
    proposed(cast)
    assert write(NOW + datetime.timedelta(days=61)) == 0
    assert write() == 1
    assert [each.to for each in mail.outbox] == [["dev@example.org"]]
