"""The published schema says what the product reads: what passes it is read, and what it refuses is refused."""

import re

import pytest

from savings.services.places import CHECKOUT
from savings.uploads.cells import choice
from savings.uploads.columns import Unreadable
from savings.uploads.entry_columns import COLUMNS, NAMES
from savings.uploads.open_schema import schema, written

FIELDS = {field["name"]: field for field in schema()["fields"]}
READ = {column.name: column.read for column in COLUMNS}


def test_what_is_published_is_what_is_meant():
    """To write it anew: `open_schema.written()` into the file."""
    assert (CHECKOUT / "docs" / "entries.tableschema.json").read_text(encoding="utf-8") == written()
    assert tuple(FIELDS) == NAMES


@pytest.mark.django_db
def test_everybody_may_read_it(client):
    assert client.get("/uploads/entries.tableschema.json").text == written()


@pytest.mark.parametrize("name", ["series", "kind", "class", "recurrence"])
def test_every_choice_it_names_is_read_and_no_other(name):
    allowed = FIELDS[name]["constraints"]["enum"]
    assert [READ[name](each) for each in allowed] == allowed
    with pytest.raises(Unreadable):
        READ[name]("something else")
    with pytest.raises(Unreadable):
        choice(name, {"one": "One"})("two")


def test_its_limits_are_those_of_the_readers():
    month = FIELDS["month"]["constraints"]
    assert [READ["month"](str(each)) for each in (month["minimum"], month["maximum"])] == [1, 12]
    for beyond in (month["minimum"] - 1, month["maximum"] + 1):
        with pytest.raises(Unreadable):
            READ["month"](str(beyond))
    for name in ("note", "ledger_code"):
        most = FIELDS[name]["constraints"]["maxLength"]
        assert READ[name]("x" * most) == "x" * most
        with pytest.raises(Unreadable):
            READ[name]("x" * (most + 1))
    assert re.fullmatch(FIELDS["financial_year"]["constraints"]["pattern"], "2024-25")
