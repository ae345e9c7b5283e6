"""Is the history that a checkpoint saw still there? Compares what it stated with the chains as they are now."""

from collections.abc import Iterable, Iterator

from django.db import connection

from .checkpoints import NOTHING, Head, heads_of, own_faults, parsed, root_of, stated
from .models import Checkpoint
from .offline import written

NOW = """
SELECT h.key, s.id IS NOT NULL, coalesce(head.sequence, 0), encode(e.hash, 'hex')
FROM unnest(%(keys)s::text[], %(sequences)s::bigint[]) AS h (key, sequence)
LEFT JOIN councils_stream s ON s.key = h.key
LEFT JOIN councils_event e ON e.stream_id = s.id AND e.sequence = h.sequence
LEFT JOIN LATERAL (
    SELECT sequence FROM councils_event l WHERE l.stream_id = s.id ORDER BY sequence DESC LIMIT 1) head ON true
ORDER BY h.key COLLATE "C"
"""


def history_faults(heads: Iterable[Head], root: str) -> Iterator[str]:
    """One sentence for each stream that is not as it was; none when the ledger merely grew. One statement.

    It compares with the hashes in the ledger; that those follow from the content is what `verify` recomputes.
    """
    told = {head.key: head for head in heads}
    with connection.cursor() as cursor:
        cursor.execute(NOW, {"keys": list(told), "sequences": [head.sequence for head in told.values()]})
        found = cursor.fetchall()
    present = []
    for key, there, newest, digest in found:
        then = told[key]
        present.append(Head(key, then.sequence, digest or NOTHING))
        if not there:
            yield f"stream {key}: is missing; the checkpoint saw {then.sequence:,} events on it"
        elif then.sequence and newest < then.sequence:
            yield f"stream {key}: was shortened to {newest:,} events; the checkpoint saw {then.sequence:,}"
        elif then.sequence and digest is None:
            yield f"stream {key} event {then.sequence}: is missing; the checkpoint saw it"
        elif then.sequence and digest != then.hash:
            yield f"stream {key} event {then.sequence}: history was rewritten; its hash is not the one that was signed"
    if root_of(present) != root:
        yield "the root over the present events at the checkpoint’s numbers is not the one that was signed"


def kept_checkpoints() -> Iterator[str]:
    """Each checkpoint the ledger itself keeps is whole, and the newest one's history is still there."""
    newest = None
    for checkpoint in Checkpoint.objects.order_by("pk").iterator(chunk_size=100):
        found = parsed(written(stated(checkpoint)))
        yield from (f"checkpoint {checkpoint.pk}: {fault}" for fault in own_faults(found))
        newest = checkpoint
    if newest:
        faults = history_faults(heads_of(newest), newest.root)
        yield from (f"checkpoint {newest.pk}: {fault}" for fault in faults)
