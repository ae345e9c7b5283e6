"""The rows as CSV: columns others build on, numbers that stay numbers, texts that never become formulas."""

import csv
import io

import pytest

from savings.reports import spreadsheet
from savings.uploads import cells
from tests.factories import an_entry

from .made import content_of, one_of_everything

FILE_COLUMNS = [
    "council",
    "partnership",
    "scheme",
    "series",
    "kind",
    "class",
    "recurrence",
    "financial_year",
    "month",
    "amount",
    "note",
    "ledger_code",
    "document_ref",
    "external_key",
]


def lines_of(content):
    return list(csv.DictReader(io.StringIO(spreadsheet.entries_csv(content).decode("utf-8"), newline="")))


def test_the_columns_of_files_come_first_and_in_their_order(cast):
    an_entry(cast)
    header = spreadsheet.entries_csv(content_of(cast)).decode("utf-8").splitlines()[0].split(",")
    assert header[:14] == FILE_COLUMNS
    assert header[14:20] == ["grade", "decision", "decided_by", "decided_at", "document_sha256", "entry"]


def test_a_row_says_who_decided_on_which_document(cast):
    told = one_of_everything(cast)
    content = content_of(cast)
    (line,) = [line for line in lines_of(content) if line["entry"] == str(told.signed.public_id)]
    assert (line["council"], line["partnership"], line["scheme"]) == ("NFD", "north-south", "REV-01")
    assert (line["financial_year"], line["month"], line["amount"], line["grade"]) == ("2025-26", "", "90000.37", "2")
    assert (line["decided_by"], line["decided_at"]) == ("Ben Carter", "2026-06-15T09:00:00+00:00")
    assert line["document_sha256"] == content.documents[0].sha256


def test_a_reversal_is_a_negative_number_that_names_what_it_reverses(cast):
    told = one_of_everything(cast)
    (line,) = [line for line in lines_of(content_of(cast)) if line["reverses"]]
    assert line["amount"] == "-7000.00"
    assert line["reverses"] == str(told.twice.public_id)


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "'=x"])
def test_a_text_that_would_be_a_formula_is_defused(text):
    assert cells.defused(text) == "'" + text


@pytest.mark.parametrize("text", ["", "1+1", "a=b", "£5"])
def test_any_other_text_stays_as_it_is(text):
    assert cells.defused(text) == text


def test_formulas_in_every_text_are_defused_and_round_trip(cast):
    an_entry(cast, note='=HYPERLINK("x")', document_ref="@ref", external_key="+1", ledger_code="")
    (line,) = lines_of(content_of(cast))
    assert (line["note"], line["document_ref"], line["external_key"]) == ('\'=HYPERLINK("x")', "'@ref", "'+1")
