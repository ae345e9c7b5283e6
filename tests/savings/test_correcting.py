"""Corrections: who relied on a figure that changed is told what it said, what it says now and why, once."""

import datetime
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from partnerships import actions as arrangement
from savings import correcting
from savings.actions import decision, entries, promise, reports
from savings.actions.calendar import choose_reminders
from savings.models import Job, Notice, NoticeRead, Published, Recounted, ReportFile
from savings.reporting import rollups
from tests.cast import NOW, email_of
from tests.database import as_role
from tests.factories import a_file, a_proven_entry, acting, an_entry
from tests.savings.actions.test_returns import Q4, second_lead, take

MINUTE = datetime.timedelta(minutes=1)
LATER, LATEST = NOW + datetime.timedelta(days=1), NOW + datetime.timedelta(days=2)
PAGE = "/notices/"


@pytest.fixture(autouse=True)
def _today(time_machine, settings):
    settings.SITE_URL = "https://banked.example"
    time_machine.move_to(LATEST, tick=False)


def tell(at=LATEST):
    """What the worker does after an act; how many notices it wrote."""
    with as_role("worker"):
        rollups.drain()
        return correcting.write_due(at)


def a_report(cast, *, by="erin", at=NOW + MINUTE):
    """Asked for and made of the ledger as it stands; its files are not looked at here."""
    with acting(cast.people[by], at) as how:
        report = reports.ask(partnership=cast.partnership, council=cast.councils["NFD"], **how)
    with as_role("worker"):
        rollups.drain()
        correcting.write_due(at)
        reports.keep_files(
            report=report, by=cast.people["ada"], at=at, as_at=at, heads="", rows=1,
            files={"pdf": ("0" * 64, 1), "csv": ("1" * 64, 1)},
        )  # fmt: skip
        Job.objects.filter(report=report).update(state=Job.State.DONE)
    return report


def reverse(cast, entry, *, by="asha", at=LATER):
    with acting(cast.people[by], at) as how:
        return entries.reverse(entry=entry, reason="Typed twice", **how)


def told():
    """{person's first name: (said, now) of claimed savings}, newest notice of each."""
    with as_role("worker"):
        rows = Notice.objects.order_by("pk").select_related("person")
        return {row.person.name.split()[0].lower(): (row.said.get("claimed"), row.now.get("claimed")) for row in rows}


def test_a_reversal_is_told_to_who_asked_and_to_the_leads_once(cast):
    entry = an_entry(cast)
    a_report(cast)
    reverse(cast, entry)
    assert [tell(), tell(), tell()] == [3, 0, 0]
    assert told() == {"erin": (1_000_00, 0), "ben": (1_000_00, 0), "dev": (1_000_00, 0)}
    with as_role("worker"):
        one = Notice.objects.first()
        assert one.said_at == NOW + MINUTE
        assert one.why == (
            "Finance officer, Northford reversed £1,000.00 for the whole of 2025/26 on REV-01: “Typed twice”"
        )
        assert not Recounted.objects.exists()


def test_who_took_it_away_is_told_and_another_reader_is_not(cast):
    entry = an_entry(cast)
    report = a_report(cast)
    with acting(cast.people["gwen"]) as how:
        reports.read(file=ReportFile.objects.get(report=report, format="pdf"), **how)
    reverse(cast, entry)
    tell()
    assert set(told()) == {"erin", "gwen", "ben", "dev"}  # and not Farah, who may read it and did not


def test_a_report_whose_figures_did_not_change_is_told_to_nobody(cast):
    """The control: something new is recorded, and an entry is reversed that the report did not contain."""
    an_entry(cast)
    a_report(cast)
    assert tell() == 0
    another = an_entry(cast, scheme="ICT-01", at=LATER)
    assert tell() == 0
    reverse(cast, another, at=LATEST)
    assert tell() == 0
    assert told() == {}


