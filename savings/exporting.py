"""Taking entries out as a file: what somebody may see, exactly as the ledger says it, in a form that goes back in.

The rows go from PostgreSQL to a file without passing through Python one by one, and become another format from there,
so memory does not grow with them. Two exports of one moment are the same bytes.
"""

import contextlib
import copy
import csv
import hashlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from django.db import connection
from django.utils import timezone

from councils.acts import act
from councils.as_at import as_at
from councils.refusals import Refused
from savings.uploads import cells
from savings.uploads.entry_columns import NAMES

STILL = (1980, 1, 1, 0, 0, 0)  # the earliest day a packed file can have
MOST_IN_A_WORKBOOK = 1_048_575  # rows of a sheet, less the header
FORMULA = "^" + cells.FORMULA.pattern.replace("'", "''")  # within quotes of SQL
#: Text of each entry in which what a spreadsheet would run gets a mark (`cells.defused`).
TEXTS = ("note", "ledger_code", "document_ref", "external_key")
MARKED = (*TEXTS, "scheme")
SELECT = f"""
SELECT c.code AS council, p.slug AS partnership, {{scheme}} AS scheme, e.series, e.kind, e.benefit_class AS class,
    e.recurrence, e.year || '-' || lpad(((e.year + 1) %% 100)::text, 2, '0') AS financial_year, e.month,
    (e.amount_pence / 100.0)::numeric(20, 2) AS amount,
    {", ".join(f"nullif({{mark_{name}}}, '') AS {name}" for name in TEXTS)}
FROM savings_entry e JOIN councils_council c ON c.id = e.council_id
    JOIN partnerships_partnership p ON p.id = e.partnership_id JOIN savings_scheme s ON s.id = e.scheme_id
{{narrowed}}
"""
EVERY = """WHERE (%s::bigint IS NULL OR e.council_id = %s) AND (%s::bigint IS NULL OR e.partnership_id = %s)
ORDER BY e.id"""
CHOSEN = """JOIN unnest(%s::bigint[]) WITH ORDINALITY chosen (id, nth) ON chosen.id = e.id ORDER BY chosen.nth"""


def _marked(column: str) -> str:
    return f"CASE WHEN {column} ~ '{FORMULA}' THEN '''' || {column} ELSE {column} END"


def _copy_of(narrowed: str) -> str:
    marked = {f"mark_{name}": _marked(f"e.{name}") for name in TEXTS}
    asked = SELECT.format(scheme=_marked("s.reference"), narrowed=narrowed, **marked).strip()
    return f"COPY ({asked}) TO STDOUT (FORMAT csv, HEADER)"


class Exported(NamedTuple):
    """What was written: `sha256` is of the rows as CSV, whatever the format, so that two formats can be compared."""

    rows: int
    pence: int
    sha256: str
    filters: dict[str, str]
    moment: str

    def about(self) -> dict[str, Any]:
        """What the companion of the file says."""
        return {
            "what": "Banked entries", "filters": self.filters or "none", "as at": self.moment, "rows": self.rows,
            "sum in pounds": str(Decimal(self.pence).scaleb(-2)), "sha256 of the rows as CSV": self.sha256,
        }  # fmt: skip


def export(place: Path, form: str, *, by, at, moment=None, council=None, partnership=None,
           ids=None, filters=None) -> Exported:  # fmt: skip
    """Write the entries to `place` as `csv`, `xlsx`, `json` or `parquet`; noted on the access stream.

    `ids` are those of a list as somebody sees it, in its order, and `filters` says in words what narrowed it.
    Inside the scope of whoever asks; as the ledger was at `moment` where one is given. Raises `Refused`.
    """
    if form not in WRITERS:
        raise Refused(f"There is no format {form}: {', '.join(WRITERS)}.")
    filters = filters or {
        name: str(each) for name, each in (("council", council and council.code),
                                           ("partnership", partnership and partnership.slug)) if each
    }  # fmt: skip
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".export-") as folder:
        rows = Path(folder) / "rows.csv"
        with as_at(moment) if moment else contextlib.nullcontext():
            sha256 = _copied(rows, council, partnership, ids)
        found = _counted(rows, sha256, filters, timezone.localtime(moment).isoformat() if moment else "now")
        made = Path(folder) / f"made.{form}"
        WRITERS[form](rows, made, found)
        subject = f"entries as {form}: {found.rows}"
        with act(by=by, at=at, verb="exported", subject=subject, access=True):
            pass  # the event is all it writes
        made.replace(place)
    return found


def _copied(place: Path, council, partnership, ids) -> str:
    asked = [ids] if ids is not None else [council and council.pk] * 2 + [partnership and partnership.pk] * 2
    query = _copy_of(EVERY if ids is None else CHOSEN)
    digest = hashlib.sha256()
    with place.open("wb") as out, connection.cursor() as cursor, cursor.copy(query, asked) as blocks:
        for block in blocks:
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _counted(rows: Path, sha256: str, filters, moment: str) -> Exported:
    text = dict.fromkeys(NAMES, pl.String)
    pence = pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64)
    counted = pl.scan_csv(rows, schema=text).select(pl.len(), pence.sum().alias("pence"))
    many, total = counted.collect(engine="streaming").row(0)
    return Exported(many, total, sha256, filters, moment)


