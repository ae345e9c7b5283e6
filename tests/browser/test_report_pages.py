"""The pages of reports in a browser: asking, waiting, failing, taking away."""

import pytest
from django.urls import reverse

from councils.models import Person
from savings import jobs
from savings.actions import reports
from savings.models import Job
from savings.reports.keeping import keep
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry

pytestmark = pytest.mark.browser


@pytest.fixture
def report(committed_cast):
    with acting(committed_cast.people["asha"]) as how:
        return reports.ask(partnership=committed_cast.partnership, council=committed_cast.councils["NFD"], **how)


def now(report, **fields):
    with as_role("worker"):
        Job.objects.filter(pk=report.job_id).update(**fields)


def keep_two_files(report):
    with as_role("worker"):
        reports.keep_files(
            report=report, by=Person.objects.get(system=True), at=NOW, as_at=NOW, heads="council:NFD=3\nregister=1",
            rows=7, files={form: (keep(form.encode()), 3) for form in ("pdf", "csv")},
        )  # fmt: skip
    now(report, state="done", done=4, total=4)


def address_of(name, row):
    return reverse(f"savings:{name}", args=[row.public_id])


@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_is_wrong_with_the_pages(look, site, page, report, width):
    page.set_viewport_size({"width": width, "height": 900})
    home = site("asha")

    def fine(path):
        page.goto(f"{home}{path}")
        assert (path, look(page)) == (path, [])
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    for path in ("/reports/", "/reports/new/?partnership=north-south", address_of("job", report.job)):
        fine(path)
    page.goto("about:blank")  # or the page that waits would move on while the next one is opened
    now(report, state="running", done=2, total=4, message=reports.STEPS[2])
    fine(address_of("job", report.job))
    page.goto("about:blank")
    now(report, state="failed", message="So much is being recorded that the figures do not stand still. Try again.")
    fine(address_of("job", report.job))
    keep_two_files(report)
    fine(address_of("report", report))


def test_the_page_that_waits_moves_on_by_itself(site, page, report):
    page.goto(f"{site('asha')}{address_of('job', report.job)}")
    now(report, state="running", done=2, total=4, message=reports.STEPS[2])
    page.get_by_text(f"{reports.STEPS[2]}: now").wait_for()
    keep_two_files(report)
    page.get_by_role("button", name="Download the report (PDF").wait_for()


def test_without_javascript_it_moves_on_too(site, browser, context, report):
    """The same sign-in in a browser that runs no script: the page loads itself anew."""
    address = site("asha")
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{address}{address_of('job', report.job)}")
    keep_two_files(report)
    page.get_by_role("button", name="Download the report (PDF").wait_for()
    plain.close()


def test_the_whole_errand(site, page, committed_cast):
    """Asked for on the page, made by what the worker runs, and taken away."""
    an_entry(committed_cast, amount_pence=5_000_00)
    page.goto(f"{site('asha')}/reports/new/?partnership=north-south")
    page.get_by_role("button", name="Make the report").click()
    page.get_by_role("heading", name="The report is being made").wait_for()
    with as_role("worker"):
        jobs.run(Job.objects.get().pk)
    page.get_by_role("button", name="Download the report (PDF").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download the report (PDF").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF-1.7")
    assert taken.value.suggested_filename.startswith("north-south-evidence-")
