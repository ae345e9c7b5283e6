"""What is taken out goes back in as the same: every format, every odd text, and reversals among it."""

import datetime
import hashlib
import json
import time

import polars as pl
import pytest

from savings import exporting
from savings.actions import entries
from savings.models import Entry
from tests.cast import NOW
from tests.factories import acting, an_entry

from .sending import outcomes, send

TEXTS = ("=SUM(A1)", "'=x", "-5", "+44 1234", "@home", "Cytundeb ŵ a ŷ", 'two\nlines, "quoted"',
         "🏴󠁧󠁢󠁷󠁬󠁳󠁿 ✓", "'plain'", " ")  # fmt: skip


@pytest.fixture
def ledger(cast):
    for month, note in enumerate(TEXTS, start=1):
        an_entry(
            cast,
            month=month,
            amount_pence=100_01 * month,
            note=note.strip(),
            document_ref=f"{note[:1].strip()}J{month}",
        )
    undone = an_entry(
        cast, scheme="ICT-01", amount_pence=9_99, external_key="-K1", ledger_code="+R1", reduction_pence=999
    )
    an_entry(cast, scheme="ICT-01", kind="one_off_cost", benefit_class=None, recurrence="one_off", amount_pence=5)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=undone, reason="=wrong", **how)
    return cast


def export(cast, place, form, **chosen):
    with acting(cast.people["asha"]) as how:
        return exporting.export(place, form, **how, **chosen)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_an_export_comes_back_as_the_same(ledger, form, tmp_path):
    place = tmp_path / f"out.{form}"
    found = export(ledger, place, form)
    sent = send(ledger, place.read_bytes())
    assert set(outcomes(sent).values()) == {"same"}
    with acting(ledger.people["asha"]):
        assert (found.rows, found.pence) == (Entry.objects.count(), Entry.objects.total())
    assert sent.upload.same == found.rows == 13


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "parquet"])
def test_two_exports_of_one_moment_are_the_same_bytes(ledger, form, tmp_path):
    first, second = tmp_path / "one", tmp_path / "two"
    said = export(ledger, first, form)
    if form == "xlsx":
        time.sleep(1.1)  # its writer stamps whole seconds
    assert export(ledger, second, form) == said
    assert first.read_bytes() == second.read_bytes()


def test_the_slow_writer_writes_the_same_cells(ledger, tmp_path, monkeypatch):
    export(ledger, tmp_path / "quick.xlsx", "xlsx")
    monkeypatch.setattr(exporting, "_writer", lambda: exporting._write_slowly)
    export(ledger, tmp_path / "slow.xlsx", "xlsx")
    quick, slow = (pl.read_excel(tmp_path / f"{name}.xlsx", sheet_name="Entries") for name in ("quick", "slow"))
    assert quick.equals(slow)


def test_no_cell_of_a_spreadsheet_is_a_formula(ledger, tmp_path):
    export(ledger, tmp_path / "out.csv", "csv")
    cells = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    for name in ("note", "document_ref", "ledger_code", "external_key", "scheme"):
        assert not any(each.startswith(("=", "+", "-", "@")) for each in cells[name].drop_nulls()), name
    assert "-9.99" in cells["amount"].to_list()


def test_formats_agree_and_say_what_they_hold(ledger, tmp_path):
    for form in exporting.WRITERS:
        export(ledger, tmp_path / f"out.{form}", form)
    rows = json.loads((tmp_path / "out.json").read_text())
    typed = pl.read_parquet(tmp_path / "out.parquet")
    assert [row["note"] for row in rows] == typed["note"].to_list()
    assert sorted(each.strip() for each in TEXTS) == sorted(row["note"] for row in rows[:10])
    assert round(sum(row["amount"] for row in rows) * 100) == sum(int(each * 100) for each in typed["amount"])
    about = dict(pl.read_excel(tmp_path / "out.xlsx", sheet_name="About").iter_rows())
    assert about["rows"] == "13"
    assert about["sha256 of the rows as CSV"] == hashlib.sha256((tmp_path / "out.csv").read_bytes()).hexdigest()


def test_nobody_takes_out_what_they_may_not_see(ledger, tmp_path):
    with acting(ledger.people["cleo"]) as how:
        assert exporting.export(tmp_path / "out.csv", "csv", **how).rows == 0
    with acting(ledger.people["dev"]) as how:
        assert exporting.export(tmp_path / "out.csv", "csv", **how).rows == 13
        south = exporting.export(tmp_path / "out.csv", "csv", council=ledger.councils["STM"], **how)
    assert south.rows == 0


def test_the_past_comes_out_as_it_was(ledger, tmp_path):
    before = export(ledger, tmp_path / "out.csv", "csv", moment=NOW - datetime.timedelta(days=1))
    assert (before.rows, before.moment) == (0, "2026-06-14T10:00:00+01:00")
