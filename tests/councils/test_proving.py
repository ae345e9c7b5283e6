"""One row is proven by itself: what the proof shows, what it does not show, and that nothing in it can be changed."""

import json
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from councils import checkpoints, offline, proving
from councils.merkle import merkle_path, merkle_root
from councils.models import Checkpoint, Person
from savings.models import Entry
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, an_entry
from tests.tampering import unguarded

SECRET = "nobody else's business"


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key"


def a_checkpoint():
    with as_role("worker"):
        return checkpoints.make(by=Person.objects.get(system=True), at=NOW, why="asked")


@pytest.fixture
def entry(cast):
    """One among others, with rows of other tables in its own act and later acts after it on its stream."""
    an_entry(cast, month=1, note=SECRET)
    found = an_entry(cast, month=2, amount_pence=4_321_00, files=[a_file(title=SECRET), a_file(title=SECRET + "!")])
    an_entry(cast, month=3, note=SECRET)
    a_checkpoint()
    an_entry(cast, month=4, note=SECRET)
    a_checkpoint()
    return found


def proof_of(entry, **how):
    with as_role("worker"):
        return proving.prove("savings_entry", entry.public_id, **how)


def faults(proof, **how):
    return list(offline.proof_faults(json.loads(json.dumps(proof)), **how))


def test_a_row_is_proven_and_only_that_row_is_shown(entry):
    proof = proof_of(entry)
    assert faults(proof, row=f"savings_entry:{entry.public_id}") == []
    assert proof["row"]["columns"]["amount_pence"] == "432100"
    assert proof["leaf"]["size"] > 1
    text = offline.written(proof)
    assert SECRET not in text


def test_it_goes_to_the_earliest_checkpoint_that_covers_it_or_to_the_one_given(entry, cast):
    with as_role("worker"):
        first, second = Checkpoint.objects.order_by("pk")
    proof = proof_of(entry)
    assert (proof["checkpoint"]["root"], len(proof["event"]["later"])) == (first.root, 1)
    kept = checkpoints.parsed(checkpoints.as_text(second))
    later = proof_of(entry, kept=kept)
    assert (later["checkpoint"]["root"], len(later["event"]["later"])) == (second.root, 2)
    assert faults(later) == []


def test_a_row_that_no_checkpoint_covers_is_not_proven(entry, cast):
    latest = an_entry(cast, month=5)
    with pytest.raises(proving.NotProven, match="No checkpoint covers"):
        proof_of(latest)
    with as_role("worker"):
        kept = checkpoints.parsed(checkpoints.as_text(Checkpoint.objects.order_by("-pk").first()))
    with pytest.raises(proving.NotProven, match="written after that checkpoint"):
        proof_of(latest, kept=kept)


def test_every_kind_of_row_has_its_proof(entry, cast):
    """Roles and partnerships on the register, documents, supports and states of the same act."""
    from councils.verification import sealed_models

    shown = 0
    for model in sealed_models():
        with as_role("worker"):
            row = model.objects.order_by("pk").first()
            proof = proving.prove(model._meta.db_table, row.public_id) if row and not late(row) else None
        if proof:
            shown += 1
            assert faults(proof) == [], model
    assert shown > 10


def late(row):
    return row.act_id >= Checkpoint.objects.order_by("-pk").first().act_id


def test_any_byte_flipped_is_refused(entry):
    """Every byte of the file in turn: its lowest bit, and the bit between upper and lower case."""
    text = offline.written(proof_of(entry))
    assert read_faults(text) == []
    data = text.encode()
    survived = []
    for at in range(len(data) - 1):  # the last one is the end of the last line
        for bit in (0x01, 0x20):
            changed = data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
            try:
                found = read_faults(changed.decode())
            except UnicodeError:
                continue
            survived += [] if found else [(at, bit, data[max(0, at - 20) : at + 20])]
    assert survived == []


def read_faults(text):
    try:
        return list(offline.proof_faults(offline.read(text)))
    except offline.Fault as fault:
        return [str(fault)]


