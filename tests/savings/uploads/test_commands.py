"""`import_entries` and `export_entries` as other programs call them."""

import json

import pytest
from django.core.management import CommandError, call_command

from savings.models import Entry
from tests.cast import email_of
from tests.factories import acting, an_entry

from .sending import as_csv, row

pytestmark = pytest.mark.usefixtures("cast")


def run(capsys, *words):
    code = 0
    try:
        call_command(*words, "--json")
    except SystemExit as ended:
        code = ended.code
    out = capsys.readouterr().out
    return code, json.loads(out)


@pytest.fixture
def upload(tmp_path, capsys):
    def upload(*rows, options=()):
        file = tmp_path / "in.csv"
        file.write_bytes(as_csv(*rows))
        return run(capsys, "import_entries", str(file), "--council", "NFD", "--as", email_of("asha"), *options)

    return upload


def test_rows_are_written_once(cast, upload):
    rows = [row(), row(month="5")]
    counts = {"rows": 2, "duplicate": 0, "bad": 0, "errors": []}
    assert upload(*rows, options=["--check"]) == (0, counts | {"new": 2, "same": 0, "applied": 0})
    assert upload(*rows) == (0, counts | {"new": 2, "same": 0, "applied": 2})
    assert upload(*rows) == (0, counts | {"new": 0, "same": 2, "applied": 0})
    with acting(cast.people["asha"]):
        assert Entry.objects.count() == 2


def test_what_is_wrong_is_told_by_row_and_column(cast, upload):
    code, said = upload(row(), row(amount="1.234"))
    assert (code, said["bad"], said["applied"]) == (1, 1, 0)
    (error,) = said["errors"]
    assert (error["row"], error["column"], error["code"]) == (3, "amount", "amount")
    assert "more than two figures" in error["message"]
    code, said = upload(row(), row(amount="1.234"), options=["--good-rows"])
    assert (code, said["applied"]) == (0, 1)


def test_a_file_that_is_refused_whole_says_why(upload, tmp_path, capsys):
    file = tmp_path / "in.csv"
    file.write_bytes(as_csv(row(), names=[name for name in row() if name != "amount"]))
    code, said = run(capsys, "import_entries", str(file), "--council", "NFD", "--as", email_of("asha"))
    assert (code, said["rows"], said["applied"]) == (1, 0, 0)
    assert [(each["column"], each["code"]) for each in said["errors"]] == [("amount", "missing_header")]


def test_an_export_goes_back_in(cast, tmp_path, capsys):
    an_entry(cast, month=1)
    file = tmp_path / "out.csv"
    code, said = run(
        capsys, "export_entries", "--council", "NFD", "--format", "csv", "--output", str(file), "--as", email_of("asha")
    )
    assert (code, said["rows"], said["pence"]) == (0, 1, 1_000_00)
    about = json.loads((tmp_path / "out.csv.about.json").read_text())
    assert (about["rows"], about["sum in pounds"], about["filters"]) == (1, "1000.00", {"council": "NFD"})
    code, said = run(capsys, "import_entries", str(file), "--council", "NFD", "--as", email_of("asha"))
    assert (code, said["same"]) == (0, 1)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--as": "nobody@example.org"}, "There is no account"),
        ({"--council": "ZZZ"}, "There is no council ZZZ"),
        ({"--as": email_of("cleo")}, "You cannot record for Northford"),
    ],
)
def test_who_may_not_is_told(tmp_path, changed, words):
    file = tmp_path / "in.csv"
    file.write_bytes(as_csv(row()))
    options = {"--council": "NFD", "--as": email_of("asha")} | changed
    with pytest.raises(CommandError, match=words):
        call_command("import_entries", str(file), *(word for pair in options.items() for word in pair))