def _rows(place: Path) -> Iterator[dict[str, str]]:
    with place.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _csv(rows: Path, made: Path, found: Exported) -> None:
    rows.replace(made)


class Pounds(float):
    """An amount that JSON writes with the figures it was given, both of its pence among them."""

    def __new__(cls, written: str):
        made = super().__new__(cls, written)
        made.written = written  # type: ignore[attr-defined]
        return made

    def __repr__(self) -> str:
        return self.written  # type: ignore[attr-defined]


def _json(rows: Path, made: Path, found: Exported) -> None:
    with made.open("w", encoding="utf-8") as out:
        before = "[\n"
        for row in _rows(rows):
            said: dict[str, Any] = {
                name: cells.armed(value) if name in MARKED else value for name, value in row.items()
            }
            said["month"] = int(row["month"]) if row["month"] else None
            said["amount"] = Pounds(row["amount"])
            out.write(before + json.dumps(said, ensure_ascii=False))
            before = ",\n"
        out.write("[]\n" if before == "[\n" else "\n]\n")


def _parquet(rows: Path, made: Path, found: Exported) -> None:
    kinds: dict[str, Any] = dict.fromkeys(NAMES, pl.String) | {"month": pl.Int8, "amount": pl.Decimal(20, 2)}
    plain = [pl.col(name).fill_null("").str.replace(f"^'({cells.FORMULA.pattern})", "${1}") for name in MARKED]
    pl.scan_csv(rows, schema=kinds).with_columns(plain).sink_parquet(made, compression="zstd", row_group_size=100_000)


def _xlsx(rows: Path, made: Path, found: Exported) -> None:
    if found.rows > MOST_IN_A_WORKBOOK:
        raise Refused(
            f"A sheet holds {MOST_IN_A_WORKBOOK:,} rows and these are {found.rows:,}. Choose a council or a "
            "partnership, or another format."
        )
    about = [{"what": name, "value": str(value)} for name, value in found.about().items()]
    raw = made.with_suffix(".raw")
    _writer()(raw, [("Entries", _cells(rows)), ("About", iter(about))])
    _settled(raw, made)


def _cells(rows: Path) -> Iterator[dict[str, Any]]:
    for row in _rows(rows):
        cell: dict[str, Any] = {name: value or None for name, value in row.items()}
        cell["month"] = int(row["month"]) if row["month"] else None
        cell["amount"] = float(row["amount"])  # what a workbook holds; read back to the penny up to £10 billion
        yield cell


def _writer() -> Callable:
    """The quick writer; where its wheel is missing, the slower one that writes the same cells."""
    try:
        import rustpy_xlsxwriter
    except ImportError:
        return _write_slowly

    def write(place, sheets):
        book = rustpy_xlsxwriter.FastExcel(str(place))
        for name, rows in sheets:
            book.sheet(name, rows)
        book.save()

    return write


def _write_slowly(place, sheets) -> None:
    import xlsxwriter

    plainly = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(place, plainly) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, cell in enumerate(rows):
                if number == 0:
                    sheet.write_row(0, 0, list(cell))
                sheet.write_row(number + 1, 0, list(cell.values()))


def _settled(raw: Path, made: Path) -> None:
    """The workbook without the time at which it was written: its parts are copied as they are, but for that one."""
    with zipfile.ZipFile(raw) as was, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as now:
        for part in was.infolist():
            if part.filename == "docProps/core.xml":
                still = zipfile.ZipInfo(part.filename, STILL)
                still.compress_type = zipfile.ZIP_DEFLATED
                now.writestr(still, re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2000-01-01T00:00:00Z", was.read(part)))
            else:
                _copy_part(was, part, now)


def _copy_part(was: zipfile.ZipFile, part: zipfile.ZipInfo, now: zipfile.ZipFile) -> None:
    """Unpacking and packing a large sheet again would take longer than writing it did."""
    still = copy.copy(part)
    still.date_time, still.extra, still.flag_bits = STILL, b"", part.flag_bits & ~0x08
    source, target = was.fp, now.fp
    assert source
    assert target
    source.seek(part.header_offset + 26)
    lengths = source.read(4)
    source.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), os.SEEK_CUR)
    target.seek(now.start_dir)
    still.header_offset = target.tell()
    target.write(still.FileHeader())
    left = part.compress_size
    while left:
        block = source.read(min(left, 1 << 20))
        target.write(block)
        left -= len(block)
    now.filelist.append(still)
    now.NameToInfo[still.filename] = still
    now.start_dir = target.tell()
    now._didModify = True  # type: ignore[attr-defined]


WRITERS: dict[str, Callable] = {"csv": _csv, "xlsx": _xlsx, "json": _json, "parquet": _parquet}
