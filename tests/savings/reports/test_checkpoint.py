"""A report prints the last checkpoint that was made before it, and stays the same when a later one is made."""

import pytest

from councils import checkpoints
from councils.models import Person
from savings.reports import snapshot
from tests.cast import NOW
from tests.database import as_role
from tests.factories import an_entry

from .made import content_of, files_of, words_of


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key"


def a_checkpoint(at=NOW):
    with as_role("worker"):
        return checkpoints.make(by=Person.objects.get(system=True), at=at, why="daily")


def test_it_is_printed_whole_and_at_the_foot_of_each_page(cast):
    an_entry(cast)
    made = a_checkpoint()
    words = words_of(files_of(content_of(cast))["pdf"])
    assert made.root in words
    assert made.key in words
    assert f"Checkpoint: 15 June 2026 at 10:00, root {made.root[:16]}" in words


def test_the_same_snapshot_gives_the_same_bytes_with_it(cast):
    an_entry(cast)
    a_checkpoint()
    content = content_of(cast)
    first = files_of(content)
    a_checkpoint()
    assert files_of(content) == first


def test_without_one_it_says_so(cast):
    an_entry(cast)
    assert "No checkpoint had been made" in words_of(files_of(content_of(cast))["pdf"])


def test_the_one_used_is_part_of_the_snapshot(committed_cast):
    an_entry(committed_cast)
    made = a_checkpoint()
    with as_role("worker"), snapshot.settled_snapshot(committed_cast.partnership) as taken:
        assert taken.checkpoint.root == made.root
