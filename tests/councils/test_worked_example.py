"""The worked example of docs/ledger.md, recomputed by hand, and then put to the verifier."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from councils import offline
from tests.test_repository import ROOT

SALT = "00112233-4455-6677-8899-aabbccddeeff"
COLUMNS = {"act_id": "7", "amount_pence": "-12345", "id": "41", "month": None, "note": "Café"}
OTHER_LEAF = hashlib.sha256(b"the other row's leaf").digest()
ACT = "6f1c1f2e-8f0b-4a57-9c55-0d3f5a1b2c3d"
PERSON = "0b9d7a54-3c1e-4f6a-8a0e-5e6f7a8b9c0d"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
LATER_BODY = hashlib.sha256(b"a later event's body").digest()


def net(text):
    return b"-," if text is None else b"%d:%s," % (len(text.encode()), text.encode())


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def numbers():
    """Every number of the example by its name, in order."""
    row = net("example/1 act_id amount_pence id month note") + b"".join(net(text) for text in COLUMNS.values())
    leaf = sha(b"\0", bytes.fromhex(SALT.replace("-", "")), row)
    root = sha(b"\1", leaf, OTHER_LEAF)
    texts = ("event/1", "council:NFD", "1", ACT, "1781514000000000", "1781514000250000", PERSON, "recorded", "entry:41",
             "", "abc-12345", "2", root.hex())  # fmt: skip
    body = b"".join(map(net, texts))
    first = sha(bytes(32), sha(body))
    head = sha(first, LATER_BODY)
    access = sha(b"\0", net("head/1"), net("access"), net("0"), net("0" * 64))
    council = sha(b"\0", net("head/1"), net("council:NFD"), net("2"), net(head.hex()))
    checkpoint = sha(b"\1", access, council)
    signed = b"".join(map(net, ("checkpoint/1", "1781517600000000", "2", checkpoint.hex(), PUBLIC.hex())))
    return {
        "row": row.decode(), "leaf": leaf.hex(), "other": OTHER_LEAF.hex(), "root": root.hex(), "body": body.decode(),
        "first": first.hex(), "later": LATER_BODY.hex(), "head": head.hex(), "access": access.hex(),
        "council": council.hex(), "checkpoint": checkpoint.hex(), "public": PUBLIC.hex(), "key": sha(PUBLIC).hex(),
        "signature": KEY.sign(signed).hex(),
    }  # fmt: skip


def test_every_number_in_the_page_is_recomputed():
    page = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
    assert [name for name, number in numbers().items() if number not in page] == []


def test_the_verifier_accepts_the_example():
    found = numbers()
    proof = {
        "version": 1,
        "row": {"table": "example", "version": 1, "salt": SALT, "columns": COLUMNS},
        "leaf": {"index": 0, "size": 2, "path": [found["other"]]},
        "event": {"body": found["body"], "previous": "0" * 64, "later": [found["later"]]},
        "head": {"index": 1, "path": [found["access"]]},
        "checkpoint": {
            "version": 1, "key": found["key"], "public_key": found["public"], "moment": "2026-06-15T10:00:00.000000Z",
            "streams": 2, "root": found["checkpoint"], "signature": found["signature"],
        },
    }  # fmt: skip
    assert list(offline.proof_faults(proof)) == []
    proof["row"]["columns"] = COLUMNS | {"amount_pence": "-12346"}
    assert list(offline.proof_faults(proof)) == ["the row is not one of those that the event sealed"]
