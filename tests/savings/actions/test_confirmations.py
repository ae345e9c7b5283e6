"""Confirmation by a member that is asked: what is fixed, who may answer, and what follows; round the ORM as well."""

import datetime
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from councils.acts import act
from councils.models import Person, User
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import confirmations, contacts, entries, evidence, letters, returns
from savings.actions.confirmations import Said
from savings.links import opened
from savings.models import (
    Confirmation,
    ConfirmationAnswer,
    ConfirmationLine,
    ConfirmationLink,
    ConfirmationRequest,
    Contact,
    Dispute,
    Entry,
    Return,
)
from savings.reporting import confirmed, rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry
from tests.savings.confirming import DAY, Q4, ask, give_contact, letter_sent

AGREED = Said("agreed")


def said_to(request, said=AGREED):
    return {line.pk: said for line in ConfirmationLine.objects.filter(request=request)}


def answered(cast, by, request, said=AGREED, without="under_quarter"):
    with acting(cast.people[by]) as how:
        return confirmations.answer(request=request, said=said_to(request, said), without_sharing=without, **how)


# --- contacts ---------------------------------------------------------------------------------------------------------


def test_a_contact_is_a_new_person_without_an_account(cast):
    contact = give_contact(cast)
    with as_role("worker"):
        assert contact.person.name == "Jo Field"
        assert not User.objects.filter(person=contact.person).exists()


def test_a_contact_with_an_account_is_the_same_person(cast):
    assert give_contact(cast, email="Omar@example.org").person_id == cast.people["omar"].pk


@pytest.mark.parametrize("who", ["ben", "omar", "cleo"])
def test_contacts_are_set_by_the_confirming_councils_own_lead(cast, who):
    with pytest.raises(Refused, match="own finance lead"):
        give_contact(cast, by=who)


@pytest.mark.parametrize("who", ["ben", "omar", "cleo"])
def test_the_database_says_so_too(cast, who):
    person = give_contact(cast).person_id
    for role in ("app", "worker"):
        with as_role(role), acting(cast.people[who]) as how, pytest.raises(DatabaseError), transaction.atomic():
            with act(**how, verb="forged") as this:
                Contact.objects.create(
                    act=this, partnership=cast.partnership, council=cast.councils["STM"], person_id=person, name="X",
                    email="jo@example.net", set_by=cast.people[who], set_at=NOW,
                )  # fmt: skip


def test_nobody_is_made_a_contact_under_another_persons_address(cast):
    with acting(cast.people["dev"]) as how, pytest.raises(DatabaseError, match="who has that address"):
        with transaction.atomic(), act(**how, verb="forged") as this:
            Contact.objects.create(
                act=this, partnership=cast.partnership, council=cast.councils["STM"], person=cast.people["asha"],
                name="X", email="x@example.net", set_by=cast.people["dev"], set_at=NOW,
            )  # fmt: skip


def test_a_contact_is_changed_by_a_row_and_ended_by_another(cast):
    contact = give_contact(cast)
    with acting(cast.people["dev"]) as how:
        other = contacts.set_contact(
            partnership=cast.partnership, council=cast.councils["STM"], name="Kim", email="kim@example.net",
            replaces=contact, **how,
        )  # fmt: skip
        assert list(contacts.contacts_of(cast.partnership)) == [other]
        contacts.end_contact(contact=other, **how)
        assert list(contacts.contacts_of(cast.partnership)) == []
        with pytest.raises(Refused, match="meanwhile"):
            contacts.end_contact(contact=other, **how)


# --- asking -----------------------------------------------------------------------------------------------------------


def test_what_is_asked_is_fixed_when_it_is_asked(cast):
    entry = an_entry(cast)
    request = ask(cast)
    an_entry(cast, scheme="ICT-01", amount_pence=7_00)
    with acting(cast.people["dev"]):
        line = request.lines.get()
        assert (line.claimant, line.amount_pence, line.entries) == (cast.councils["NFD"], 1_000_00, [entry.pk])
        assert (line.kind, line.benefit_class, line.title) == (
            "saving", "cash_releasing", "REV-01 One revenues manager in place of two",
        )  # fmt: skip


def test_nothing_is_asked_where_nothing_is_claimed(cast):
    an_entry(cast, by="omar", council="STM")
    with pytest.raises(Refused, match="nothing to ask"):
        ask(cast)


