"""Signed statements of how far every stream had come. What they are over stands in docs/ledger.md.

A checkpoint proves something only to whoever keeps a copy elsewhere: it is made to be sent, printed and downloaded.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection, transaction

from .acts import act
from .merkle import merkle_root
from .models import Checkpoint, Person
from .offline import Fault, head_leaf, key_fault, microseconds, read, signed_bytes, written
from .signing import fingerprint, public_bytes, signed_by, signing_key

NOTHING = "0" * 64  # the hash before the first event
ONE_AT_A_TIME = 0xC_4EC  # advisory lock
HEADS = """
SELECT s.key, coalesce(head.sequence, 0), coalesce(encode(head.hash, 'hex'), repeat('0', 64))
FROM councils_stream s
LEFT JOIN LATERAL (
    SELECT e.sequence, e.hash FROM councils_event e WHERE e.stream_id = s.id ORDER BY e.sequence DESC LIMIT 1
) head ON true
ORDER BY s.key COLLATE "C"
"""


class Head(NamedTuple):
    """How far one stream had come: its key, its newest event's number (0: none yet) and hash in hexadecimal."""

    key: str
    sequence: int
    hash: str


def heads() -> list[Head]:
    """Of every stream, in key order, in one statement and so of one moment. Call as a role that sees everything."""
    with connection.cursor() as cursor:
        cursor.execute(HEADS)
        return [Head(*row) for row in cursor.fetchall()]


def root_of(heads: Iterable[Head]) -> str:
    return merkle_root(b"".join(head_leaf(*head) for head in heads)).hex()


def make(*, by: Person, at: datetime.datetime, why: str) -> Checkpoint:
    """Sign the heads as they stand and keep the checkpoint; as the worker, who has the key. Raises `signing.NoKey`."""
    key = signing_key()
    with transaction.atomic():
        alone()
        found = heads()
        public = public_bytes(key)
        stated: dict[str, Any] = {
            "moment": written_moment(at), "heads": found, "root": root_of(found), "public_key": public.hex()
        }  # fmt: skip
        with act(by=by, at=at, verb="made a checkpoint", subject=f"checkpoint:{stated['root']}", register=True) as this:
            return Checkpoint.objects.create(
                act=this,
                why=why,
                moment=at,
                heads="".join(f"{head.key} {head.sequence} {head.hash}\n" for head in found),
                root=stated["root"],
                key=fingerprint(public),
                public_key=public.hex(),
                signature=key.sign(signed_bytes(stated)).hex(),
            )


def alone() -> None:
    """Wait until nobody else is making checkpoints; holds until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def last(*, by: datetime.datetime | None = None) -> Checkpoint | None:
    """The newest checkpoint, or the newest of those made by a moment."""
    found = Checkpoint.objects.order_by("-pk")
    return (found.filter(moment__lte=by) if by else found).first()


def written_moment(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def heads_of(checkpoint: Checkpoint) -> list[Head]:
    lines = (line.rsplit(" ", 2) for line in checkpoint.heads.splitlines())
    return [Head(key, int(sequence), digest) for key, sequence, digest in lines]


def stated(checkpoint: Checkpoint) -> dict[str, Any]:
    """A checkpoint as people keep it."""
    return {
        "version": 1,
        "key": checkpoint.key,
        "public_key": checkpoint.public_key,
        "moment": written_moment(checkpoint.moment),
        "heads": [head._asdict() for head in heads_of(checkpoint)],
        "root": checkpoint.root,
        "signature": checkpoint.signature,
    }


def as_text(checkpoint: Checkpoint) -> str:
    """The file people keep, to the byte."""
    return written(stated(checkpoint))


def parsed(text: str) -> dict[str, Any]:
    """A checkpoint somebody kept, with its heads as `Head`s. Raises `Fault` saying what is no part of one."""
    found = read(text)
    wanted = {"version", "key", "public_key", "moment", "heads", "root", "signature"}
    if not isinstance(found, dict) or set(found) != wanted or found["version"] != 1:
        raise Fault(f"a checkpoint has exactly these fields: {', '.join(sorted(wanted))}")
    for name, digits in (("key", 64), ("public_key", 64), ("root", 64), ("signature", 128)):
        if not isinstance(found[name], str) or not re.fullmatch(f"[0-9a-f]{{{digits}}}", found[name]):
            raise Fault(f"its {name} is not {digits} hexadecimal digits")
    microseconds(str(found["moment"]))
    if not isinstance(found["heads"], list) or not all(_is_head(head) for head in found["heads"]):
        raise Fault("its heads are not streams with a key, a sequence and a hash")
    keys = [head["key"] for head in found["heads"]]
    if keys != sorted(set(keys), key=lambda key: key.encode()):
        raise Fault("its heads are not in the order of their keys, each once")
    return found | {"heads": [Head(**head) for head in found["heads"]]}


def _is_head(head: Any) -> bool:
    return (
        isinstance(head, dict)
        and set(head) == {"key", "sequence", "hash"}
        and isinstance(head["key"], str)
        and type(head["sequence"]) is int
        and head["sequence"] >= 0
        and isinstance(head["hash"], str)
        and bool(re.fullmatch("[0-9a-f]{64}", head["hash"]))
    )


def own_faults(found: dict[str, Any], *, pinned: str = "") -> Iterator[str]:
    """What is wrong with a checkpoint by itself, whatever the ledger says; `pinned` is the key it should name."""
    if pinned and (fault := key_fault(found, pinned)):
        yield fault
    public = bytes.fromhex(found["public_key"])
    if fingerprint(public) != found["key"]:
        yield "the checkpoint’s key is not the SHA-256 of its public key"
    if root_of(found["heads"]) != found["root"]:
        yield "the checkpoint’s root does not follow from its heads"
    if not signed_by(public, bytes.fromhex(found["signature"]), signed_bytes(found)):
        yield "the checkpoint’s signature does not hold: it was changed after it was signed"


def known_keys() -> set[str]:
    """Fingerprints of this installation's key and of every key that signed a checkpoint it keeps."""
    return {fingerprint(public_bytes(signing_key())), *Checkpoint.objects.values_list("key", flat=True).distinct()}
