"""When checkpoints are made, and that whoever asked is sent each of them: once, late rather than never."""

import datetime
import json
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from councils import checkpoints
from councils.acts import act
from councils.models import Checkpoint, CheckpointMail, CheckpointWish, Role
from councils.refusals import Refused
from councils.years import Quarter
from savings import checkpointing
from savings.actions import assurance, returns
from savings.models import Return
from tests.cast import NOW, email_of
from tests.database import as_role
from tests.factories import acting, an_entry

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key"


def made(at=NOW):
    """Why a checkpoint was made at that moment; empty when none was."""
    with as_role("worker"):
        found = checkpointing.make_due(at)
        return found.why if found else ""


def sent(at):
    with as_role("worker"):
        return checkpointing.send_due(at)


def asks(cast, name, wanted=True, at=NOW):
    with acting(cast.people[name]) as how:
        return assurance.wish(**(how | {"at": at}), wanted=wanted)


def test_one_is_made_a_day(cast):
    assert [made(NOW), made(NOW + MINUTE), made(NOW + DAY), made(NOW + DAY + MINUTE)] == ["daily", "", "daily", ""]


def test_one_that_somebody_asked_for_is_not_the_days(cast):
    with as_role("worker"):
        checkpoints.make(by=cast.people["ada"], at=NOW, why="asked")
    assert made(NOW + MINUTE) == "daily"


def test_each_close_of_a_quarter_has_one_and_nothing_else_does(cast):
    made(NOW)
    an_entry(cast)
    assert made(NOW + MINUTE) == ""
    for who, what in (("asha", "submitted"), ("ben", "signed_off"), ("ben", "closed")):
        quarter_step(cast, who, what)
        assert made(NOW + 2 * MINUTE) == ("close" if what == "closed" else "")
    assert made(NOW + 3 * MINUTE) == ""
    with as_role("worker"):
        close = Return.objects.get(step="closed").act.events.get()
        heads = {head.key: head.sequence for head in checkpoints.heads_of(checkpoints.last())}
    assert heads["council:NFD"] >= close.sequence


def quarter_step(cast, who, what):
    """Southmere has recorded nothing, nor has Northford for this quarter: a nil return."""
    with acting(cast.people[who]) as how:
        returns.step(
            partnership=cast.partnership, council=cast.councils["NFD"], quarter=Quarter.containing(QUARTER), step=what,
            nil_savings=what == "submitted", nil_costs=what == "submitted", **how,
        )  # fmt: skip


QUARTER = datetime.date(2024, 5, 1)


