"""Does the ledger still say what was sealed? Every digest is recomputed from content, every root and chain from those.

Each check yields one sentence for each thing that is wrong, naming the row, act or event. Nothing here trusts a stored
digest on its own: a Merkle tree over stored hashes still verifies after tampering. What a database administrator
rewrites whole, only a copy held elsewhere can show.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import connection, models, transaction

from .history import kept_checkpoints
from .merkle import merkle_root
from .models import Sealed
from .schema import schema_faults
from .sealing import leaf_expression, netstring


class Verified(NamedTuple):
    """How much was recomputed, and what is wrong (sentences; empty when everything holds)."""

    rows: int
    acts: int
    events: int
    problems: list[str]


FULL_SPEED = {"work_mem": "64MB", "parallel_tuple_cost": "0", "parallel_setup_cost": "0"}
BODY = " || ".join(
    netstring(field)
    for field in (
        "'event/1'", "s.key", "e.sequence::text", "a.public_id::text",
        "(extract(epoch from a.at) * 1000000)::bigint::text",
        "(extract(epoch from a.entered_at) * 1000000)::bigint::text",
        "p.public_id::text", "a.verb", "a.subject", "a.reason", "a.request_id", "e.rows::text", "encode(e.root, 'hex')",
    )
)  # fmt: skip


def sealed_models() -> list[type[models.Model]]:
    """Every model whose rows are sealed, in the order of their tables' names."""
    found = [model for model in apps.get_models() if issubclass(model, Sealed)]
    return sorted(found, key=lambda model: model._meta.db_table)


def verify() -> Verified:
    """Recompute everything; call as a role that sees everything. Reads each sealed table once."""
    problems = [*schema_faults(sealed_models())]
    rows = 0
    for model in sealed_models():
        count, wrong = rows_of(model)
        rows += count
        problems += wrong
    acts, wrong = roots()
    problems += wrong
    events, wrong = chains()
    return Verified(rows, acts, events, [*problems, *wrong, *kept_checkpoints()])


