"""From the bytes of a file to rows of text. Knows nothing of the ledger, so that it can run apart (see `apart`)."""

import csv
import io
import itertools
import json
import re
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from .cells import defused
from .columns import Column, Header, find, known_in

HEADER_WITHIN = 30  # rows in which the header has to stand: titles may stand before it
MOST_COLUMNS = 200
MOST_UNPACKED = 200 * 1024 * 1024  # bytes of a workbook, unpacked
MOST_PARTS = 1_000
LONGEST_CELL = 32_767  # characters, as in a spreadsheet
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAVE_AS = "Open it in your spreadsheet and save it as “CSV UTF-8” or as an Excel workbook (.xlsx)."


class NotRead(ValueError):
    """The file is refused whole; the message says why and what to do. `problems`: (code, column, message) of each."""

    def __init__(self, code: str, message: str, problems: Sequence[tuple[str, str, str]] = ()):
        super().__init__(message)
        self.code = code
        self.problems = list(problems) or [(code, "", message)]


class Rows(NamedTuple):
    """What stands in a file: `frame` has `row` (its number in the file) and one text column for each found column."""

    frame: pl.DataFrame
    header: Header
    notes: list[str]  # what the reader decided by itself, in words
    extra_cells: list[int]  # numbers of rows with more cells than the header


def read(content: bytes, columns: Sequence[Column], *, most: int, allow_extra: bool = False) -> Rows:
    """The rows of a CSV or workbook; raises `NotRead`. `most` rows are taken, blank ones are left out."""
    if not content:
        raise NotRead("empty", "The file is empty. Choose another.")
    if content[:4] == b"PK\x03\x04":
        table, notes = _workbook(content, columns)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise NotRead(
            "old_workbook", "The file is encrypted, or a workbook of an old kind (.xls). Save it as .xlsx, no password."
        )
    elif content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        table, notes = _objects(content), []
    else:
        table, notes = _text(content, columns)
    return _rows(table, notes, columns, most, allow_extra)


class _Table(NamedTuple):
    cells: pl.DataFrame  # text, no header
    top: list[str]
    number: int  # of the row the header stands in, from 1
    over: Sequence[int] = ()  # places of the rows behind it, from 0, that have more cells than the header


def _rows(table: _Table, notes, columns, most, allow_extra) -> Rows:
    header = find(table.top, columns, allow_extra=allow_extra)
    if header.problems:
        raise NotRead("header", " ".join(said for _, _, said in header.problems), header.problems)
    names = table.cells.columns
    cells = table.cells.with_row_index("row", offset=table.number + 1)
    cells = cells.with_columns(pl.col("row").cast(pl.Int64), *(pl.col(name).fill_null("") for name in names))
    longest = cells.select(pl.max_horizontal(pl.col(name).str.len_chars().max() for name in names)).item() or 0
    if longest > LONGEST_CELL:
        raise NotRead("long_cell", f"A cell has {longest:,} characters; {LONGEST_CELL:,} is the most. Shorten it.")
    blank = pl.all_horizontal(pl.col(name).str.strip_chars() == "" for name in names)
    cells = cells.filter(~blank)
    if cells.height > most:
        raise NotRead(
            "too_many_rows", f"The file has {cells.height:,} rows; {most:,} is the most here. "
            "Split it, or ask whoever runs Banked here to load it from the shell."
        )  # fmt: skip
    past = [table.number + 1 + place for place in table.over]
    there = [pl.col(f"c{place}").alias(name) for name, place in header.places.items()]
    absent = [pl.lit("").alias(column.name) for column in columns if column.name not in header.places]
    return Rows(cells.select("row", *there, *absent), header, notes, past)


