"""Checkpoints: what they state, what is found with one, and what only somebody who kept one can find."""

import hashlib
import json
import math

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from councils import checkpoints, signing
from councils.checkpoints import Head
from councils.models import Checkpoint, Person
from councils.offline import Fault, signed_bytes
from councils.verification import verify
from tests.cast import NOW
from tests.database import as_role
from tests.factories import an_entry
from tests.tampering import forget_acts, seal_anew, unguarded


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key"
    return settings.SIGNING_KEY_FILE


def a_checkpoint(why="asked"):
    with as_role("worker"):
        return checkpoints.make(by=Person.objects.get(system=True), at=NOW, why=why)


@pytest.fixture
def kept(cast, tmp_path):
    """A file somebody kept, of a ledger with three entries of Northford's and something more since."""
    for month in (1, 2, 3):
        an_entry(cast, month=month)
    place = tmp_path / "kept.json"
    place.write_text(checkpoints.as_text(a_checkpoint()))
    an_entry(cast, month=4)
    return place


def verified(capsys, *words):
    """(exit status, what was printed) of `verify_ledger`."""
    with as_role("worker"):
        try:
            call_command("verify_ledger", *map(str, words))
            status = 0
        except SystemExit as leaving:
            status = leaving.code
    return status, capsys.readouterr().out


def test_it_states_every_stream_in_key_order_and_is_sealed(cast):
    an_entry(cast)
    made = a_checkpoint()
    heads = checkpoints.heads_of(made)
    assert [head.key for head in heads] == ["access", "council:NFD", "council:STM", "council:WSV", "register"]
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.key, max(e.sequence) FROM councils_event e JOIN councils_stream s ON s.id = e.stream_id
               WHERE e.act_id < %s GROUP BY s.key""",
            [made.act_id],
        )
        assert {head.key: head.sequence for head in heads if head.sequence} == dict(cursor.fetchall())
        assert verify().problems == []
    assert heads[0] == Head("access", 0, "0" * 64)


def test_its_root_and_signature_follow_from_the_specification_alone(cast, key):
    """Written out by hand from docs/ledger.md, with nothing of the product's."""
    made = json.loads(checkpoints.as_text(a_checkpoint()))

    def net(text):
        return f"{len(text.encode())}:{text},".encode()

    def tree(leaves):
        if len(leaves) == 1:
            return leaves[0]
        left = 2 ** math.ceil(math.log2(len(leaves)) - 1)  # RFC 6962: the largest power of two below
        return hashlib.sha256(b"\1" + tree(leaves[:left]) + tree(leaves[left:])).digest()

    leaves = [
        hashlib.sha256(b"\0" + net("head/1") + net(h["key"]) + net(str(h["sequence"])) + net(h["hash"])).digest()
        for h in made["heads"]
    ]
    assert tree(leaves).hex() == made["root"]
    message = net("checkpoint/1") + net("1781514000000000") + net(str(len(leaves))) + net(made["root"])
    message += net(made["public_key"])
    assert made["moment"] == "2026-06-15T09:00:00.000000Z"
    assert signing.signed_by(bytes.fromhex(made["public_key"]), bytes.fromhex(made["signature"]), message)
    assert made["key"] == hashlib.sha256(bytes.fromhex(made["public_key"])).hexdigest()


@pytest.mark.parametrize("role", ["app", "readonly"])
def test_only_the_worker_makes_one(cast, role):
    columns = "act_id, why, moment, heads, root, key, public_key, signature"
    with as_role(role), pytest.raises(Exception, match=r"permission denied|read-only"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO councils_checkpoint ({columns}) VALUES (1, 'asked', now(), '', '', '', '', '')"
            )


def test_a_ledger_that_merely_grew_passes(kept, capsys):
    status, said = verified(capsys, "--checkpoint", kept)
    assert (status, "still there and unchanged" in said) == (0, True), said


def key_of(kept):
    return json.loads(kept.read_text())["key"]


def test_a_shortened_stream_is_named(kept, capsys):
    """The last acts are taken out with everything that told of them, so that the ledger by itself is whole."""
    with unguarded() as cursor:
        forget_acts(cursor, "id >= (SELECT act_id FROM savings_entry WHERE month = 3)")
    status, said = verified(capsys)
    assert status == 0, said  # the control: without the kept file nothing is seen
    status, said = verified(capsys, "--checkpoint", kept, "--key", key_of(kept))
    assert status == 1
    assert "stream council:NFD: was shortened to" in said


def test_a_history_rewritten_whole_is_named(kept, capsys):
    """An amount is changed and every hash made anew by the product's own code; the ledger's own checkpoint goes."""
    with unguarded() as cursor:
        forget_acts(cursor, "verb = 'made a checkpoint'")
        cursor.execute("UPDATE savings_entry SET amount_pence = amount_pence + 1 WHERE month = 2")
        seal_anew(cursor)
    status, said = verified(capsys)
    assert status == 0, said  # the control
    status, said = verified(capsys, "--checkpoint", kept, "--key", key_of(kept))
    assert status == 1
    assert "stream council:NFD event" in said
    assert "history was rewritten" in said
    assert "root over the present events" in said


