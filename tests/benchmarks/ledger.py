"""Recording beside a large ledger, sealing and verifying: each yields (what, figure, target)."""

import hashlib
import math
import resource
import statistics
import time
from collections.abc import Iterator

from django.db import connection

from councils.sealing import sealed_columns
from councils.verification import verify
from savings import doorbell
from savings.models import Entry
from savings.reporting import rollups
from tests.database import as_role
from tests.factories import an_entry

from . import world

ROUNDS = 40
SAMPLE = 100_000
PARTNERSHIPS = 100


def loaded(name: str, rows: int, *, partnerships: int = 1) -> world.World:
    """A ledger of so many entries, in the cast's own partnership or spread over as many others."""
    made = world.World(name)
    with made.here():
        budgets = world.reductions(made.cast)
        if partnerships == 1:
            world.load(made.cast, rows, budgets=budgets)
        else:
            made.cast = world.spread(made.cast, rows, partnerships=partnerships, budgets=budgets)
        with as_role("owner"), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return made


def act(big: world.World) -> Iterator[tuple[str, str, str]]:
    with big.here():
        begun = time.perf_counter()
        world.load(big.cast, world.ROWS_AN_ACT)
        yield "an act of 100,000 rows, insert, every check and seal", f"{time.perf_counter() - begun:.1f} s", "10 s"


def recording(small: world.World, big: world.World, spread: world.World) -> Iterator[tuple[str, str, str]]:
    """Interleaved medians of `savings.actions.entries.record` in a transaction of its own, and of one roll-up drain."""
    doorbell._send = lambda *_: None  # no worker is rung: the drain is measured by itself
    for title, code in (("without a budget", ""), ("claiming on a budget of 20,000 claims", "R4")):
        took: dict[world.World, list[float]] = {small: [], big: [], spread: []}
        for _ in range(ROUNDS):
            for one, times in took.items():
                with one.here():
                    begun = time.perf_counter()
                    an_entry(one.cast, month=3, ledger_code=code)
                    times.append(time.perf_counter() - begun)
        few = statistics.median(took[small])
        for one, where in ((big, "in its own partnership"), (spread, f"spread over {PARTNERSHIPS} partnerships")):
            many = statistics.median(took[one])
            exponent = math.log(many / few) / math.log(1000)
            yield (
                f"recording one entry {title}: 1,000 → 1M {where}",
                f"{few * 1000:.1f} → {many * 1000:.1f} ms, exponent {exponent:.3f}",
                "≤ 0.05",
            )
    drained = ((small, "1,000 entries"), (big, "1M entries"), (spread, f"1M over {PARTNERSHIPS} partnerships"))
    for one, size in drained:
        with one.here(), as_role("worker"):
            begun = time.perf_counter()
            rollups.recompute(rollups.Key(one.cast.partnership.pk, 2025))
            took_drain = time.perf_counter() - begun
        yield f"its roll-up, one key of one partnership and year, {size}", f"{took_drain * 1000:.0f} ms", "–"


def verifying(big: world.World) -> Iterator[tuple[str, str, str]]:
    """Against one SHA-256 an entry in Python: of bytes at hand, and of bytes made from the row's values."""
    with big.here(), as_role("worker"):
        columns = ", ".join(f'"{field.column}"' for field in sealed_columns(Entry))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM savings_entry LIMIT {SAMPLE}")
            rows = cursor.fetchall()
        begun = time.perf_counter()
        whole = [b"".join(b"%d:%s," % (len(t), t) for v in row for t in (str(v).encode(),)) for row in rows]
        made = (time.perf_counter() - begun) / SAMPLE
        begun = time.perf_counter()
        for each in whole:
            hashlib.sha256(each).digest()
        hashed = (time.perf_counter() - begun) / SAMPLE
        begun = time.perf_counter()
        found = verify()
        took = (time.perf_counter() - begun) / found.rows
        assert found.problems == []
    yield (
        f"verifying {found.rows:,} rows, against bytes made and hashed in Python",
        f"{took / (made + hashed):.2f}x",
        "≤ 2x",
    )
    yield "the same, against one bare SHA-256 of bytes at hand", f"{took / hashed:.1f}x", "≤ 2x"
    yield "the same, each", f"{took * 1e6:.1f} µs against {(made + hashed) * 1e6:.1f} and {hashed * 1e6:.1f} µs", "–"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    yield "memory of the process at its peak, sample and all", f"{peak} MB", "–"


def sealing(big: world.World) -> Iterator[tuple[str, str, str]]:
    """What the seal adds: the share of its trigger in an act of 100,000 rows, and the root and event."""
    with big.here(), as_role("worker"), connection.cursor() as cursor:
        columns = ", ".join(f'"{field.column}"' for field in sealed_columns(Entry))
        cursor.execute(f"SELECT {columns} FROM savings_entry LIMIT {SAMPLE}")
        rows = cursor.fetchall()
        begun = time.perf_counter()
        for row in rows:
            hashlib.sha256(b"".join(b"%d:%s," % (len(t), t) for v in row for t in (str(v).encode(),))).digest()
        peer = time.perf_counter() - begun
        source = world.seal_statement()
        begun = time.perf_counter()
        cursor.execute(source, [SAMPLE])
        leaves = bytes(cursor.fetchone()[0])
        digests = time.perf_counter() - begun
        begun = time.perf_counter()
        cursor.execute("SELECT merkle_root(%s)", [leaves])
        root = time.perf_counter() - begun
    yield (
        "sealing 100,000 rows (digests and root), against bytes made and hashed in Python",
        (f"{(digests + root) / peer:.2f}x ({digests:.2f} + {root:.2f} against {peer:.2f} s)"),
        "≤ 2.5x",
    )