def _top_of(rows: Sequence[Sequence[str]], columns) -> int | None:
    """The index of the row that is the header: the first with the most columns known, at least half of the required."""
    needed = max(2, sum(column.required for column in columns) // 2)
    scores = [known_in(row, columns) for row in rows]
    best = max(scores, default=0)
    return scores.index(best) if best >= needed else None


def _no_header(columns):
    names = ", ".join(column.name for column in columns if column.required)
    return NotRead(
        "no_header", f"No row among the first {HEADER_WITHIN} names the columns. One row has to say: {names}. "
        "Download the template to see how."
    )  # fmt: skip


class _Top(NamedTuple):
    separator: str
    cells: list[str]
    place: int  # of its row, from 0
    end: int  # lines up to its end


def _text(content: bytes, columns):
    text, notes = _decoded(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise NotRead("nul", f"The file holds NUL characters, which no text does. {SAVE_AS}")
    if re.match(r"\s*<(!doctype|html|\?xml)", text[:200], re.IGNORECASE):
        raise NotRead("not_a_table", f"The file is a web page, not a table. {SAVE_AS}")
    if not text.strip():
        raise NotRead("empty", "The file is empty. Choose another.")
    if text.count('"') % 2:
        raise NotRead("open_quote", 'A quotation mark is opened and never closed. Look for a single " and take it out.')
    found: _Top | None = None
    for separator in SEPARATORS:
        rows, ends = _first_rows(text, separator)
        place = _top_of(rows, columns)
        if place is not None and (found is None or known_in(rows[place], columns) > known_in(found.cells, columns)):
            found = _Top(separator, rows[place], place, ends[place])
    if found is None:
        raise _no_header(columns)
    separator, top, index, end = found
    if len(top) > MOST_COLUMNS:
        raise NotRead("too_many_columns", f"The file has {len(top):,} columns; {MOST_COLUMNS} is the most.")
    if separator != ",":
        notes.append(f"Cells are parted by the {SEPARATORS[separator]}.")
    if index:
        notes.append(f"The header stands in row {index + 1}; what stands above it was left out.")
    schema = {f"c{place}": pl.String for place in range(len(top))}
    body = text.split("\n", end)
    rest = body[end] if len(body) > end else ""
    if not rest.strip():
        return _Table(pl.DataFrame(schema=schema), [each.strip() for each in top], index + 1), notes
    try:
        cells = pl.read_csv(
            io.BytesIO(rest.encode()), separator=separator, has_header=False, schema=schema,
            truncate_ragged_lines=True, extra_columns="ignore", missing_columns="insert", raise_if_empty=False,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, OSError):
        raise NotRead("not_a_table", f"The file is not a table that can be read. {SAVE_AS}")
    return _Table(cells, [each.strip() for each in top], index + 1, _longer(rest, separator, len(top))), notes


def _longer(text: str, separator: str, width: int) -> list[int]:
    """Places of the rows with more than `width` cells, empty ones too: a comma in an amount parts it in two."""
    most = pl.Series(text.split("\n")).str.count_matches(separator, literal=True).max()
    if not isinstance(most, int) or most < width:
        return []  # no line has so many separators, in quotes or not
    return [place for place, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator)) if len(row) > width]


def _first_rows(text, separator):
    """The rows in which a header may stand, and the number of lines each ends with."""
    rows, ends = [], []
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for row in itertools.islice(reader, HEADER_WITHIN):
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        pass  # a cell longer than any; what stands before it may hold the header
    return rows, ends


def _decoded(content: bytes) -> tuple[str, list[str]]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding), []
            except UnicodeDecodeError:
                raise NotRead("encoding", f"The file says how its letters are kept, and is not kept so. {SAVE_AS}")
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as wrong:
        place = content[: wrong.start].count(b"\n") + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise NotRead("encoding", f"Row {place} holds letters that cannot be read. {SAVE_AS}")
    if content[:4096].count(0) or OF_MANY_BYTES.search(content):
        raise NotRead("encoding", f"Row {place} holds letters that cannot be read. {SAVE_AS}")
    return text, ["Its letters were read as Windows (1252) keeps them; look at names and £ signs."]


def _objects(content: bytes):
    """JSON: a list of objects, or an object with such a list as its `entries`. Figures are kept as they are written."""
    try:
        said = json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise NotRead("not_json", "The file begins as JSON and cannot be read as such. It is a list of objects.")
    said = said.get("entries") if isinstance(said, dict) else said
    if not isinstance(said, list) or not all(isinstance(each, dict) for each in said):
        raise NotRead("not_json", "JSON is read as a list of objects, one for each row, with the columns as names.")
    names = list(dict.fromkeys(name for each in said for name in each))
    if len(names) > MOST_COLUMNS:
        raise NotRead("too_many_columns", f"The file has {len(names):,} columns; {MOST_COLUMNS} is the most.")
    if any(value is not None and not isinstance(value, str) for each in said for value in each.values()):
        raise NotRead("not_json", "A value is neither a text nor a figure. Write texts and figures only.")
    frame = pl.DataFrame(
        {f"c{place}": [defused(each.get(name) or "") for each in said] for place, name in enumerate(names)},
        schema={f"c{place}": pl.String for place in range(len(names))},
    )
    return _Table(frame, names, 0)


