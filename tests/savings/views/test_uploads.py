"""Uploading as a finance officer does: a messy quarter is in the ledger in a few clicks, and nothing is lost."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from savings.models import Entry, Upload
from tests.cast import NOW
from tests.factories import acting, an_entry
from tests.savings.actions.test_returns import Q4, take
from tests.savings.uploads.sending import as_csv, row

URL = "/uploads/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


def send(client, content=b"", *, pasted="", **more):
    file = {"file": SimpleUploadedFile("Quarter.csv", content)} if content else {}
    return client.post(URL, {"council": "NFD", "pasted": pasted, **file, **more}, follow=True)


def rows_of(response):
    body = response.getvalue() if response.streaming else response.content
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_a_good_file_is_checked_then_applied(cast, sign_in):
    asha = sign_in("asha")
    page = send(asha, as_csv(row(), row(month="May", note="Ôl-ddyledion")))
    url = page.redirect_chain[-1][0]
    assert "Apply all 2" in page.text
    assert "£2,469.00" in page.text
    with acting(cast.people["asha"]):
        assert not Entry.objects.exists()
    page = asha.post(url, {"do": "apply"}, follow=True)
    assert "2 entries are in the ledger." in page.text
    with acting(cast.people["asha"]):
        entries = list(Entry.objects.order_by("pk"))
    assert [entry.amount_pence for entry in entries] == [1_234_50, 1_234_50]
    assert all(entry.get_absolute_url() in asha.get(url).text for entry in entries)
    again = send(asha, as_csv(row(), row(month="May", note="Ôl-ddyledion")))
    assert "There is nothing to write." in again.text
    assert "applied before" in again.text
    assert "applied already" in asha.post(url, {"do": "apply"}).text
    assert url in asha.get(URL).text


def test_a_messy_quarter_gets_in_without_help(cast, sign_in):
    """A title, £ signs, a totals line, another council's row, a closed month and two duplicates."""
    an_entry(cast, year=2025, month=11, amount_pence=70_00, kind="running_cost", benefit_class=None)
    take(cast, "submitted", quarter=Q4, by="asha")
    take(cast, "signed_off", quarter=Q4, by="ben")
    take(cast, "closed", quarter=Q4, by="ben")
    good = [row(financial_year="2026/27", month=month, amount=" £1,000.10 ") for month in ("April", "May")]
    wrong = [row(council="STM", month="April", financial_year="2026/27"), row(month="March")]
    lines = as_csv(*good, *good, *wrong, dict.fromkeys(row(), "") | {"council": "Total", "amount": "£4,000.40"})
    asha = sign_in("asha")
    page = send(asha, b"Northford savings,,,\n\n" + lines)
    url = page.redirect_chain[-1][0]
    said = " ".join(page.text.split())
    for words in ("Apply the 2 good rows", "this upload is for NFD", "is closed for Northford", "1 line of totals"):
        assert words in said, words
    assert "Take away the 4 rows" in said
    page = asha.post(url, {"do": "good"}, follow=True)
    assert "2 entries are in the ledger." in page.text
    rest = rows_of(asha.get(f"{url}rest.csv"))
    assert [each["row in file"] for each in rest] == ["6", "7", "8", "9"]
    assert "says this twice" in rest[0]["problem"]
    mended = [each | {"external_key": "second"} if each["row in file"] == "6" else each for each in rest[:1]]
    out = io.StringIO()
    writer = csv.DictWriter(out, rest[0])
    writer.writeheader()
    writer.writerows(mended)
    page = send(asha, out.getvalue().encode())
    assert "Apply it" in page.text


def test_what_is_pasted_from_a_spreadsheet_is_read(cast, sign_in):
    page = send(sign_in("asha"), pasted=as_csv(row(amount="(500)"), row(month="5"), separator="\t").decode())
    said = " ".join(page.text.split())
    assert "Apply the 1 good row" in said
    assert "An amount is positive" in said
    assert "Cells are parted by the tab." in said


def test_a_file_that_cannot_be_read_says_why(cast, sign_in):
    page = send(sign_in("asha"), b"PK\x03\x04 not a workbook")
    assert "The file was refused whole" in page.text
    assert "cut off or damaged" in page.text
    assert "Choose a file or paste rows" in sign_in("asha").post(URL, {"council": "NFD"}).text


def test_an_upload_is_undone_with_a_reason(cast, sign_in):
    asha = sign_in("asha")
    url = send(asha, as_csv(row())).redirect_chain[-1][0]
    asha.post(url, {"do": "apply"})
    assert "Say why the upload is undone." in asha.post(url, {"do": "undo", "reason": " "}).text
    assert "1 entry is reversed." in asha.post(url, {"do": "undo", "reason": "The wrong year"}, follow=True).text
    with acting(cast.people["asha"]):
        assert Entry.objects.total() == 0
    assert "Undone" in asha.get(url).text


def test_the_template_comes_back_as_nothing_until_it_is_filled_in(cast, sign_in):
    asha = sign_in("asha")
    lines = rows_of(asha.get("/uploads/template.csv"))
    assert {each["scheme"] for each in lines} == {"ICT-01", "REV-01"}
    assert {each["month"] for each in lines} == {"January", "February", "March", "April", "May", "June"}
    filled = [each | {"amount": "12"} if number == 0 else each for number, each in enumerate(lines)]
    page = send(asha, as_csv(*filled))
    assert "Apply it" in page.text
    assert f"{len(lines) - 1} lines of totals, or with nothing filled in" in " ".join(page.text.split())


def test_others_find_nothing(cast, sign_in):
    asha = sign_in("asha")
    url = send(asha, as_csv(row())).redirect_chain[-1][0]
    for name in ("cleo", "dev", "ada"):
        assert sign_in(name).get(url).status_code == 404, name
        assert sign_in(name).post(url, {"do": "apply"}).status_code == 404, name
        assert sign_in(name).get(f"{url}checked.csv").status_code == 404, name
    assert sign_in("erin").post(url, {"do": "apply"}).status_code == 403  # the auditor reads
    assert sign_in("erin").get(url).status_code == 200
    assert sign_in("erin").get(URL).status_code == 403
    assert sign_in("cleo").post(URL, {"council": "NFD", "pasted": "x"}).status_code == 200
    with acting(cast.people["asha"]):
        assert (Upload.objects.count(), Entry.objects.count()) == (1, 0)


def test_the_ledger_is_taken_out_as_it_is_seen(cast, sign_in):
    an_entry(cast, month=1, amount_pence=1_00, note="=first")
    an_entry(cast, month=2, amount_pence=2_00)
    an_entry(cast, scheme="ICT-01", amount_pence=3_00)
    asha = sign_in("asha")
    scheme = cast.schemes["REV-01"].public_id
    out = asha.get(f"/entries/taken-out.csv?scheme={scheme}&sort=amount_pence")
    assert [each["amount"] for each in rows_of(out)] == ["1.00", "2.00"]
    every = asha.get("/entries/taken-out.csv").getvalue()
    assert "There is nothing to write." in send(asha, every).text
    for form in ("xlsx", "json", "parquet"):
        assert asha.get(f"/entries/taken-out.{form}").getvalue()
    assert asha.get("/entries/taken-out.exe").status_code == 404
    assert f"/entries/taken-out.csv?scheme={scheme}" in asha.get(f"/entries/?scheme={scheme}").text
    assert rows_of(sign_in("cleo").get("/entries/taken-out.csv")) == []
