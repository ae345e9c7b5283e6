"""The errand this product exists for, in a browser against the real worker: record, sign off, read, report."""

import hashlib
import io
import re
import time

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.factories import PDF

pytestmark = pytest.mark.browser

AMOUNT = 12_345_67  # pence
PROOF = PDF.replace(b"trailer", b"% proof of the journey\ntrailer")
READING = re.compile(r"Cash-releasing savings\s+(.*)")


@pytest.fixture
def sit_down(browser, look, product):
    """`sit_down(role)` is a page of that person's own browser, signed in and watched."""
    contexts = []

    def of(role, council="QNF", **options):
        context = browser.new_context(**options)
        contexts.append(context)
        look.watch(context)
        page, user = context.new_page(), product.who(role, council)
        page.goto(f"{product.address}/accounts/login/")
        page.get_by_label("Email").fill(user["email"])
        page.get_by_label("Password", exact=True).fill(user["password"])
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{product.address}/**")
        return page

    yield of
    for context in contexts:
        context.close()


def proven_savings(page):
    """Pence in the last column (proven) of the row "Cash-releasing savings" of a council page."""
    cells = READING.search(page.get_by_role("main").inner_text())[1].split()
    return round(float(cells[-1].replace("£", "").replace(",", "").replace("−", "-")) * 100)


def record(page, product, look):
    page.goto(f"{product.address}/")
    page.get_by_role("link", name="Record a saving").first.click()
    assert look(page) == []
    page.get_by_label("Scheme").select_option("RB-07 Scanning contract ended early")
    page.get_by_label("Saving", exact=True).check()
    page.get_by_label("Cash-releasing", exact=True).check()
    page.get_by_label("One-off", exact=True).check()
    page.get_by_label("Amount").fill("12,345.67")
    page.get_by_label("Financial year").select_option(index=page.locator("#id_year option").count() - 12)
    page.get_by_label("Month").select_option("Whole year")
    page.get_by_label("Ledger code of the budget").fill("JOURNEY-1")
    page.get_by_label("Taken out of that budget in the year").fill("12345.67")
    page.get_by_label("File (optional)", exact=True).set_input_files(
        {"name": "Budget monitoring.pdf", "mimeType": "application/pdf", "buffer": PROOF}
    )
    page.get_by_label("What it shows (optional)", exact=True).fill("Budget monitoring for the journey")
    page.get_by_role("button", name="Record it").click()
    page.wait_for_url(re.compile(r"/entries/[0-9a-f-]{36}/"))
    assert look(page) == []
    return page.url


def test_an_errand_from_saving_to_report(product, sit_down, look, page):
    officer, lead, chief = sit_down("finance_officer"), sit_down("finance_lead"), sit_down("chief_executive")

    entry = record(officer, product, look)
    expect(officer.get_by_role("main")).to_contain_text(hashlib.sha256(PROOF).hexdigest()[:8])
    assert officer.get_by_role("button", name="Sign off").count() == 0  # never one's own

    chief.goto(f"{product.address}/councils/northford/")
    before = proven_savings(chief)
    assert look(chief) == []

    lead.goto(f"{product.address}/sign-off/")
    row = lead.get_by_role("row").filter(has_text="£12,345.67")
    row.get_by_role("checkbox").check()
    assert look(lead) == []
    lead.get_by_role("button", name="Sign off what is ticked").click()
    lead.wait_for_load_state()
    signed = time.monotonic()
    while (after := (chief.reload(), proven_savings(chief))[1]) == before and time.monotonic() - signed < 10:
        time.sleep(0.05)
    took = time.monotonic() - signed
    assert after == before + AMOUNT
    assert took < 2, f"the council page changed {took:.1f} s after the sign-off"

    officer.goto(entry)
    expect(officer.get_by_role("main")).to_contain_text("Signed off")
    text = report(chief, product, look, partnership_of(officer))
    identity = entry.rstrip("/").rsplit("/", 1)[-1]
    for fact in (hashlib.sha256(PROOF).hexdigest(), identity, "£12,345.67", "Priya Nair", "Thomas Adeyemi"):
        assert fact in text, fact


def partnership_of(page):
    """Name of the partnership of the entry on `page`."""
    return page.get_by_role("main").locator("a[href^='/partnerships/']").first.inner_text()


def report(page, product, look, partnership):
    """Ask for the partnership's evidence report, wait for it, and return the text of its PDF without line breaks."""
    page.goto(f"{product.address}/partnerships/")
    page.get_by_role("main").get_by_role("link", name=partnership).first.click()
    page.get_by_role("main").get_by_role("button", name="Make an evidence report").click()
    assert look(page) == []
    page.get_by_role("main").get_by_role("button", name=re.compile("report", re.I)).first.click()
    pdf = page.get_by_role("button", name=re.compile("Download the report"))
    expect(pdf).to_be_visible(timeout=60_000)
    assert look(page) == []
    with page.expect_download() as waiting:
        pdf.click()
    pages = PdfReader(io.BytesIO(waiting.value.path().read_bytes())).pages
    return re.sub(r"\s*\n\s*", "", "".join(page.extract_text() for page in pages))
