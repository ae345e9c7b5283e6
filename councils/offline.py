"""Checks a proof of one row, or a checkpoint, with Python's standard library and nothing else: no database, no network.

    python3 offline.py PROOF.json [--key FINGERPRINT] [--checkpoint FILE] [--row TABLE:PUBLIC_ID]

Exit 0: the row is in the ledger that the named key signed for. Exit 1: it is not, and the sentences say why. Exit 2:
all of it fits together, but nothing kept elsewhere says whose key signed it. docs/ledger.md specifies every byte.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NoReturn

FIELDS = {
    "": {"version", "row", "leaf", "event", "head", "checkpoint"},
    "row": {"table", "version", "salt", "columns"},
    "leaf": {"index", "size", "path"},
    "event": {"body", "previous", "later"},
    "head": {"index", "path"},
    "checkpoint": {"version", "key", "public_key", "moment", "streams", "root", "signature"},
}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017  also runs where datetime.UTC is not known yet


class Fault(Exception):
    """What does not hold, in one sentence."""


# --- bytes ----------------------------------------------------------------------------------------------------------


def netstring(text: str | None) -> bytes:
    if text is None:
        return b"-,"
    encoded = text.encode("utf-8")
    return b"%d:%s," % (len(encoded), encoded)


def netstrings(data: bytes) -> list[str | None]:
    """The texts of netstrings written one after another; raises `Fault`."""
    found: list[str | None] = []
    at = 0
    while at < len(data):
        if data.startswith(b"-,", at):
            found.append(None)
            at += 2
            continue
        length, colon, _ = data[at:].partition(b":")
        end = at + len(length) + 1 + (int(length) if re.fullmatch(rb"0|[1-9]\d{0,8}", length) else -1)
        if not colon or end < at + len(length) + 1 or data[end : end + 1] != b",":
            raise Fault("the event's body is not written as netstrings")
        found.append(data[at + len(length) + 1 : end].decode("utf-8"))
        at = end + 1
    return found


def row_leaf(row: dict[str, Any]) -> bytes:
    names = sorted(row["columns"])
    heading = f"{row['table']}/{row['version']} {' '.join(names)}"
    values = b"".join(netstring(row["columns"][name]) for name in names)
    return hashlib.sha256(b"\x00" + bytes.fromhex(row["salt"].replace("-", "")) + netstring(heading) + values).digest()


def head_leaf(key: str, sequence: int, digest: str) -> bytes:
    """`digest` is the hash of the stream's newest event in hexadecimal; 64 zeros with sequence 0."""
    return hashlib.sha256(b"\x00" + b"".join(map(netstring, ("head/1", key, str(sequence), digest)))).digest()


def event_hash(previous: bytes, body_digest: bytes) -> bytes:
    return hashlib.sha256(previous + body_digest).digest()


def climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that `path` leads to from leaf `index` of `size` (RFC 9162, 2.1.3.2); raises `Fault`."""
    if not 0 <= index < size:
        raise Fault(f"there is no leaf {index} in a tree of {size}")
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Fault("a path is longer than its tree is high")
        if at % 2 or at == last:
            found = hashlib.sha256(b"\x01" + sibling + found).digest()
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            found = hashlib.sha256(b"\x01" + found + sibling).digest()
        at, last = at // 2, last // 2
    if last:
        raise Fault("a path is shorter than its tree is high")
    return found


def microseconds(moment: str) -> int:
    """Since 1970, of a moment written as 2026-06-15T09:00:00.000000Z; raises `Fault`."""
    try:
        read = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)  # noqa: UP017
    except ValueError:
        read = EPOCH
    if read.strftime("%Y-%m-%dT%H:%M:%S.%fZ") != moment:
        raise Fault(f"{moment!r} is not a moment written as 2026-06-15T09:00:00.000000Z")
    return (read - EPOCH) // timedelta(microseconds=1)


def signed_bytes(checkpoint: dict[str, Any]) -> bytes:
    """What the signature of a checkpoint is over."""
    count = checkpoint["streams"] if "streams" in checkpoint else len(checkpoint["heads"])
    parts = ("checkpoint/1", str(microseconds(checkpoint["moment"])), str(count), checkpoint["root"])
    return b"".join(map(netstring, (*parts, checkpoint["public_key"])))


# --- Ed25519 (RFC 8032), verification only --------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def _add(p: tuple[int, ...], q: tuple[int, ...]) -> tuple[int, ...]:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(s: int, p: tuple[int, ...]) -> tuple[int, ...]:
    q: tuple[int, ...] = (0, 1, 1, 0)
    while s:
        if s & 1:
            q = _add(q, p)
        p, s = _add(p, p), s >> 1
    return q


def _point(data: bytes) -> tuple[int, ...] | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x % 2 != sign else x
    return (x, y, 1, x * y % P)


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    key, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or r is None or BASE is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = _times(s, BASE), _add(r, _times(k, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


# --- the questions --------------------------------------------------------------------------------------------------


def proof_faults(proof: dict[str, Any], *, row: str = "") -> Iterator[str]:
    """One sentence for each thing in `proof` that does not hold; `row` is TABLE:PUBLIC_ID when one is expected."""
    try:
        _shaped(proof)
        columns, event, checkpoint = proof["row"]["columns"], proof["event"], proof["checkpoint"]
        if row and row != f"{proof['row']['table']}:{columns.get('public_id')}":
            yield f"it is a proof of {proof['row']['table']}:{columns.get('public_id')}, not of {row}"
        body = netstrings(event["body"].encode("utf-8"))
        if len(body) != 13 or body[0] != "event/1":
            raise Fault("the event's body is not that of an event")
        root = climb(row_leaf(proof["row"]), proof["leaf"]["index"], proof["leaf"]["size"], _raw(proof["leaf"]["path"]))
        if (root.hex(), str(proof["leaf"]["size"])) != (body[12], body[11]):
            yield "the row is not one of those that the event sealed"
        at = event_hash(bytes.fromhex(event["previous"]), hashlib.sha256(event["body"].encode("utf-8")).digest())
        for later in _raw(event["later"]):
            at = event_hash(at, later)
        leaf = head_leaf(str(body[1]), int(str(body[2])) + len(event["later"]), at.hex())
        reached = climb(leaf, proof["head"]["index"], checkpoint["streams"], _raw(proof["head"]["path"]))
        if reached.hex() != checkpoint["root"]:
            yield "the event does not lead to the root of the checkpoint"
        yield from signature_faults(checkpoint)
    except (Fault, ValueError) as fault:
        yield str(fault)


def signature_faults(checkpoint: dict[str, Any]) -> Iterator[str]:
    """Whether the key inside a checkpoint is the one it names, and signed what it states. Raises `Fault`."""
    public = bytes.fromhex(checkpoint["public_key"])
    if hashlib.sha256(public).hexdigest() != checkpoint["key"]:
        yield "the checkpoint’s key is not the SHA-256 of its public key"
    if not signature_holds(public, bytes.fromhex(checkpoint["signature"]), signed_bytes(checkpoint)):
        yield "the checkpoint’s signature does not hold"


def key_fault(checkpoint: dict[str, Any], key: str) -> str:
    """Empty when `checkpoint` names the key with the fingerprint `key`."""
    if checkpoint["key"] == key.strip().lower().replace(":", ""):
        return ""
    return f"the checkpoint is signed with the key {checkpoint['key']}, not with the key you named"


def _shaped(proof: Any) -> None:
    """Exactly the fields there should be, each of its kind: what is not checked must not be carried along."""
    for name, fields in FIELDS.items():
        part = proof.get(name) if name and isinstance(proof, dict) else proof
        if not isinstance(part, dict) or set(part) != fields:
            raise Fault(f"{name or 'a proof'} has exactly these fields: {', '.join(sorted(fields))}")
    row, leaf, event, checkpoint = proof["row"], proof["leaf"], proof["event"], proof["checkpoint"]
    numbers = (proof["version"], row["version"], checkpoint["version"], leaf["index"], leaf["size"])
    if any(type(n) is not int for n in (*numbers, proof["head"]["index"], checkpoint["streams"])):
        raise Fault("a number in the proof is not a whole number")
    if (proof["version"], checkpoint["version"]) != (1, 1):
        raise Fault("the proof is of a version that this program does not know")
    columns = row["columns"]
    if not isinstance(columns, dict) or not all(v is None or isinstance(v, str) for v in columns.values()):
        raise Fault("the row's columns are not texts by name")
    if not all(re.fullmatch(r"\w+", name) for name in (row["table"], *columns)):
        raise Fault("the name of the table or of a column is not a name")
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(row["salt"])):
        raise Fault("the salt is not a UUID")
    digests = [event["previous"], checkpoint["key"], checkpoint["public_key"], checkpoint["root"]]
    for path in (leaf["path"], event["later"], proof["head"]["path"]):
        digests += path if isinstance(path, list) else [path]
    if not all(isinstance(each, str) and re.fullmatch("[0-9a-f]{64}", each) for each in digests):
        raise Fault("a digest in the proof is not 64 hexadecimal digits")
    if not re.fullmatch("[0-9a-f]{128}", str(checkpoint["signature"])):
        raise Fault("the signature is not 128 hexadecimal digits")
    if not isinstance(event["body"], str) or not isinstance(checkpoint["moment"], str):
        raise Fault("the event's body or the checkpoint's moment is not a text")


def _raw(digests: list[str]) -> list[bytes]:
    return [bytes.fromhex(digest) for digest in digests]


def written(found: Any) -> str:
    """The one way in which proofs and checkpoints are written."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def read(text: str) -> Any:
    """What `text` says; raises `Fault` when it is not written as `written` does, to the byte."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise Fault("a name is given twice")
        return dict(pairs)

    def no_number(_text: str) -> NoReturn:
        raise Fault("a number is not a whole number")

    try:
        found = json.loads(text, object_pairs_hook=once, parse_float=no_number, parse_constant=no_number)
    except (ValueError, RecursionError):
        raise Fault("it is not JSON") from None
    if written(found).rstrip() != text.replace("\r\n", "\n").rstrip("\n"):
        raise Fault("it is not written as a proof or a checkpoint is: something was added or changed")
    return found


def main(words: list[str]) -> int:
    ask = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    ask.add_argument("proof", type=Path)
    ask.add_argument("--key", help="fingerprint that you know from elsewhere")
    ask.add_argument("--checkpoint", type=Path, help="a checkpoint that you kept; its root has to be the proof's")
    ask.add_argument("--row", default="", help="TABLE:PUBLIC_ID that you expect")
    said = ask.parse_args(words)
    try:
        proof = read(said.proof.read_text("utf-8"))
        problems = list(proof_faults(proof, row=said.row))
        if not problems and said.key:
            problems += filter(None, [key_fault(proof["checkpoint"], said.key)])
        if not problems and said.checkpoint:
            kept = read(said.checkpoint.read_text("utf-8"))
            if (kept.get("root"), kept.get("key")) != (proof["checkpoint"]["root"], proof["checkpoint"]["key"]):
                problems.append("the proof leads to another checkpoint than the one you kept")
    except (OSError, UnicodeError, Fault, AttributeError) as fault:
        problems = [str(fault)]
    anchored = bool(said.key or said.checkpoint)
    for problem in problems:
        print(f"Does not hold: {problem}.")  # noqa: T201
    if not problems:
        row, checkpoint = proof["row"], proof["checkpoint"]
        print(f"{row['table']}:{row['columns'].get('public_id')} was in the ledger at {checkpoint['moment']}.")  # noqa: T201
        print(f"Signed with the key {checkpoint['key']}{'' if anchored else ', which nothing you gave vouches for'}.")  # noqa: T201
    return 1 if problems else 0 if anchored else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
