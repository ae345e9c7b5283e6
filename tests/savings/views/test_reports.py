"""The pages of reports: asking, following, finding again, and taking the files away."""

import re

import pytest
from django.urls import reverse

from councils.models import Act, Event, Person
from savings.actions import reports
from savings.documents import path_of
from savings.models import Job, Report
from savings.reports.keeping import keep
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting

NEW, LIST = "/reports/new/", "/reports/"


@pytest.fixture
def report(cast):
    with acting(cast.people["asha"]) as how:
        return reports.ask(partnership=cast.partnership, council=cast.councils["NFD"], **how)


@pytest.fixture
def ready(report):
    """As the worker would leave it."""
    with as_role("worker"):
        reports.keep_files(
            report=report, by=Person.objects.get(system=True), at=NOW, as_at=NOW, heads="council:NFD=3\nregister=1",
            rows=7, files={form: (keep(form.encode()), 3) for form in ("pdf", "csv")},
        )  # fmt: skip
        Job.objects.filter(pk=report.job_id).update(state="done", done=4, total=4)
    return report


def url(name, row, *more):
    return reverse(f"savings:{name}", args=[row.public_id, *more])


def at(report, state, **fields):
    with as_role("worker"):
        Job.objects.filter(pk=report.job_id).update(state=state, **fields)


def test_asking_leads_to_the_job(cast, sign_in):
    answer = sign_in("asha").post(NEW, {"partnership": "north-south"})
    with as_role("worker"):
        report = Report.objects.select_related("council", "asked_by", "job").get()
    assert (report.council.code, report.asked_by.name) == ("NFD", "Asha Rao")
    assert answer.headers["Location"] == url("job", report.job)


def test_the_partnership_one_came_from_is_chosen_beforehand(sign_in):
    page = sign_in("asha").get(NEW, {"partnership": "north-south"}).text
    assert '<option value="north-south" selected>' in page
    assert 'name="council"' not in page  # Asha has one council


def test_somebody_elses_partnership_is_not_offered_and_not_taken(sign_in):
    cleo = sign_in("cleo")
    assert "North and South" not in cleo.get(NEW).text
    answer = cleo.post(NEW, {"partnership": "north-south"})
    assert "Choose one of your own partnerships." in answer.text
    with as_role("worker"):
        assert not Report.objects.exists()


def test_somebody_without_a_council_cannot_ask(sign_in):
    assert sign_in("ada").get(NEW).status_code == 403
    assert "Make an evidence report" not in sign_in("ada").get(LIST).text


@pytest.mark.parametrize(("name", "sees"), [("asha", True), ("gwen", True), ("omar", False), ("cleo", False)])
def test_the_council_it_was_made_for_sees_it_and_nobody_else(sign_in, ready, name, sees):
    client = sign_in(name)
    pages = [url("report", ready), url("report-file", ready, "pdf"), url("report-file", ready, "csv")]
    answers = [client.get(page) for page in pages]
    assert [answer.status_code for answer in answers] == [200 if sees else 404] * 3
    for answer in answers:
        b"".join(answer)  # a download that is not read keeps its file open
    assert client.get(url("job", ready.job)).status_code == (302 if sees else 404)
    assert ("North and South" in client.get(LIST).text) is sees


def test_an_empty_list_says_so(sign_in):
    page = sign_in("gwen").get(LIST).text
    assert "No report has been asked for yet. A report is a PDF" in page
    assert "To make one, choose “Make an evidence report”" in page
    assert "To make one" not in sign_in("ada").get(LIST).text


def test_the_page_names_both_files_in_the_pdf(sign_in, ready):
    page = sign_in("gwen").get(url("report", ready)).text
    assert "<code>entries.csv</code>" in page
    assert "<code>charges.csv</code>" in page


def test_strangers_are_asked_to_sign_in(sign_in, ready):
    for page in (LIST, NEW, url("report", ready), url("report-file", ready, "pdf"), url("job", ready.job)):
        assert sign_in(None).get(page).status_code == 302


def test_a_file_is_a_download_that_cannot_run_and_taking_it_is_an_act(sign_in, ready):
    answer = sign_in("gwen").get(url("report-file", ready, "pdf"))
    assert b"".join(answer.streaming_content) == b"pdf"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="north-south-evidence-2026-06-15.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    with as_role("worker"):
        read = Act.objects.get(verb="read")
        assert (read.person.name, read.subject) == ("Gwen Pryce", f"report:{ready.public_id}.pdf")
        assert [event.stream.key for event in Event.objects.filter(act=read)] == ["access"]


def test_there_is_no_other_format(sign_in, ready):
    assert sign_in("asha").get(url("report-file", ready, "exe")).status_code == 404


def test_a_file_that_has_gone_is_said_to_be_gone(sign_in, ready):
    with as_role("worker"):
        path_of(ready.files.get(format="csv").sha256).unlink()
    answer = sign_in("asha").get(url("report-file", ready, "csv"))
    assert (answer.status_code, "The file cannot be found" in answer.text) == (500, True)


def test_the_report_says_what_it_rests_on(sign_in, ready):
    page = sign_in("erin").get(url("report", ready)).text
    assert "As at 15 June 2026, 10:00. It rests on 7 entries" in page
    assert "Asha Rao" in page
    assert "council:NFD: 3" in page


def test_until_it_is_made_the_report_leads_to_its_job(sign_in, report):
    assert sign_in("asha").get(url("report", report)).headers["Location"] == url("job", report.job)


def test_a_colleague_can_follow_the_job_and_see_who_asked(sign_in, report):
    at(report, "running", done=2, total=4, message=reports.STEPS[2])
    page = " ".join(sign_in("ben").get(url("job", report.job)).text.split())
    assert "Asha Rao asked for it on" in page
    assert f"<strong>{reports.STEPS[2]}: now</strong>" in page
    assert f"{reports.STEPS[1]}: done" in page
    assert re.search(r'<noscript><meta http-equiv="refresh" content="\d+"></noscript>', page)


def test_polling_says_nothing_while_nothing_changed(sign_in, report):
    client, htmx = sign_in("asha"), {"HX-Request": "true"}
    page = client.get(url("job", report.job), headers=htmx)
    again = re.search(r'hx-get="([^"]+)"', page.text)[1]
    assert "<html" not in page.text
    assert client.get(again, headers=htmx).status_code == 204
    at(report, "running", done=1, total=4, message=reports.STEPS[1])
    assert client.get(again, headers=htmx).status_code == 200


def test_polling_ends_at_the_report(sign_in, ready):
    answer = sign_in("asha").get(url("job", ready.job), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == url("report", ready)


def test_a_job_that_failed_says_why_and_can_be_tried_again(sign_in, report):
    at(report, "failed", message="So much is being recorded.")
    client = sign_in("asha")
    page = client.get(url("job", report.job)).text
    assert "So much is being recorded." in page
    assert "Try again" in page
    assert client.get(url("job", report.job), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    client.post(NEW, {"partnership": "north-south", "council": "NFD"})
    with as_role("worker"):
        assert Report.objects.count() == 2


def test_looking_changes_nothing_so_other_methods_are_refused(sign_in, ready):
    client = sign_in("asha")
    pages = [LIST, url("report", ready), url("report-file", ready, "pdf"), url("job", ready.job)]
    assert [client.post(page).status_code for page in pages] == [405] * 4
