"""The synthetic national set: real councils, invented entries, the same bytes from the same seed."""

import csv
import json
from collections import Counter
from decimal import Decimal

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from councils.loading import read_table
from councils.refusals import Refused
from savings import synthetic
from savings.uploads import cells, files
from savings.uploads.entry_columns import COLUMNS, NAMES


def read(place):
    with place.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def made(tmp_path):
    return tmp_path / "set", synthetic.generate(tmp_path / "set", entries=3_000, seed=7)


def test_files_hold_what_was_asked_for_and_add_up(made):
    folder, said = made
    rows = [row for place in sorted((folder / "entries").iterdir()) for row in read(place)]
    assert len(rows) == 3_000 == said.entries
    assert sum(Decimal(row["amount"]) for row in rows) * 100 == said.pence
    assert json.loads((folder / "sums.json").read_text())["pence"] == said.pence
    assert tuple(rows[0]) == NAMES
    assert len({row["external_key"] for row in rows}) == 3_000


def test_councils_are_real_and_everything_else_says_it_is_invented(made):
    folder, said = made
    assert set(said.files) <= {each["code"] for each in read_table("councils") if not each["ended_on"]}
    assert all(each["name"].startswith("Invented") for each in read(folder / "partnerships.csv"))
    assert all(row["note"] == "Invented" for place in (folder / "entries").iterdir() for row in read(place))
    assert "no council did" in " ".join((folder / "README.txt").read_text().split())


def test_every_row_is_of_a_scheme_of_a_partnership_its_council_is_in(made):
    folder, _ = made
    members = {(each["partnership"], each["council"]) for each in read(folder / "members.csv")}
    schemes = {(each["partnership"], each["scheme"]): each["class"] for each in read(folder / "schemes.csv")}
    assert all(many >= 2 for many in Counter(partnership for partnership, _ in members).values())
    for place in (folder / "entries").iterdir():
        for row in read(place):
            assert (row["partnership"], row["council"]) in members
            expected = schemes[row["partnership"], row["scheme"]] if row["kind"] == "saving" else ""
            assert row["class"] == expected


def test_the_reader_of_uploads_finds_nothing_wrong(made):
    folder, _ = made
    for place in (folder / "entries").iterdir():
        found = files.read(place.read_bytes(), COLUMNS, most=10_000)
        values, problems = cells.read(found.frame, COLUMNS)
        assert problems.is_empty()
        assert values.filter(pl.col("amount") < 100).is_empty()


def test_a_seed_is_a_set(tmp_path):
    once = synthetic.generate(tmp_path / "once", entries=2_000, seed=1)
    assert synthetic.generate(tmp_path / "again", entries=2_000, seed=1) == once
    assert synthetic.generate(tmp_path / "other", entries=2_000, seed=2) != once
    assert (tmp_path / "once/schemes.csv").read_bytes() == (tmp_path / "again/schemes.csv").read_bytes()


def test_large_files_are_written_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(synthetic, "AT_ONCE", 7)
    said = synthetic.generate(tmp_path / "set", entries=5_000, seed=3)
    rows = [row for place in (tmp_path / "set/entries").iterdir() for row in read(place)]
    assert len(rows) == len({row["external_key"] for row in rows}) == 5_000
    assert sum(Decimal(row["amount"]) for row in rows) * 100 == said.pence


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mine.csv").write_text("kept")
    with pytest.raises(Refused, match="not empty"):
        synthetic.generate(tmp_path, entries=10, seed=1)
    with pytest.raises(CommandError, match="at least one"):
        call_command("generate", str(tmp_path / "new"), entries=0, seed=1)
    with pytest.raises(CommandError, match="zero or more"):
        call_command("generate", str(tmp_path / "new"), entries=1, seed=-1)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.csv"]


def test_the_command_says_what_it_made(tmp_path, capsys):
    call_command("generate", str(tmp_path / "new"), entries=500, seed=4, json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["entries"] == 500
    assert said["councils"] == len(list((tmp_path / "new/entries").iterdir()))
