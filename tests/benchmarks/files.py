"""Files in and out beside a ledger of a million: each yields (what, figure, target)."""

import csv
import io
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from django.db import connection

from savings.exporting import export
from savings.uploads import applying, cells, files, keeping
from savings.uploads.entry_columns import COLUMNS, NAMES
from tests.database import as_role
from tests.factories import acting

from . import world

ROUNDS, ROWS = 3, 50_000
MONTHS = ("April", "May", "June", "July", "August", "September")


def rows(number: int) -> list[tuple]:
    """New ones each time, by their keys."""
    return [
        ("NFD", "north-south", ("REV-01", "ICT-01")[i % 2], "banked", "saving", "cash_releasing", "recurring",
         "2025-26", MONTHS[i % 6], f"{100 + i % 90000}.{i % 100:02}", "From the monthly monitoring", "", f"J{i}",
         f"bench-{number}-{i}")
        for i in range(ROWS)
    ]  # fmt: skip


def as_csv(lines: list[tuple]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(NAMES)
    writer.writerows(lines)
    return out.getvalue().encode()


def uploading(big: world.World) -> Iterator[tuple[str, str, str]]:
    """S1: the whole path of an upload against COPY of the same rows into a bare unlogged table."""
    ours, theirs, parts = [], [], []
    with big.here(), as_role("owner"), connection.cursor() as cursor:
        cursor.execute(f"CREATE UNLOGGED TABLE bench_bare ({', '.join(f'{name} text' for name in NAMES)})")
    for number in range(ROUNDS):
        lines = rows(number)
        content = as_csv(lines)
        with big.here(), as_role("owner"), connection.cursor() as cursor:
            begun = time.perf_counter()
            with cursor.copy("COPY bench_bare FROM STDIN (FORMAT csv, HEADER)") as copy:
                copy.write(content)
            theirs.append(time.perf_counter() - begun)
        with big.here(), acting(big.cast.people["asha"]) as how:
            begun = time.perf_counter()
            sent = keeping.send(content, name="bench.csv", council=big.cast.councils["NFD"], **how)
            checked = time.perf_counter() - begun
            assert sent.checked is not None
            assert sent.found is not None
            assert sent.checked.count("new") == ROWS, sent.checked.problems
            applying.apply(upload=sent.upload, found=sent.found, **how)
            ours.append(time.perf_counter() - begun)
            parts.append(checked)
    took, bare = statistics.median(ours), statistics.median(theirs)
    yield (
        f"S1 an upload of {ROWS:,} rows to 1M, sent, checked and applied, against COPY into a bare table",
        f"{took / bare:.1f}x ({took:.2f} s, {statistics.median(parts):.2f} of it to check; {bare:.2f})", "≤ 10x",
    )  # fmt: skip


def reading() -> Iterator[tuple[str, str, str]]:
    """S3: a workbook to rows that are read and typed. Its peer is not installed here: see docs/benchmarks.md."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cell in enumerate([NAMES, *rows(0)]):
            sheet.write_row(number, 0, cell)
    begun = time.perf_counter()
    found = files.read(out.getvalue(), COLUMNS, most=ROWS)
    cells.read(found.frame, COLUMNS)
    yield f"S3 a workbook of {ROWS:,} rows to typed rows", f"{time.perf_counter() - begun:.2f} s", "–"


def exporting(big: world.World) -> Iterator[tuple[str, str, str]]:
    """S11 and S12: everything Asha sees, against a raw COPY, and against the slow writer one row at a time."""
    with tempfile.TemporaryDirectory() as folder, big.here():
        place = Path(folder)
        raw, ours = [], []
        for _ in range(ROUNDS):
            with as_role("owner"), connection.cursor() as cursor, (place / "raw.csv").open("wb") as file:
                begun = time.perf_counter()
                with cursor.copy("COPY savings_entry TO STDOUT (FORMAT csv)") as copy:
                    for block in copy:
                        file.write(block)
                raw.append(time.perf_counter() - begun)
            with acting(big.cast.people["asha"]) as how:
                begun = time.perf_counter()
                found = export(place / "ours.csv", "csv", **how)
                ours.append(time.perf_counter() - begun)
        took, bare = statistics.median(ours), statistics.median(raw)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        yield (
            f"S11 CSV of {found.rows:,} entries as one person sees them, against raw COPY of the table",
            f"{took / bare:.2f}x ({took:.1f} s against {bare:.1f}; {peak} MB at the peak)", "≤ 2x",
        )  # fmt: skip
        with acting(big.cast.people["asha"]) as how:
            ids = list(range(1, 100_001))
            begun = time.perf_counter()
            found = export(place / "ours.xlsx", "xlsx", ids=ids, **how)
            quick = time.perf_counter() - begun
            export(place / "peer.csv", "csv", ids=ids, **how)
        begun = time.perf_counter()
        with xlsxwriter.Workbook(place / "peer.xlsx", {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            with (place / "peer.csv").open(newline="", encoding="utf-8") as lines:
                for number, cell in enumerate(csv.reader(lines)):
                    sheet.write_row(number, 0, cell)
        slow = time.perf_counter() - begun
        yield (
            f"S12 a workbook of {found.rows:,} entries, query and all, against writing alone with xlsxwriter",
            f"{slow / quick:.1f}x faster ({quick:.1f} s against {slow:.1f})", "≥ 5x",
        )  # fmt: skip