def test_a_decision_that_changes_no_figure_is_told_to_nobody(cast):
    entry = an_entry(cast, files=[a_file()])
    a_report(cast)
    with acting(cast.people["ben"], LATER) as how:
        decision.return_to_recorder(entry=entry, reason="Which post?", **how)
    assert tell() == 0


def test_a_sign_off_moves_what_is_proven(cast):
    entry = an_entry(cast, files=[a_file()], ledger_code="R1", reduction_pence=1_000_00)
    a_report(cast)
    with acting(cast.people["ben"], LATER) as how:
        decision.sign_off(entry=entry, **how)
    assert tell() == 2  # Ben did it himself
    with as_role("worker"):
        one = Notice.objects.get(person=cast.people["erin"])
        assert (one.said["proven"], one.now["proven"]) == (0, 1_000_00)
        assert one.said["claimed"] == one.now["claimed"]


def test_the_next_change_is_told_from_the_same_beginning(cast):
    first, second = an_entry(cast), an_entry(cast, scheme="ICT-01", amount_pence=300_00)
    a_report(cast)
    reverse(cast, first)
    tell(LATER)
    reverse(cast, second, at=LATEST)
    tell()
    assert told()["erin"] == (1_300_00, 0)
    with as_role("worker"):
        assert Notice.objects.filter(person=cast.people["erin"]).count() == 2
        assert Published.objects.count() == 1


def close(cast):
    for step, by in (("submitted", "asha"), ("signed_off", "ben"), ("closed", "ben")):
        take(cast, step, by=by)


def test_an_adjustment_of_a_closed_quarter_is_told_to_the_leads(cast):
    an_entry(cast, month=11)
    close(cast)
    assert tell() == 0
    an_entry(cast, month=11, amount_pence=200_00, at=LATER)
    assert tell() == 2
    with as_role("worker"):
        one = Notice.objects.get(person=cast.people["dev"])
        assert (one.quarter, one.said["savings"], one.now["savings"]) == (Q4.first_day, 1_000_00, 1_200_00)
        assert "after the quarter was closed" in one.why


def test_a_reopening_is_told_though_its_amounts_are_what_they_were(cast, sign_in):
    close(cast)
    tell()
    second_lead(cast)
    take(cast, "reopened", by="hana", reason="A line is missing", at=LATER)
    assert tell() == 2  # Ben and Dev; Hana did it herself
    page = sign_in("dev").get(PAGE).content.decode()
    assert "reopened the return of Northford for January to March 2026: “A line is missing”" in page
    assert "Its amounts are what they were" in page


def test_a_worker_beside_another_leaves_the_partnership_alone(committed_cast, django_db_blocker):
    entry = an_entry(committed_cast)
    a_report(committed_cast)
    reverse(committed_cast, entry)
    import threading

    from django.db import connections

    held, go_on, counts = threading.Event(), threading.Event(), []

    def hold():
        with django_db_blocker.unblock(), as_role("worker"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [correcting.LOCK, committed_cast.partnership.pk])
            held.set()
            go_on.wait(20)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(20)
    counts.append(tell())
    go_on.set()
    thread.join()
    counts.append(tell())
    assert counts == [0, 3]


def a_notice(cast):
    entry = an_entry(cast)
    a_report(cast)
    reverse(cast, entry)
    tell()


def sent(at=LATEST):
    with as_role("worker"):
        return correcting.send_due(at)


def test_one_mail_each_without_amounts(cast):
    a_notice(cast)
    assert [sent(), sent(), sent(LATEST + MINUTE * 600)] == [3, 0, 0]
    assert sorted(each.to[0] for each in mail.outbox) == [email_of(name) for name in ("ben", "dev", "erin")]
    body = mail.outbox[0].body
    assert "https://banked.example/notices/" in body
    assert "15 June 2026, is no longer what it said" in body
    assert "£" not in body
    assert len({each.extra_headers["Message-ID"] for each in mail.outbox}) == 3


