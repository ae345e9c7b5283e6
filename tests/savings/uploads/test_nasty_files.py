"""Nasty files: each ends as it must, none takes long or much room, and none reaches the ledger (SECURITY section 6)."""

import time

import pytest

from councils.refusals import Refused
from savings.models import Entry
from savings.uploads import apart
from tests.factories import acting

from .nasty import FILES
from .sending import codes, outcomes, send

PARTS = 4  # so that several processes share them
LONGEST, LARGEST = 10, 512 * 1024  # seconds, and kilobytes of the process that reads


def came_of(cast, content):
    """The code of refusal, or what came of the rows."""
    try:
        sent = send(cast, content)
    except Refused:
        return "empty"
    if sent.refusal:
        return sent.refusal.code
    return {"outcomes": outcomes(sent), "codes": sorted({code for _, _, code in codes(sent)})}


def test_there_are_enough_of_them():
    assert len(FILES) >= 60


@pytest.mark.parametrize("part", range(PARTS))
def test_each_ends_as_it_must(cast, part, caplog):
    caplog.set_level("INFO", logger="savings.uploads.apart")
    wrong = {}
    for name in sorted(FILES)[part::PARTS]:
        content, expected = FILES[name]
        began = time.monotonic()
        found = came_of(cast, content)
        if time.monotonic() - began > LONGEST:
            wrong[name] = "too long"
        elif found != expected:
            wrong[name] = found
    assert wrong == {}
    took = [record.facts["kilobytes"] for record in caplog.records if record.message == "a file was read"]
    assert 0 < max(took) < LARGEST
    with acting(cast.people["asha"]):
        assert not Entry.objects.exists()


@pytest.mark.parametrize("how", [{"SECONDS": 0}, {"MEMORY": 64 * 1024**2}])
def test_a_reader_that_takes_too_much_is_ended(cast, monkeypatch, how):
    """The control: without room or time even a good file is refused, and the server goes on."""
    for name, value in how.items():
        monkeypatch.setattr(apart, name, value)
    assert came_of(cast, FILES["reordered"][0]) == "too_much"