@pytest.mark.parametrize("who", ["asha", "erin", "farah", "cleo"])
def test_only_a_members_lead_asks(cast, who):
    an_entry(cast)
    with pytest.raises(Refused, match="finance lead of a member"):
        ask(cast, by=who)
    for role in ("app", "worker"):
        with as_role(role), acting(cast.people[who]) as how, pytest.raises(DatabaseError), transaction.atomic():
            with act(**how, verb="forged") as this:
                ConfirmationRequest.objects.create(
                    act=this, partnership=cast.partnership, council=cast.councils["STM"], quarter=Q4.first_day,
                    asked_by=cast.people[who], asked_at=NOW, expires_at=NOW + 30 * DAY,
                )  # fmt: skip


def test_nobody_writes_a_line_but_the_database(cast):
    an_entry(cast)
    request = ask(cast)
    with acting(cast.people["dev"]) as how, pytest.raises(DatabaseError, match="permission denied"):
        with transaction.atomic(), act(**how, verb="forged") as this:
            line = request.lines.get()
            ConfirmationLine.objects.create(
                act=this, request=request, partnership=cast.partnership, council=cast.councils["STM"],
                claimant=cast.councils["NFD"], scheme=line.scheme, title="x", kind="saving", amount_pence=1,
                entries=[1],
            )  # fmt: skip


def test_signing_off_a_return_asks_members_with_a_contact_once(cast):
    an_entry(cast, month=1, year=2026, amount_pence=500_00)
    give_contact(cast)
    quarter, at = FinancialYear(2026).quarters[0], datetime.datetime(2026, 7, 9, 10, tzinfo=NOW.tzinfo)
    how = {"partnership": cast.partnership, "council": cast.councils["NFD"], "quarter": quarter}
    for who, step in [("asha", "submitted"), ("ben", "signed_off"), ("ben", "reopened"), ("asha", "submitted"),
                      ("ben", "signed_off")]:  # fmt: skip
        with acting(cast.people[who], at) as by:
            returns.step(step=Return.Step(step), reason="Again" if step == "reopened" else "", **how, **by)
    with acting(cast.people["dev"]):
        request = ConfirmationRequest.objects.get()
        assert (request.council, request.asked_by) == (cast.councils["STM"], cast.people["ben"])


# --- answering --------------------------------------------------------------------------------------------------------


def test_a_member_agrees_signed_in(cast):
    an_entry(cast)
    request = ask(cast)
    made = answered(cast, "omar", request)
    with acting(cast.people["ben"]):
        assert made.answers.get().answer == "agreed"
        assert not Dispute.objects.exists()
    with pytest.raises(Refused, match="answered already"):
        answered(cast, "dev", request)


@pytest.mark.parametrize("who", ["ben", "erin", "cleo", "farah"])
def test_nobody_answers_for_another_member(cast, who):
    an_entry(cast)
    request = ask(cast)
    with acting(cast.people["dev"]):
        lines = said_to(request)
    with acting(cast.people[who]) as how, pytest.raises((DatabaseError, Refused)), transaction.atomic():
        confirmations.answer(request=request, said=lines, without_sharing="none", **how)
    with as_role("worker"), acting(cast.people[who]) as how, pytest.raises((Refused, DatabaseError)):
        with transaction.atomic():
            confirmations.answer(request=request, said=lines, without_sharing="none", **how)


def test_nobody_confirms_what_they_recorded_even_as_a_contact(cast):
    """Asha recorded it for Northford; as a contact of Southmere she is the same person and is refused."""
    an_entry(cast)
    give_contact(cast, email="asha@example.org")
    request = ask(cast)
    token = letter_sent()
    with opened(letters.digest_of(token), at=NOW) as found, pytest.raises(Refused, match="what they recorded"):
        assert found.person_id == cast.people["asha"].pk
        confirmations.answer(
            request=request, said=said_to(request), without_sharing="none", by=found.person, at=NOW, link=found.link
        )


def test_nor_under_an_account_made_later_with_the_contacts_address(cast):
    an_entry(cast)
    give_contact(cast)
    request = ask(cast)
    token = letter_sent()
    with as_role("worker"):
        User.objects.create_user(email="jo@example.net", password="x", person=cast.people["asha"])
    with opened(letters.digest_of(token), at=NOW) as found, pytest.raises(Refused, match="what they recorded"):
        confirmations.answer(
            request=request, said=said_to(request), without_sharing="none", by=found.person, at=NOW, link=found.link
        )


def test_who_uploaded_the_proof_does_not_confirm_it(cast):
    """Ben records, Asha attaches the proof; she is asked as a contact of Southmere."""
    entry = an_entry(cast, by="ben")
    with acting(cast.people["asha"]) as how:
        evidence.attach(entry=entry, files=[a_file()], **how)
    give_contact(cast, email="asha@example.org")
    request = ask(cast)
    with opened(letters.digest_of(letter_sent()), at=NOW) as found, pytest.raises(Refused, match="uploaded"):
        confirmations.answer(
            request=request, said=said_to(request), without_sharing="none", by=found.person, at=NOW, link=found.link
        )