def test_a_mail_that_fails_is_tried_again_later_and_never_lost(cast):
    a_notice(cast)
    with mock.patch.object(EmailBackend, "send_messages", side_effect=ConnectionRefusedError):
        assert sent() == 0
    assert sent() == 0  # too soon
    assert sent(LATEST + 3 * MINUTE) == 3


def test_who_wants_none_or_has_read_it_gets_no_mail(cast, sign_in):
    a_notice(cast)
    with acting(cast.people["dev"]) as how:
        choose_reminders(wanted=False, **how)
    with as_role("worker"):
        mine = Notice.objects.get(person=cast.people["ben"])
    sign_in("ben").post(f"{PAGE}{mine.public_id}/read/")
    assert sent() == 1
    assert mail.outbox[0].to == [email_of("erin")]
    with as_role("worker"):
        assert Notice.objects.exclude(dropped_at=None).count() == 2


def test_the_page_says_it_until_it_is_read(cast, sign_in):
    a_notice(cast)
    client = sign_in("erin")
    assert "Corrections to read" in client.get("/").content.decode()
    page = client.get(PAGE).content.decode()
    for words in ("Claimed savings", "£1,000.00", "−£1,000.00", "Typed twice", "Not read"):
        assert words in page
    with as_role("worker"):
        mine = Notice.objects.get(person=cast.people["erin"])
    for _ in range(2):  # a double click
        assert client.post(f"{PAGE}{mine.public_id}/read/").status_code == 302
    assert "You read this on" in client.get(PAGE).content.decode()
    assert "Corrections to read" not in client.get("/").content.decode()


def test_somebody_elses_is_not_found(cast, sign_in):
    a_notice(cast)
    with as_role("worker"):
        theirs = Notice.objects.get(person=cast.people["erin"])
    for name in ("gwen", "cleo", "dev"):
        assert sign_in(name).post(f"{PAGE}{theirs.public_id}/read/").status_code == 404
    assert "Nothing you relied on has changed" in sign_in("gwen").get(PAGE).content.decode()
    assert sign_in(None).get(PAGE).status_code == 302


def refused(cast, who, statement, *values):
    with pytest.raises(ProgrammingError), transaction.atomic(), acting(cast.people[who]):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def test_the_application_writes_no_notice_and_reads_only_its_own(cast):
    a_notice(cast)
    with acting(cast.people["erin"]), connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM savings_notice")
        assert cursor.fetchall() == [(cast.people["erin"].pk,)]
    for table in ("savings_published", "savings_recounted"):
        with acting(cast.people["erin"]), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)
    columns = "partnership_id, council_id, report_id, act_id, said_at, said, now, why, changed_at, made_at, try_after"
    refused(cast, "erin", f"INSERT INTO savings_notice (public_id, person_id, attempts, {columns}) SELECT "
            f"gen_random_uuid(), person_id, 0, {columns} FROM savings_notice")  # fmt: skip
    refused(cast, "erin", "UPDATE savings_notice SET why = 'x'")
    refused(cast, "erin", "DELETE FROM savings_notice")


def test_nobody_reads_a_notice_for_somebody_else(cast):
    a_notice(cast)
    with as_role("worker"):
        theirs = Notice.objects.get(person=cast.people["erin"])
    refused(cast, "ben", "INSERT INTO savings_noticeread (notice_id, at) VALUES (%s, now())", theirs.pk)
    with acting(cast.people["erin"]):
        NoticeRead.objects.create(notice=theirs, at=NOW)
    with acting(cast.people["ben"]):
        assert not NoticeRead.objects.exists()


def test_the_number_of_queries_does_not_grow(cast, sign_in, django_assert_max_num_queries):
    kept = [a_proven_entry(cast, month=month, code=f"R{month}") for month in (1, 2, 3)]
    a_report(cast)
    reverse(cast, kept[0])
    tell()
    client = sign_in("erin")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for entry in kept[1:]:
        reverse(cast, entry)
        tell()
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(PAGE)