def test_a_proof_of_another_row_is_refused(entry, cast):
    with as_role("worker"):
        other = Entry.objects.get(month=1)
    proof = proof_of(other)
    assert "not of savings_entry" in faults(proof, row=f"savings_entry:{entry.public_id}")[0]
    mixed = proof_of(entry) | {"row": proof["row"]}
    assert faults(mixed) == ["the row is not one of those that the event sealed"]
    mixed = proof_of(entry) | {"event": proof["event"]}
    assert "the row is not one of those that the event sealed" in faults(mixed)


def test_a_value_cannot_be_shown_under_another_columns_name(entry):
    """The names are sealed: `year` renamed to something that sorts in the same place is refused."""
    proof = proof_of(entry)
    columns = {("yearly_pence" if name == "year" else name): value for name, value in proof["row"]["columns"].items()}
    proof["row"]["columns"] = columns
    assert faults(proof) == ["the row is not one of those that the event sealed"]


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(comment="and this too"),
        lambda p: p["row"].pop("salt"),
        lambda p: p["checkpoint"].update(moment="2026-06-15T09:00:00Z"),
        lambda p: p["checkpoint"].update(streams=True),
        lambda p: p["leaf"].update(index=-1),
        lambda p: p["leaf"].update(path=p["leaf"]["path"][:-1]),
        lambda p: p["leaf"].update(path=p["leaf"]["path"] + ["0" * 64]),
        lambda p: p["event"]["later"].append("0" * 64),
        lambda p: p["event"].update(body="event/1"),
        lambda p: p["event"].update(body="9999999999:x,"),
        lambda p: p["row"]["columns"].update(note=1),
        lambda p: p.update(row=[]),
    ],
)
def test_what_has_another_shape_is_refused_in_words(entry, change):
    proof = proof_of(entry)
    change(proof)
    found = faults(proof)
    assert found
    assert all(len(sentence) > 10 for sentence in found)


def test_a_row_changed_since_is_not_proven(entry):
    with unguarded() as cursor:
        cursor.execute("UPDATE savings_entry SET amount_pence = 1 WHERE id = %s", [entry.pk])
    with pytest.raises(proving.NotProven, match="was changed after it was sealed"):
        proof_of(entry)


def test_the_command_prints_it_and_plain_python_checks_it(entry, tmp_path, capsys):
    """With no package, no network and nothing of the product but the one file, as an auditor would run it."""
    with as_role("worker"):
        call_command("verify_ledger", "--prove", str(entry.public_id))
        proof = tmp_path / "proof.json"
        proof.write_text(capsys.readouterr().out)
        checkpoint = tmp_path / "checkpoint.json"
        checkpoint.write_text(checkpoints.as_text(Checkpoint.objects.order_by("pk").first()))
    key = json.loads(checkpoint.read_text())["key"]
    program = tmp_path / "offline.py"
    program.write_bytes(Path(offline.__file__).read_bytes())

    def checked(*words):
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(program), str(proof), *words], capture_output=True, text=True, env={}
        )
        return done.returncode, done.stdout + done.stderr

    assert checked()[0] == 2
    assert checked("--key", key)[0] == 0
    assert checked("--checkpoint", str(checkpoint), "--row", f"savings_entry:{entry.public_id}")[0] == 0
    assert checked("--key", "0" * 64)[0] == 1
    assert checked("--row", f"savings_entry:{uuid.uuid4()}", "--key", key)[0] == 1
    checkpoint.write_text(offline.written(json.loads(checkpoint.read_text()) | {"root": "0" * 64}))
    assert checked("--checkpoint", str(checkpoint))[0] == 1


@pytest.mark.parametrize("wanted", ["savings_entry:x", "councils_act:{0}", "savings_entry:{0}", "x y:{0}"])
def test_what_cannot_be_proven_is_said(cast, wanted):
    with as_role("worker"), pytest.raises(CommandError):
        call_command("verify_ledger", "--prove", wanted.format(uuid.uuid4()))


@pytest.mark.parametrize("size", [*range(1, 20), 64, 65, 100])
def test_paths_lead_to_the_root_for_trees_of_every_shape(size):
    leaves = b"".join(offline.head_leaf("x", number, "") for number in range(size))
    for index in range(size):
        leaf, path = leaves[32 * index : 32 * index + 32], merkle_path(leaves, index)
        assert offline.climb(leaf, index, size, path) == merkle_root(leaves)
        wrong = offline.climb(leaves[:32], index, size, path) if index else b""
        assert wrong != merkle_root(leaves)