def _workbook(content: bytes, columns):
    import fastexcel

    _open_safely(content)
    try:
        book = fastexcel.read_excel(content)
    except Exception:  # the library raises its own kinds; whatever it says, the file cannot be read
        raise NotRead("broken_workbook", f"The workbook cannot be opened: it is cut off or damaged. {SAVE_AS}")
    found = []
    for name in book.sheet_names:
        try:
            sheet = book.load_sheet(name, header_row=None, dtypes="string", skip_rows=0)
            cells = sheet.to_polars()
        except Exception:
            raise NotRead("broken_workbook", f"The sheet “{name[:31]}” cannot be read. {SAVE_AS}")
        if sheet.visible != "visible":
            continue
        if cells.width > MOST_COLUMNS:
            raise NotRead("too_many_columns", f"“{name[:31]}” has {cells.width:,} columns; {MOST_COLUMNS} is the most.")
        cells.columns = [f"c{place}" for place in range(cells.width)]
        rows = [[each or "" for each in row] for row in cells.head(HEADER_WITHIN).iter_rows()]
        place = _top_of(rows, columns)
        if place is not None:
            found.append((name, cells, [each.strip() for each in rows[place]], place))
    if not found:
        raise _no_header(columns)
    if len(found) > 1:
        names = ", ".join(f"“{name}”" for name, *_ in found)
        raise NotRead("many_sheets", f"More than one sheet holds rows: {names}. Save the one you mean by itself.")
    ((name, cells, top, index),) = found
    notes = [f"Read from the sheet “{name}”."] if len(book.sheet_names) > 1 else []
    if index:
        notes.append(f"The header stands in row {index + 1}; what stands above it was left out.")
    cells = cells.slice(index + 1).select(_rounded(pl.col(each)) for each in cells.columns)
    return _Table(cells, top, index + 1), notes


def _rounded(cell):
    """A workbook keeps 0.3 as 0.30000000000000004: figures a hair off whole pence are taken as they were shown."""
    number = cell.str.extract(r"^(-?\d+\.\d{6,}(?:[eE]-?\d+)?)$", 1).cast(pl.Float64, strict=False)
    close = (number - number.round(2)).abs() < 1e-6
    shown = number.round(2).map_elements(lambda each: f"{each:.2f}", return_dtype=pl.String)
    return pl.when(close.fill_null(False)).then(shown).otherwise(cell).alias(cell.meta.output_name())


#: What is left of letters kept as UTF-8: such a file is damaged, and no Windows file.
OF_MANY_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
PARTS = re.compile(r"(\[Content_Types\]\.xml|_rels/|docProps/|xl/|customXml/|docMetadata/)")
NO_VALUE = re.compile(rb"(</f>|<f[^<>]*/>)(<v\s*/>|<v></v>)?</c>")


ERROR_CELL = re.compile(rb'<c [^<>]*r="([A-Z]{1,3}\d{1,7})"[^<>]*t="e"')


def _open_safely(content: bytes) -> None:
    """Refuse workbooks that could harm whoever reads them, before anything is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise NotRead("broken_workbook", f"The workbook cannot be opened: it is cut off or damaged. {SAVE_AS}")
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NotRead("too_large", "The workbook is too large once it is unpacked. Keep the sheet you mean only.")
    if len(set(names)) < len(names) or not all(PARTS.match(name) and ".." not in name for name in names):
        raise NotRead("broken_workbook", f"The file is not a workbook as spreadsheets write it. {SAVE_AS}")
    spans = sorted((part.header_offset, part.compress_size) for part in parts)
    if any(begin + size > after for (begin, size), (after, _) in itertools.pairwise(spans)):
        raise NotRead("broken_workbook", f"The file is not a workbook as spreadsheets write it. {SAVE_AS}")
    if any(part.flag_bits & 1 for part in parts):
        raise NotRead("encrypted", "The workbook is encrypted. Save it without a password.")
    if "xl/workbook.xml" not in names:
        raise NotRead("not_a_workbook", f"The file is packed, and no Excel workbook. {SAVE_AS}")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise NotRead("macros", "The workbook holds macros. Save it as an Excel workbook without them (.xlsx).")
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise NotRead(
            "external_links", "The workbook takes figures from other files. Paste them as values, save again."
        )
    unpacked = 0
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        try:
            with archive.open(part) as opened:
                body = opened.read(MOST_UNPACKED - unpacked + 1)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
            raise NotRead("broken_workbook", f"The workbook cannot be opened: it is cut off or damaged. {SAVE_AS}")
        unpacked += len(body)
        if unpacked > MOST_UNPACKED:
            raise NotRead("too_large", "The workbook is too large once it is unpacked. Keep the sheet you mean only.")
        if b"<!DOCTYPE" in body[:4096] or b"<!ENTITY" in body:
            raise NotRead("broken_workbook", f"The file is not a workbook as spreadsheets write it. {SAVE_AS}")
        if not part.filename.startswith("xl/worksheets/"):
            continue
        if errors := ERROR_CELL.findall(body):
            cells = ", ".join(each.decode() for each in errors[:5])
            raise NotRead(
                "error_cell", f"The spreadsheet shows an error (like #REF!) in {cells}. Mend it, save it again."
            )
        if NO_VALUE.search(body):
            raise NotRead(
                "formula_without_value", "A formula has no result kept with it. Open the workbook, let it calculate, "
                "save it again."
            )  # fmt: skip