def test_another_amount_and_a_dispute_dispute_what_stands(cast):
    kept, gone = an_entry(cast, month=10, amount_pence=600_00), an_entry(cast, month=11, amount_pence=400_00)
    request = ask(cast)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=gone, reason="Twice", **how)
    made = answered(cast, "dev", request, Said("other_amount", 900_00, "Our half"))
    with acting(cast.people["ben"]):
        dispute = Dispute.objects.get()
        assert (dispute.entry, dispute.council, dispute.raised_by) == (kept, cast.councils["STM"], cast.people["dev"])
        assert dispute.reason.startswith("Says £900.00 and not £1,000.00 for REV-01")
        assert dispute.act_id == made.act_id
        assert Entry.objects.select_related("state").get(pk=kept.pk).state.disputed


def test_a_later_yes_takes_the_earlier_no_back(cast):
    entry = an_entry(cast)
    answered(cast, "dev", ask(cast), Said("disputed", reason="Ours"))
    answered(cast, "omar", ask(cast), AGREED)
    with acting(cast.people["ben"]):
        assert Dispute.objects.get().ended.outcome == "withdrawn"
        assert not Entry.objects.select_related("state").get(pk=entry.pk).state.disputed
        assert Confirmation.objects.count() == 2


def test_every_line_is_answered_or_none(cast):
    an_entry(cast)
    an_entry(cast, scheme="ICT-01")
    request = ask(cast)
    with acting(cast.people["dev"]) as how, pytest.raises(Refused, match="Answer every line"):
        confirmations.answer(request=request, said=dict([*said_to(request).items()][:1]), without_sharing="none", **how)
    with acting(cast.people["dev"]) as how, pytest.raises(DatabaseError, match="every line"), transaction.atomic():
        with act(**how, verb="forged") as this:
            Confirmation.objects.create(
                act=this, request=request, partnership=cast.partnership, council=cast.councils["STM"],
                quarter=Q4.first_day, without_sharing="none", answered_by=cast.people["dev"], answered_at=NOW,
            )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_answer_is_not_added_to_later_nor_put_under_another_request(cast):
    an_entry(cast)
    first, second = ask(cast), ask(cast)
    made = answered(cast, "dev", second)
    for request in (first, second):
        with acting(cast.people["dev"]) as how, pytest.raises(DatabaseError), transaction.atomic():
            with act(**how, verb="forged") as this:
                ConfirmationAnswer.objects.create(
                    act=this, confirmation=made, request=request, line=request.lines.get(), answer="disputed",
                    partnership=cast.partnership, council=cast.councils["STM"], reason="no",
                )  # fmt: skip


def test_an_older_or_revoked_request_is_not_answered(cast):
    an_entry(cast)
    older, newer = ask(cast), ask(cast)
    with pytest.raises(Refused, match="newer one took its place"):
        answered(cast, "dev", older)
    with acting(cast.people["dev"]) as how:
        confirmations.revoke(request=newer, reason="Too early", **how)
    with pytest.raises(Refused, match="revoked"):
        answered(cast, "dev", newer)


def test_revoked_by_who_asked_or_the_confirming_lead_only(cast):
    an_entry(cast)
    request = ask(cast, by="ben")
    for who in ("omar", "asha", "cleo"):
        with acting(cast.people[who]) as how, pytest.raises((Refused, DatabaseError)), transaction.atomic():
            confirmations.revoke(request=request, reason="x", **how)
    with acting(cast.people["ben"]) as how:
        confirmations.revoke(request=request, reason="Wrong quarter", **how)


# --- letters ----------------------------------------------------------------------------------------------------------


def test_a_letter_says_costs_beside_savings(cast):
    an_entry(cast)
    an_entry(cast, kind="running_cost", amount_pence=400_00)
    give_contact(cast)
    ask(cast)
    with as_role("worker"):
        letters.write_due(at=NOW)
    assert "£1,000.00 of savings and £400.00 of costs in 2 lines" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["saving", "running_cost", "income"], "£1,000.00 of savings, £1,000.00 of costs and £1,000.00 of income in 3"),
        (["saving", "income"], "£1,000.00 of savings and £1,000.00 of income in 2 lines"),
        (["income"], "£1,000.00 of income in 1 line."),
    ],
)
def test_a_letter_names_income_that_is_asked_about(cast, kinds, said):
    for kind in kinds:
        an_entry(cast, kind=kind)
    give_contact(cast)
    ask(cast)
    with as_role("worker"):
        letters.write_due(at=NOW)
    assert said in mail.outbox[0].body