def test_left_where_it_was_the_ledgers_own_checkpoint_tells_too(kept, capsys):
    with unguarded() as cursor:
        cursor.execute("UPDATE savings_entry SET amount_pence = amount_pence + 1 WHERE month = 2")
        seal_anew(cursor)
    status, said = verified(capsys)
    assert (status, "history was rewritten" in said) == (1, True)


def test_a_stream_that_is_gone_is_named(kept, capsys):
    found = json.loads(kept.read_text())
    found["heads"].append({"key": "register2", "sequence": 3, "hash": "a" * 64})
    kept.write_text(resigned(found))
    status, said = verified(capsys, "--checkpoint", kept)
    assert status == 1
    assert "stream register2: is missing; the checkpoint saw 3 events on it" in said


@pytest.mark.parametrize("name", ["key", "public_key", "moment", "root", "signature"])
def test_a_changed_checkpoint_is_named(kept, capsys, name):
    found = json.loads(kept.read_text())
    old = found[name]
    found[name] = old.replace("2026", "2025") if name == "moment" else ("1" if old[0] == "0" else "0") + old[1:]
    kept.write_text(json.dumps(found, indent=1))
    status, said = verified(capsys, "--checkpoint", kept)
    assert status == 1
    assert "checkpoint: " in said


def test_a_head_changed_in_the_file_is_named(kept, capsys):
    found = json.loads(kept.read_text())
    found["heads"][1]["sequence"] -= 1
    kept.write_text(json.dumps(found, indent=1))
    status, said = verified(capsys, "--checkpoint", kept)
    assert (status, "root does not follow from its heads" in said) == (1, True)


def test_somebody_elses_key_is_named(kept, capsys, settings, tmp_path):
    """The same heads, properly signed, by a key this ledger never had; and a key the reader did not expect."""
    settings.SIGNING_KEY_FILE = tmp_path / "another"
    forged = tmp_path / "forged.json"
    forged.write_text(resigned(json.loads(kept.read_text())))
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key"
    status, said = verified(capsys, "--checkpoint", forged)
    assert (status, "which this ledger has never signed with" in said) == (1, True)
    status, said = verified(capsys, "--checkpoint", forged, "--key", key_of(kept))
    assert (status, "not with the key you named" in said) == (1, True)


def test_an_earlier_key_of_this_ledger_still_holds(kept, capsys, settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "new key"
    a_checkpoint()
    status, said = verified(capsys, "--checkpoint", kept)
    assert status == 0, said


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"version": 1}', "\x00", '{"a":1,"a":1}', "[" * 10_000])
def test_what_is_no_checkpoint_is_said_to_be_none(kept, capsys, text):
    kept.write_text(text)
    status, said = verified(capsys, "--checkpoint", kept)
    assert (status, "is not a checkpoint" in said) == (1, True)


def test_a_key_without_a_checkpoint_is_refused(cast):
    with as_role("worker"), pytest.raises(CommandError, match="give --checkpoint"):
        call_command("verify_ledger", "--key", "ab")


def test_a_checkpoint_the_ledger_keeps_is_verified_with_it(kept):
    """Changed where it is kept: by its seal, by its signature; and a newest one that no longer fits is named too."""
    with unguarded() as cursor:
        cursor.execute("UPDATE councils_checkpoint SET heads = replace(heads, 'council:NFD ', 'council:NFD 1')")
    with as_role("worker"):
        said = "\n".join(verify().problems)
    assert "councils_checkpoint row" in said
    assert "root does not follow from its heads" in said


def test_the_command_prints_and_writes_the_same(cast, tmp_path, capsys):
    place = tmp_path / "out.json"
    with as_role("worker"):
        call_command("checkpoint", "--json", "--output", str(place))
        said = capsys.readouterr().out
        assert said == place.read_text() == checkpoints.as_text(Checkpoint.objects.get())
        call_command("checkpoint")
    public = json.loads(said)["public_key"]
    assert public in capsys.readouterr().out
    assert set(json.loads(said)) == {"version", "key", "public_key", "moment", "heads", "root", "signature"}


def test_a_checkpoint_reads_back_as_it_was_written(cast):
    made = a_checkpoint()
    text = checkpoints.as_text(made)
    assert checkpoints.parsed(text)["heads"] == checkpoints.heads_of(made)
    assert checkpoints.parsed(text.replace("\n", "\r\n"))["root"]  # through a mail client
    with pytest.raises(Fault):
        checkpoints.parsed(text.replace('"version": 1', '"version": 2'))


def resigned(found):
    """The checkpoint `found` with a root and a signature made by the present key."""
    key = signing.signing_key()
    public = signing.public_bytes(key)
    found["heads"] = [Head(**head) for head in found["heads"]]
    found |= {"root": checkpoints.root_of(found["heads"]), "public_key": public.hex()}
    found |= {"key": signing.fingerprint(public), "signature": key.sign(signed_bytes(found)).hex()}
    return json.dumps(found | {"heads": [head._asdict() for head in found["heads"]]}, indent=1)