@contextmanager
def at_full_speed() -> Iterator[None]:
    """Inside it, PostgreSQL sorts in memory and lets every processor make digests: it takes a row handed over by
    another process for dearer than the digest in it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in FULL_SPEED))
        before = dict(zip(FULL_SPEED, cursor.fetchone(), strict=True))
        for values in (FULL_SPEED, before):
            cursor.execute("SELECT " + ", ".join("set_config(%s, %s, true)" for _ in values), [
                each for pair in values.items() for each in pair
            ])  # fmt: skip
            if values is FULL_SPEED:
                yield


def rows_of(model: type[models.Model]) -> tuple[int, list[str]]:
    """(rows read, problems) of one sealed table: changed, missing and unsealed rows, each named by id."""
    table = model._meta.db_table
    with at_full_speed(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        (count,) = cursor.fetchone()
        cursor.execute(
            f"""
            WITH now AS (
                SELECT act_id, array_agg(id ORDER BY id) AS ids,
                       string_agg(leaf, ''::bytea ORDER BY id) AS digests
                FROM (  -- the leaves first: 32 bytes a row are sorted, not the rows; OFFSET keeps it so
                    SELECT n.act_id, n.id, {leaf_expression(model)} AS leaf FROM {table} n OFFSET 0) made
                GROUP BY act_id
            ), noted AS (  -- as they stand: to cut each digest out would cost more than all the rest
                SELECT act_id, (
                           SELECT array_agg(i.id ORDER BY w.id, i.place) FROM councils_written w
                           CROSS JOIN LATERAL unnest(w.ids) WITH ORDINALITY AS i (id, place)
                           WHERE w.act_id = whole.act_id AND w.relation = whole.relation) AS ids, digests
                FROM (
                    SELECT act_id, relation, string_agg(digests, ''::bytea ORDER BY id) AS digests
                    FROM councils_written WHERE relation = %s GROUP BY act_id, relation) whole
            )
            SELECT coalesce(now.act_id, noted.act_id), now.ids, now.digests, noted.ids, noted.digests
            FROM now FULL JOIN noted USING (act_id)
            WHERE (now.ids, now.digests) IS DISTINCT FROM (noted.ids, noted.digests)
            """,
            [table],
        )
        return count, [sentence for found in cursor.fetchall() for sentence in _differences(table, *found)]


def _differences(table, act, ids, digests, noted_ids, noted_digests):
    now, noted = _by_id(ids, digests), _by_id(noted_ids, noted_digests)
    for row in sorted(now.keys() | noted.keys()):
        if row not in noted:
            yield f"{table} row {row}: was never sealed (act {act})"
        elif row not in now:
            yield f"{table} row {row}: is missing (act {act})"
        elif now[row] != noted[row]:
            yield f"{table} row {row}: was changed after it was sealed (act {act})"


def _by_id(ids, digests):
    """{id: 32 bytes}; empty for a side that has nothing."""
    whole = bytes(digests or b"")
    return {row: whole[32 * place : 32 * place + 32] for place, row in enumerate(ids or [])}


def roots() -> tuple[int, list[str]]:
    """(acts read, problems): each event's root and row count follow from the digests noted under its act."""
    problems, acts = [], 0
    with transaction.atomic(), connection.chunked_cursor() as cursor:  # a part at a time, whatever it holds
        cursor.execute(
            """
            SELECT a.id, coalesce(w.rows, 0), coalesce(w.digests, ''::bytea), e.roots, e.counts, silent.keys
            FROM councils_act a
            LEFT JOIN LATERAL (
                SELECT sum(rows) AS rows, string_agg(digests, ''::bytea ORDER BY id) AS digests
                FROM councils_written WHERE act_id = a.id) w ON true
            LEFT JOIN LATERAL (
                SELECT array_agg(DISTINCT encode(root, 'hex')) AS roots, array_agg(DISTINCT rows) AS counts
                FROM councils_event WHERE act_id = a.id) e ON true
            LEFT JOIN LATERAL (
                SELECT string_agg(DISTINCT s.key, ', ' ORDER BY s.key) AS keys
                FROM councils_written n CROSS JOIN LATERAL unnest(n.councils) AS touched
                JOIN councils_stream s ON s.council_id = touched
                WHERE n.act_id = a.id AND NOT EXISTS (
                    SELECT 1 FROM councils_event v WHERE v.act_id = a.id AND v.stream_id = s.id)) silent ON true
            """
        )
        while chunk := cursor.fetchmany(100):
            for act, rows, digests, sealed_roots, counts, silent in chunk:
                acts += 1
                if sealed_roots is None:
                    problems.append(f"act {act}: has no event")
                elif silent:
                    problems.append(f"act {act}: has no event on {silent}")
                elif sealed_roots != [merkle_root(bytes(digests)).hex()] or counts != [rows]:
                    problems.append(f"act {act}: the rows noted under it are not the rows that were sealed")
    return acts, problems


def chains() -> tuple[int, list[str]]:
    """(events read, problems): no gap, each event names the hash before it, and each hash follows from its body."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM councils_event")
        (count,) = cursor.fetchone()
        cursor.execute(
            f"""
            SELECT key, sequence,
                   sequence <> coalesce(before_sequence, 0) + 1,
                   previous <> coalesce(before_hash, decode(repeat('00', 32), 'hex')),
                   hash <> sha256(previous || sha256(convert_to(body, 'UTF8')))
            FROM (
                SELECT coalesce(s.key, 'number ' || e.stream_id || ', which is gone,') AS key, e.sequence,
                       e.previous, e.hash, {BODY} AS body,
                       lag(e.sequence) OVER w AS before_sequence, lag(e.hash) OVER w AS before_hash
                FROM councils_event e LEFT JOIN councils_stream s ON s.id = e.stream_id
                LEFT JOIN councils_act a ON a.id = e.act_id LEFT JOIN councils_person p ON p.id = a.person_id
                WINDOW w AS (PARTITION BY e.stream_id ORDER BY e.sequence)) chain
            WHERE sequence <> coalesce(before_sequence, 0) + 1
               OR previous <> coalesce(before_hash, decode(repeat('00', 32), 'hex'))
               OR hash <> sha256(previous || sha256(convert_to(body, 'UTF8')))
            ORDER BY key, sequence
            """
        )
        return count, [_broken(*found) for found in cursor.fetchall()]


def _broken(key, sequence, gap, unlinked, rewritten):
    what = [
        words
        for wrong, words in (
            (gap, "events before it are missing"),
            (unlinked, "it does not follow the event before it"),
            (rewritten, "its act was changed or taken away after it was sealed"),
        )
        if wrong
    ]
    return f"stream {key} event {sequence}: {', '.join(what)}"