def test_a_close_wakes_the_worker(cast, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr("savings.doorbell._send", lambda task, given: rung.append(task))
    with django_capture_on_commit_callbacks(execute=True):
        quarter_step(cast, "asha", "submitted")
        quarter_step(cast, "ben", "signed_off")
    assert "savings.checkpoints.sweep" not in rung
    with django_capture_on_commit_callbacks(execute=True):
        quarter_step(cast, "ben", "closed")
    assert "savings.checkpoints.sweep" in rung


def test_whoever_asked_is_sent_it_once_with_the_file(cast):
    asks(cast, "farah")
    asks(cast, "ben")
    made(NOW)
    assert [sent(NOW), sent(NOW + DAY)] == [2, 0]
    assert [message.to for message in mail.outbox] == [[email_of("ben")], [email_of("farah")]]
    message = mail.outbox[0]
    ((name, content, kind),) = message.attachments
    with as_role("worker"):
        checkpoint = Checkpoint.objects.get()
        assert content == checkpoints.as_text(checkpoint)
    assert (name, kind) == ("checkpoint-20260615T090000Z.json", "application/json")
    assert checkpoint.root in message.body
    assert checkpoint.key in message.body
    assert json.loads(content)["root"] == checkpoint.root
    assert len({each.extra_headers["Message-ID"] for each in mail.outbox}) == 2


def test_whoever_takes_it_back_or_loses_the_role_is_sent_no_more(cast):
    for name in ("farah", "ben", "dev"):
        asks(cast, name)
    made(NOW)
    asks(cast, "ben", wanted=False)
    with as_role("worker"):
        role = Role.objects.get(person=cast.people["dev"])
        with act(by=cast.people["ada"], at=NOW, verb="ended a role") as this:
            Role.objects.create(
                act=this, person=role.person, council=role.council, what=role.what, starts_on=role.starts_on,
                ends_on=NOW.date(), replaces=role,
            )  # fmt: skip
    assert sent(NOW + MINUTE) == 1
    assert [message.to for message in mail.outbox] == [[email_of("farah")]]
    with as_role("worker"):
        assert CheckpointMail.objects.exclude(dropped_at=None).count() == 2
    assert made(NOW + DAY) == "daily"
    with as_role("worker"):
        assert CheckpointMail.objects.filter(checkpoint=checkpoints.last()).count() == 1


def test_mail_that_fails_is_tried_again_later_each_time_and_is_not_lost(cast, monkeypatch):
    asks(cast, "farah")
    made(NOW)
    monkeypatch.setattr(EmailBackend, "send_messages", away)
    assert sent(NOW) == 0
    assert sent(NOW + MINUTE) == 0
    with as_role("worker"):
        assert CheckpointMail.objects.get().attempts == 1  # the second was too soon
    assert sent(NOW + 3 * MINUTE) == 0
    with as_role("worker"):
        assert CheckpointMail.objects.get().attempts == 2
    monkeypatch.undo()
    assert [sent(NOW + 4 * MINUTE), sent(NOW + DAY), sent(NOW + 2 * DAY)] == [0, 1, 0]
    assert len(mail.outbox) == 1


def away(*_):
    raise ConnectionRefusedError


def test_one_address_that_is_refused_holds_up_nobody(cast, monkeypatch):
    really = EmailBackend.send_messages

    def picky(self, messages):
        if messages[0].to == [email_of("ben")]:
            raise SMTPRecipientsRefused({})
        return really(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", picky)
    asks(cast, "ben")
    asks(cast, "farah")
    made(NOW)
    assert sent(NOW) == 1
    assert [message.to for message in mail.outbox] == [[email_of("farah")]]


@pytest.mark.parametrize("name", ["asha", "erin", "gwen", "ada"])
def test_others_cannot_ask_by_action_or_round_it(cast, name):
    with pytest.raises(Refused, match="auditors and finance leads"):
        asks(cast, name)
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        with acting(cast.people[name]) as how, act(**how, verb="asked", register=True) as this:
            CheckpointWish.objects.create(act=this, person=cast.people[name], wanted=True)


def test_nobody_asks_for_somebody_else(cast):
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        with acting(cast.people["ben"]) as how, act(**how, verb="asked", register=True) as this:
            CheckpointWish.objects.create(act=this, person=cast.people["farah"], wanted=True)
    with pytest.raises(Exception, match="somebody else than the person who acts"), transaction.atomic():
        with as_role("worker"), act(by=cast.people["ben"], at=NOW, verb="asked", register=True) as this:
            CheckpointWish.objects.create(act=this, person=cast.people["farah"], wanted=True)


def test_saying_it_twice_writes_it_once(cast):
    assert asks(cast, "farah") == asks(cast, "farah")
    assert asks(cast, "farah", wanted=False).wanted is False


def test_the_application_cannot_touch_what_is_to_be_sent(cast):
    asks(cast, "farah")
    made(NOW)
    for statement in (
        "UPDATE councils_checkpointmail SET sent_at = now()", "DELETE FROM councils_checkpointmail",
        "DELETE FROM councils_verification", "UPDATE councils_verification SET problem_count = 0",
    ):  # fmt: skip
        with pytest.raises(Exception, match="permission denied"), acting(cast.people["farah"]), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
