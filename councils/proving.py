"""Proves that one row is in the ledger a checkpoint speaks for, and shows no other row. `offline.py` checks it.

The way leads from the row's leaf up the tree of its act to the event that sealed it, along that event's stream (32
bytes for each later act on it) to the head a checkpoint states, and up the tree of heads to the root that was signed.
The earliest checkpoint that covers the event is taken, so the stream's part is at most a day of one council's acts.
"""

import uuid
from typing import Any, NamedTuple

from django.db import connection, models

from .checkpoints import Head, heads_of, stated
from .merkle import merkle_path
from .models import Checkpoint
from .offline import head_leaf
from .sealing import VERSION, leaf_expression, sealed_columns, text_of
from .verification import BODY, sealed_models


class NotProven(Exception):
    """There is no proof; the message says why."""


class Sealing(NamedTuple):
    """One event of the row's act."""

    stream: str
    stream_id: int
    sequence: int
    previous: str
    body: str


def prove(table: str, public_id: uuid.UUID, *, kept: dict[str, Any] | None = None) -> dict[str, Any]:
    """The proof of one row of a sealed table, up to the checkpoint `kept` (as `checkpoints.parsed` gives it) or the
    earliest one that covers it. Call as a role that sees everything. Raises `NotProven`.
    """
    model = next((model for model in sealed_models() if model._meta.db_table == table), None)
    if model is None:
        raise NotProven(f"{table} is not a sealed table")
    pk, act, salt, values, leaf = _row(model, public_id)
    leaves, index = _leaves(table, pk, act)
    if leaves[32 * index : 32 * index + 32] != leaf:
        raise NotProven(f"{table} row {pk} was changed after it was sealed, so nothing proves it")
    checkpoint, heads, event = _covering(act, kept)
    place = next(place for place, head in enumerate(heads) if head.key == event.stream)
    return {
        "version": 1,
        "row": {"table": table, "version": VERSION, "salt": str(salt), "columns": values},
        "leaf": {"index": index, "size": len(leaves) // 32, "path": _hexadecimal(merkle_path(leaves, index))},
        "event": {
            "body": event.body, "previous": event.previous, "later": _later(event, heads[place].sequence),
        },
        "head": {
            "index": place, "path": _hexadecimal(merkle_path(b"".join(head_leaf(*head) for head in heads), place)),
        },
        "checkpoint": checkpoint,
    }  # fmt: skip


def _row(model: type[models.Model], public_id: uuid.UUID) -> tuple[int, int, uuid.UUID, dict[str, str | None], bytes]:
    fields = sealed_columns(model)
    texts = ", ".join(text_of(field) for field in fields)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT n.id, n.act_id, n.salt, {leaf_expression(model)}, {texts} FROM {table} n WHERE n.public_id = %s",
            [public_id],
        )
        found = cursor.fetchone()
    if found is None:
        raise NotProven(f"{table} has no row {public_id}")
    pk, act, salt, leaf, *values = found
    return pk, act, salt, dict(zip((field.column for field in fields), values, strict=True)), bytes(leaf)


def _leaves(table: str, pk: int, act: int) -> tuple[bytes, int]:
    """All leaves of an act as they were noted, and the place of one row among them."""
    leaves, index = b"", None
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT digests, CASE WHEN relation = %s THEN array_position(ids, %s) END
               FROM councils_written WHERE act_id = %s ORDER BY id""",
            [table, pk, act],
        )
        for digests, position in cursor.fetchall():
            if position is not None:
                index = len(leaves) // 32 + position - 1
            leaves += bytes(digests)
    if index is None:
        raise NotProven(f"{table} row {pk} was never sealed, so nothing proves it")
    return leaves, index


def _covering(act: int, kept: dict[str, Any] | None) -> tuple[dict[str, Any], list[Head], Sealing]:
    events = _events(act)
    for checkpoint, heads in _candidates(act, kept):
        reach = {head.key: head.sequence for head in heads}
        covered = [event for event in events if reach.get(event.stream, 0) >= event.sequence]
        if covered:
            nearest = min(covered, key=lambda event: reach[event.stream] - event.sequence)
            return checkpoint, heads, nearest
    if kept:
        raise NotProven("The row was written after that checkpoint, which therefore says nothing of it.")
    raise NotProven("No checkpoint covers this row yet. Make one: manage.py checkpoint")


def _candidates(act, kept):
    """(header, heads) of the checkpoints that may cover an act, the earliest first."""
    if kept:
        header = {name: kept[name] for name in ("version", "key", "public_key", "moment", "root", "signature")}
        yield _ordered(header, kept["heads"]), kept["heads"]
        return
    # A checkpoint's own act is opened after its heads were read, so whatever they cover has a lower id.
    for checkpoint in Checkpoint.objects.filter(act_id__gt=act).order_by("pk").iterator(chunk_size=20):
        yield _ordered(stated(checkpoint), heads_of(checkpoint)), heads_of(checkpoint)


def _ordered(found, heads):
    names = ("version", "key", "public_key", "moment")
    return {name: found[name] for name in names} | {
        "streams": len(heads), "root": found["root"], "signature": found["signature"],
    }  # fmt: skip


def _events(act: int) -> list[Sealing]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.key, s.id, e.sequence, encode(e.previous, 'hex'), {BODY}
                FROM councils_event e JOIN councils_stream s ON s.id = e.stream_id
                JOIN councils_act a ON a.id = e.act_id JOIN councils_person p ON p.id = a.person_id
                WHERE e.act_id = %s ORDER BY s.key""",
            [act],
        )
        return [Sealing(*row) for row in cursor.fetchall()]


def _later(event: Sealing, head: int) -> list[str]:
    """The digests of the bodies after the event, up to the head: each gives the next hash and tells nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT encode(sha256(convert_to({BODY}, 'UTF8')), 'hex')
                FROM councils_event e JOIN councils_stream s ON s.id = e.stream_id
                JOIN councils_act a ON a.id = e.act_id JOIN councils_person p ON p.id = a.person_id
                WHERE e.stream_id = %s AND e.sequence > %s AND e.sequence <= %s ORDER BY e.sequence""",
            [event.stream_id, event.sequence, head],
        )
        return [digest for (digest,) in cursor.fetchall()]


def _hexadecimal(digests: list[bytes]) -> list[str]:
    return [digest.hex() for digest in digests]