def test_a_letter_at_once_and_two_reminders_each_once(cast):
    an_entry(cast)
    give_contact(cast)
    ask(cast)
    sent = []
    with as_role("worker"):
        for days in (0, 1, 10, 11, 20, 21, 29, 31):
            sent += [days] * letters.write_due(at=NOW + timedelta(days=days))
    assert sent == [0, 10, 20]
    assert [message.to for message in mail.outbox] == [["jo@example.net"]] * 3
    assert [message.subject.startswith("Reminder") for message in mail.outbox] == [False, True, True]
    assert "£1,000.00 of savings in 1 line" in mail.outbox[0].body
    with as_role("worker"):
        assert ConfirmationLink.objects.count() == 3
        assert not any(link.digest in mail.outbox[0].body for link in ConfirmationLink.objects.all())


def test_a_letter_that_cannot_be_sent_is_tried_again(cast, monkeypatch):
    an_entry(cast)
    give_contact(cast)
    ask(cast)

    def away(*_args):
        raise ConnectionRefusedError

    with as_role("worker"):
        monkeypatch.setattr(letters, "send_mail", away)
        assert letters.write_due(at=NOW) == 0
        assert not ConfirmationLink.objects.exists()
        monkeypatch.undo()
        assert letters.write_due(at=NOW) == 1


def test_the_application_makes_no_link(cast):
    an_entry(cast)
    contact, request = give_contact(cast), ask(cast)
    made = {
        "request": request, "partnership": cast.partnership, "council": cast.councils["STM"], "contact": contact,
        "nth": 0, "digest": "0" * 64, "made_at": NOW,
    }  # fmt: skip
    with acting(cast.people["dev"]) as how, pytest.raises(DatabaseError, match="permission denied"):
        with transaction.atomic(), act(**how, verb="forged") as this:
            ConfirmationLink.objects.create(act=this, **made)
    with as_role("worker"), pytest.raises(DatabaseError, match="made by the product"), transaction.atomic():
        with act(by=cast.people["dev"], at=NOW, verb="forged") as this:
            ConfirmationLink.objects.create(act=this, **made)


# --- what follows -----------------------------------------------------------------------------------------------------


def test_what_is_confirmed_stands_beside_what_is_counted(cast):
    an_entry(cast, amount_pence=1_000_00)
    answered(cast, "dev", ask(cast), without="under_quarter")
    an_entry(cast, scheme="ICT-01", amount_pence=500_00)  # after it was asked: nobody has said anything of it
    with as_role("worker"):
        rollups.drain()
    with acting(cast.people["ben"]):
        found = confirmed.total(confirmed.of_partnership(cast.partnership, NOW.date()))
        assert (found.counted, found.confirmed, found.unanswered) == (1_500_00, 1_000_00, 500_00)
        assert (found.low, found.high, found.not_known, found.not_asked) == (750_00, 1_000_00, 0, 500_00)
        assert [row.name for row in confirmed.of_council(cast.councils["NFD"], NOW.date())] == [cast.partnership.name]


def test_a_reversal_takes_away_what_was_confirmed(cast):
    entry = an_entry(cast, amount_pence=1_000_00)
    an_entry(cast, scheme="ICT-01", amount_pence=500_00)
    answered(cast, "dev", ask(cast), without="not_known")
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=entry, reason="Twice", **how)
    with as_role("worker"):
        rollups.drain()
    with acting(cast.people["ben"]):
        found = confirmed.total(confirmed.of_partnership(cast.partnership, NOW.date()))
    assert (found.counted, found.confirmed, found.low, found.high, found.not_known) == (500_00, 500_00, 0, 0, 500_00)


def test_what_each_member_says_of_an_entry(cast):
    entry, later = an_entry(cast), None
    with acting(cast.people["ben"]):
        assert [(each.council, each.answer, each.asked_at) for each in confirmed.of_entry(entry)] == [
            ("Southmere", "", None)
        ]
    request = ask(cast)
    with acting(cast.people["ben"]):
        assert confirmed.of_entry(entry)[0].asked_at == NOW
    answered(cast, "dev", request)
    later = an_entry(cast, scheme="ICT-01")
    with acting(cast.people["ben"]):
        assert [(each.answer, each.person) for each in confirmed.of_entry(entry)] == [("agreed", "Dev Patel")]
        assert [each.answer for each in confirmed.of_entry(later)] == [""]
        assert Person.objects.filter(name="Dev Patel").exists()
