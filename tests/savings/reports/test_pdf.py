"""The PDF: its text, its tags, its attachments, and that nothing anybody wrote is carried out."""

import hashlib
import io
import json
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest

from councils.money import pounds
from savings.reports import chart, printable, typesetting, wording
from tests.factories import PDF, an_entry

from .made import PAYLOADS, content_of, files_of, one_of_everything, words_of

needs_poppler = pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler is not on this machine")


@pytest.fixture
def content(cast):
    one_of_everything(cast)
    return content_of(cast)


def poppler(tmp_path, pdf, *command):
    place = tmp_path / "report.pdf"
    place.write_bytes(pdf)
    done = subprocess.run([*command, str(place)], capture_output=True, text=True, check=True, cwd=tmp_path)
    return done.stdout


def test_figures_entries_people_and_hashes_are_in_the_text(content):
    words = words_of(files_of(content)["pdf"])
    total = content.figures.total
    for pence in (total.claimed, total.counted, total.proven, total.net_claimed, total.net_counted, total.net_proven):
        assert pounds(pence) in words
    for year in content.figures.years:
        assert pounds(year.figures.net_counted) in words
    assert "Asha Rao" in words
    assert "Ben Carter" in words
    assert hashlib.sha256(PDF).hexdigest() in words
    assert all(str(row.entry) in words for row in content.banked)
    assert all(head.hash in words for head in content.taken.heads)
    assert "Transfer claimed as a saving" in words
    assert "Posted twice" in words
    assert "That is ours" in words


def test_what_people_wrote_appears_as_they_wrote_it(content):
    words = words_of(files_of(content)["pdf"])
    assert all(payload in words for payload in PAYLOADS)
    assert "#eval(1) *title*" in words
    assert "root:" not in words


def test_glyphs_no_font_has_and_endless_words_are_set_all_the_same(cast):
    an_entry(cast, note="日本 😀 " + "x" * 400, document_ref="=1+1")
    words = words_of(files_of(content_of(cast))["pdf"])
    assert "[U+65E5][U+672C] [U+1F600]" in words


def test_what_the_ledger_no_longer_takes_would_still_be_shown_for_what_it_is():
    assert printable.printable("a\u202eb") == "a[U+202E]b"


def test_every_character_that_is_printed_is_in_the_fonts():
    """Set as a document of its own, to the same standards: typst refuses a glyph that is not there."""
    every = "".join(chr(code) for low, high in printable.PRINTED for code in range(low, high))
    assert printable.printable(every.replace("\xa0", "x")) == " ".join(every.replace("\xa0", "x").split())
    document = {
        "title": "Every character", "partnership": "P", "council": "C", "demonstration": False, "as_at": "now",
        "date": [2026, 6, 15, 9, 0, 0], "heads": "", "checkpoint": "", "attached": [],
        "sections": [{"title": "All", "wide": False, "blocks": [{"kind": "text", "text": " ".join(every)}]}],
    }  # fmt: skip
    assert typesetting.pdf(document, chart="", attached={}).startswith(b"%PDF-1.7")


def test_typst_reads_nothing_outside_its_folder(tmp_path, monkeypatch):
    """The templates never read what data say; were they to, the root would still hold."""
    shutil.copytree(typesetting.TEMPLATES, tmp_path / "typst")
    (tmp_path / "typst" / "report.typ").write_text('#read("/etc/passwd")')
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path / "typst")
    with pytest.raises(typesetting.NotSet, match="file not found"):
        typesetting.pdf({}, chart="", attached={})


def test_the_same_snapshot_gives_the_same_bytes(cast, content):
    again = content_of(cast)
    first, second = files_of(content), files_of(again)
    assert {name: hashlib.sha256(file).hexdigest() for name, file in first.items()} == {
        name: hashlib.sha256(file).hexdigest() for name, file in second.items()
    }


def test_the_rows_are_attached_to_the_byte(content):
    files = files_of(content)
    attached = pypdf.PdfReader(io.BytesIO(files["pdf"])).attachments
    assert attached["entries.csv"] == [files["csv"]]
    assert attached["charges.csv"][0].startswith(b"reported_by,partnership,payer")


@needs_poppler
def test_it_is_tagged_and_says_what_it_is(content, tmp_path):
    pdf = files_of(content)["pdf"]
    about = poppler(tmp_path, pdf, "pdfinfo")
    assert "Tagged:          yes" in about
    assert "Title:           Evidence report: North and South Revenues" in about
    assert "2 embedded files" in poppler(tmp_path, pdf, "pdfdetach", "-list")
    tags = poppler(tmp_path, pdf, "pdfinfo", "-struct")
    for tag in ("H1", "H2", "Table", "THead", "TH", "TD", "Figure", "LI"):
        assert tag in tags, tag


def test_it_claims_both_standards_and_the_moment(content):
    pdf = pypdf.PdfReader(io.BytesIO(files_of(content)["pdf"]))
    metadata = pdf.xmp_metadata.stream.get_data().decode("utf-8")
    assert "<pdfuaid:part>1<" in metadata
    assert "<pdfaid:part>3<" in metadata
    assert "<pdfaid:conformance>A<" in metadata
    assert pdf.metadata.creation_date.isoformat().startswith("2026-06-15T09:00:00")  # 10:00 in British Summer Time


def test_every_page_says_of_what_and_as_at_when(content):
    pages = pypdf.PdfReader(io.BytesIO(files_of(content)["pdf"])).pages
    for page in pages:
        text = " ".join(page.extract_text().split())
        assert "North and South Revenues" in text
        assert "As at 15 June 2026 at 10:00" in text
        assert "NFD " in text


def test_only_the_largest_entries_are_printed_and_all_are_attached(cast, monkeypatch):
    monkeypatch.setattr("savings.reports.sections.ledger.MOST_ENTRIES", 3)
    for month in range(1, 6):
        an_entry(cast, month=month, amount_pence=month * 111_11)
    content = content_of(cast)
    files = files_of(content)
    words = words_of(files["pdf"])
    assert "The 3 largest of 5 banked entries" in words
    assert [str(row.entry) in words for row in content.banked] == [False, False, True, True, True]
    assert files["csv"].count(b"\r\n") == 6


def test_an_empty_partnership_has_a_report_too(cast):
    words = words_of(files_of(content_of(cast))["pdf"])
    assert "Nothing has been recorded for North and South Revenues yet" in words


def test_silent_members_are_named_among_the_limits(cast):
    an_entry(cast, year=2024)
    words = words_of(files_of(content_of(cast))["pdf"])
    assert "Southmere Council (2024/25)" in words
    assert "missing is not nil" in words


def test_the_picture_has_a_line_and_a_marker_for_each_measure(content):
    svg = chart.cumulative(content.figures.points)
    assert svg.count("<polyline") == 8  # four curves and their samples in the legend
    assert "https:" not in svg


def test_the_document_is_plain_data(content):
    document = wording.document(content, [], {"entries.csv": "0" * 64})
    assert json.loads(json.dumps(document)) == document
    assert Path(typesetting.FONTS / "OFL.txt").exists()
