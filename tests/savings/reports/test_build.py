"""The job: what it leaves behind, that it can be delivered twice, and what the person reads when it fails."""

import hashlib

import pytest

from councils import verification
from councils.models import Event
from savings import jobs
from savings.actions import reports
from savings.documents import path_of
from savings.models import Job, Report, ReportFile
from savings.reports import build, snapshot, typesetting
from tests.database import as_role
from tests.factories import acting, an_entry


@pytest.fixture
def asked(committed_cast):
    """Asha has recorded an entry and asked for a report."""
    an_entry(committed_cast, amount_pence=5_000_00)
    with acting(committed_cast.people["asha"]) as how:
        return reports.ask(partnership=committed_cast.partnership, council=committed_cast.councils["NFD"], **how)


def run(report):
    with as_role("worker"):
        jobs.run(report.job_id)
        return Job.objects.get(pk=report.job_id)


def test_the_job_leaves_both_files_under_their_digests(asked):
    job = run(asked)
    assert (job.state, job.message, job.done) == ("done", "Ready.", 3)
    with as_role("worker"):
        files = {file.format: file for file in ReportFile.objects.filter(report=asked)}
        assert set(files) == {"pdf", "csv"}
        for file in files.values():
            content = path_of(file.sha256).read_bytes()
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (file.sha256, file.size_bytes)
            assert file.rows == 1
        assert "council:NFD=" in files["pdf"].heads
        assert verification.verify().problems == []


def test_the_heads_kept_are_those_of_the_snapshot(asked):
    run(asked)
    with as_role("worker"):
        file = ReportFile.objects.get(report=asked, format="pdf")
        kept = dict(line.split("=") for line in file.heads.splitlines())
        newest = Event.objects.filter(stream__key="council:NFD").latest("sequence")
    assert int(kept["council:NFD"]) == newest.sequence - 1  # keeping the files is itself an event


def test_it_can_be_delivered_twice(asked):
    run(asked)
    job = run(asked)
    with as_role("worker"):
        assert ReportFile.objects.filter(report=asked).count() == 2
    assert job.attempts == 1


def test_a_worker_that_died_after_keeping_the_files_has_nothing_left_to_do(asked):
    run(asked)
    with as_role("worker"):
        Job.objects.filter(pk=asked.job_id).update(state="running")
    assert run(asked).state == "done"
    with as_role("worker"):
        assert ReportFile.objects.filter(report=asked).count() == 2


def test_a_busy_ledger_fails_in_words(asked, monkeypatch):
    monkeypatch.setattr(snapshot, "bring_up_to_date", lambda partnership: None)
    job = run(asked)
    assert job.state == "failed"
    assert "do not stand still. Try again." in job.message


def test_pages_that_cannot_be_set_are_tried_again_and_given_up(asked, monkeypatch):
    def refuses(*args, **kwargs):
        raise typesetting.NotSet("a glyph is missing")

    monkeypatch.setattr(build.typesetting, "pdf", refuses)
    assert [run(asked).state for _ in range(jobs.ATTEMPTS)] == ["waiting"] * (jobs.ATTEMPTS - 1) + ["failed"]
    with as_role("worker"):
        assert not Report.objects.get(pk=asked.pk).files.exists()


def test_progress_is_shown_while_it_works(asked, monkeypatch):
    shown = []
    really = jobs._progress

    def noted(job):
        show = really(job)
        return lambda *step: (shown.append(step), show(*step))

    monkeypatch.setattr(jobs, "_progress", noted)
    run(asked)
    assert shown == [(place, 4, words) for place, words in enumerate(reports.STEPS)]