def approve(cast, *, version, year, pence, at, by="ben", drafter="asha"):
    """A version of the promise with one line for Northford, approved for it; a later one restates the price."""
    line = {
        "council": cast.councils["NFD"], "scheme_reference": "REV-01", "year": year, "kind": "saving",
        "benefit_class": "cash_releasing", "recurrence": "recurring", "amount_pence": pence,
    }  # fmt: skip
    why = {"restated_for": "price"} if version > 1 else {}
    with acting(cast.people[drafter], at) as how:
        case = arrangement.draft(
            partnership=cast.partnership, title="Promise", horizon_year=2030, lines=[line], **why, **how
        )  # fmt: skip
    with acting(cast.people[by], at) as how:
        promise.approve(case=case, council=cast.councils["NFD"], **how)


def test_a_promise_that_is_approved_or_restated_after_a_report_is_told(cast, sign_in):
    an_entry(cast)
    a_report(cast)
    approve(cast, version=1, year=2026, pence=500_00, at=LATER)
    assert tell(LATER) == 2  # Erin and Dev; Ben approved it himself
    a_later_report = a_report(cast, at=LATER + MINUTE)
    approve(cast, version=2, year=2028, pence=300_00, at=LATEST)
    assert tell() == 4  # each of them of both reports
    with as_role("worker"):
        first, second = Notice.objects.filter(person=cast.people["erin"], act=Notice.objects.latest("act").act)
        assert {each.report_id for each in (first, second)} == {first.report_id, a_later_report.pk}
        told = {each.report_id == a_later_report.pk: (each.said, each.now) for each in (first, second)}
        assert (told[True][0]["promised_to_date"], told[True][1]["promised_to_date"]) == (500_00, 0)
        assert (told[True][0]["promised_in_all"], told[True][1]["promised_in_all"]) == (500_00, 300_00)
        assert (told[False][0]["promised_in_all"], told[False][1]["promised_in_all"]) == (0, 300_00)
        assert first.said["claimed"] == first.now["claimed"] == 1_000_00
    page = sign_in("erin").get(PAGE).content.decode()
    assert "Promised, net of costs, in all" in page
    assert "approved version 2 of the business case “Promise” for Northford" in page


def test_a_version_of_the_same_amounts_is_told_to_nobody(cast):
    """The control: it is the figures that somebody relied on."""
    approve(cast, version=1, year=2026, pence=500_00, at=NOW)
    a_report(cast)
    approve(cast, version=2, year=2026, pence=500_00, at=LATER)
    assert tell() == 0


def test_every_report_is_compared_however_many_there_are(cast, monkeypatch):
    monkeypatch.setattr(correcting, "MOST_SOURCES", 3)  # so that several rounds are needed
    entry = an_entry(cast)
    for minute in range(1, 9):
        a_report(cast, at=NOW + minute * MINUTE)
    reverse(cast, entry)
    assert [tell(), tell()] == [8 * 3, 0]
    with as_role("worker"):
        assert Published.objects.count() == Notice.objects.values("report").distinct().count() == 8
        assert not Recounted.objects.exists()


def test_what_one_act_costs_does_not_grow_with_the_reports_that_say_what_they_said(cast):
    def cost(month):
        entry = an_entry(cast, scheme="ICT-01", month=month, at=LATER)
        tell(LATER)
        reverse(cast, entry, at=LATEST)
        with as_role("worker"):
            rollups.drain()
            with CaptureQueriesContext(connection) as ran:
                assert correcting.write_due(LATEST) == 0
        return len(ran.captured_queries)

    an_entry(cast)
    a_report(cast)
    few = cost(1)
    for minute in range(2, 22):
        a_report(cast, at=NOW + minute * MINUTE)
    tell(LATER)
    cost(2)  # each is looked at once
    assert cost(3) == few
