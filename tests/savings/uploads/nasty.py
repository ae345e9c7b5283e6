"""Files nobody should send, each with what must come of it: a code of refusal, or {row: outcome} with codes.

`FILES` is name to (bytes, expected). Expected is a text (the code with which the file is refused whole) or a dict with
`outcomes` and, where rows are bad, the `codes` of their problems.
"""

import io
import struct
import zipfile

import xlsxwriter

from savings.uploads.entry_columns import NAMES

from .sending import as_csv, row

HEADER = ",".join(NAMES)
LINE = "NFD,north-south,REV-01,banked,saving,cash_releasing,recurring,2025-26,April,{amount},{note},,,"
NEW, BAD = "new", "bad"


def text(*lines):
    return "\n".join([HEADER, *lines, ""]).encode()


def line(amount="1234.50", note=""):
    return LINE.format(amount=amount, note=note)


def one(outcome, *codes):
    return {"outcomes": {2: outcome}, "codes": list(codes)}


GOOD_AMOUNTS = ("1234.5", "£1234", "1,234.56", "£ 12", " 5.00 ", "+5", ".5")
BAD_AMOUNTS = (
    "1.234,56", "NaN", "Infinity", "1e999", "1e-30", "-0", "0", "0.005", "9" * 40, "£", "١٢٣", "１２", "5%", "$5", "€5",
    "1 234", "12,34", "5-", "£5k", "#REF!", "=1+1", "TRUE", "0x10", "1_000", "5..0", "00012", "10000000000.01",
)  # fmt: skip
KEPT_NOTES = (
    "=cmd|' /C calc'!A0", "@SUM(A1)", "+1+1", "-2+3", "＝1+1", "\t=1+1", "👩‍👧", "Ystâd Môn", "e\u0301te\u0301",
)  # fmt: skip
LOST_NOTES = ("\u202egpj.exe", "zero\u200bwidth", "bell\x07", "\ufeffmark", "x" * 2_001, "#REF!")
BAD_PERIODS = (
    ("29 Feb 2023", "2022-23", "month"), ("31/12/9999", "2025-26", "month"), ("04/05/2025", "2025-26", "month"),
    ("45748", "2025-26", "month"), ("60", "2025-26", "month"), ("April", "1904-05", "financial_year"),
    ("April", "2025-27", "financial_year"), ("April", "9999-00", "financial_year"), ("July", "2026-27", "not_begun"),
    ("13", "2025-26", "month"), ("0", "2025-26", "month"),
)  # fmt: skip
GOOD_PERIODS = ("april", "APR", "1", "01", "2025-04-01", "2025-04-01 00:00:00", "Sept", " May ")


def keyed(rows):
    """The rows as a file, each with a key of its own."""
    return as_csv(*(row(external_key=f"K{number}", **said) for number, said in enumerate(rows)))


def all_of(outcome, many, *codes):
    return {"outcomes": dict.fromkeys(range(2, many + 2), outcome), "codes": sorted(codes)}


def cells():
    yield "amounts", (keyed({"amount": each} for each in GOOD_AMOUNTS), all_of(NEW, len(GOOD_AMOUNTS)))
    yield "no amounts", (keyed({"amount": each} for each in BAD_AMOUNTS), all_of(BAD, len(BAD_AMOUNTS), "amount"))
    negative = keyed({"amount": each} for each in ("(500)", "-5", "-£5"))
    yield "negative amounts", (negative, all_of(BAD, 3, "negative"))
    yield "blank amount", (keyed([{"amount": ""}]), all_of(BAD, 1, "missing"))
    yield "notes", (keyed({"note": each} for each in KEPT_NOTES), all_of(NEW, len(KEPT_NOTES)))
    yield "no notes", (keyed({"note": each} for each in LOST_NOTES), all_of(BAD, len(LOST_NOTES), "note"))
    yield "periods", (keyed({"month": each} for each in GOOD_PERIODS), all_of(NEW, len(GOOD_PERIODS)))
    for number, (month, year, code) in enumerate(BAD_PERIODS):
        sent = keyed([{"month": month, "financial_year": year}])
        if code == "month" and number:
            continue  # one of them by itself, all together below
        yield f"period {month} {year}", (sent, all_of(BAD, 1, code))
    months = [{"month": month} for month, _, code in BAD_PERIODS if code == "month"]
    yield "no months", (keyed(months), all_of(BAD, len(months), "month"))


def shapes():
    good = text(line())
    yield "empty", (b"", "empty")
    yield "byte order mark only", (b"\xef\xbb\xbf", "empty")
    yield "blank", (b"\n\n  \n", "empty")
    yield "header only", (HEADER.encode(), {"outcomes": {}, "codes": []})
    yield "no header", (line().encode(), "no_header")
    yield "duplicate header", (text(line()).replace(b"note", b"amount", 1), "header")
    yield "unknown header", (text(line()).replace(b",note,", b",nonsense,", 1), "header")
    yield "misspelt header", (text(line()).replace(b"amount", b"amuont", 1), "header")
    yield "homoglyph header", (text(line()).replace(b"amount", "аmount".encode(), 1), "header")
    yield "missing header", (as_csv(row(), names=[name for name in NAMES if name != "kind"]), "header")
    yield "reordered", (as_csv(row(), names=list(reversed(NAMES))), one(NEW))
    yield "title above", (b"Our quarter\n\n" + good, {"outcomes": {4: NEW}, "codes": []})
    yield "carriage returns only", (good.replace(b"\n", b"\r"), one(NEW))
    mixed = text(line(), line() + "K2").replace(b"\n", b"\r\n", 1)
    yield "mixed line ends", (mixed, {"outcomes": {2: NEW, 3: NEW}, "codes": []})
    yield "byte order mark", (b"\xef\xbb\xbf" + good, one(NEW))
    yield "UTF-16 little", (good.decode().encode("utf-16"), one(NEW))
    yield "UTF-16 big", (b"\xfe\xff" + good.decode().encode("utf-16-be"), one(NEW))
    yield "UTF-16 unmarked", (good.decode().encode("utf-16-le"), "nul")
    yield "Windows 1252", (text(line("£5", "Môn")).decode().encode("cp1252"), one(NEW))
    yield "invalid UTF-8", (text(line(note="x")).replace(b",x,", b",\x81\x8d,"), "encoding")
    yield "overlong UTF-8", (text(line(note="x")).replace(b",x,", b",\xc0\xaf\x81,"), "encoding")
    yield "surrogate", (text(line(note="x")).replace(b",x,", b",\xed\xa0\x80,"), "encoding")
    yield "read wrongly before", (text(line(note="x")).replace(b",x,", ",Â£5 Ã©,".encode()), one(NEW))
    yield "NUL", (good.replace(b"April", b"Apr\0il"), "nul")
    yield "open quote", (text(line(note='"never closed')), "open_quote")
    yield "quotes without end", (text(line(note='"' * 100_001)), "open_quote")
    yield "semicolons", (as_csv(row(), separator=";"), one(NEW))
    yield "tabs", (as_csv(row(), separator="\t"), one(NEW))
    yield "bars", (as_csv(row(), separator="|"), one(NEW))
    yield "unquoted comma", (text(line("1,234.50")), one(BAD, "extra_cells"))
    yield "cells past the header", (text(line() + ",,,over"), one(BAD, "extra_cells"))
    yield "short row", (text("NFD,north-south,REV-01"), {"outcomes": {2: "left_out"}, "codes": []})
    yield "one enormous cell", (text(line(note="x" * 5_000_000)), "long_cell")
    yield "too many rows", (HEADER.encode() + b"\n" + (line() + "\n").encode() * 50_001, "too_many_rows")
    yield "sixteen thousand columns", ((HEADER + ",x" * 16_384 + "\n").encode(), "too_many_columns")
    yield "another council", (as_csv(row(council="STM")), one(BAD, "other_council"))
    yield "another's scheme", (as_csv(row(scheme="ZZ-1")), one(BAD, "unknown_scheme"))
    yield "duplicate row", (as_csv(row(), row()), {"outcomes": {2: NEW, 3: "duplicate"}, "codes": ["duplicate"]})
    yield "web page", (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "not_a_table")
    yield "JSON that ends early", (b'[{"council": "NFD"', "not_json")
    yield "JSON nested", (b"[" * 100_000, "not_json")
    yield "JSON of another shape", (b'{"entries": [[1, 2]]}', "not_json")
    yield "JSON with a list in a cell", (b'[{"council": ["NFD"]}]', "not_json")


def book(*rows, hidden=(), **more):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("Entries")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
        for number, cells in enumerate(hidden):
            other = made.worksheets()[-1] if number else made.add_worksheet("Hidden")
            other.write_row(number, 0, cells)
            other.hide()
        more.get("then", lambda made, sheet: None)(made, sheet)
    return out.getvalue()


def repacked(content, replace=None, add=()):
    """The workbook with parts replaced (`{name: function of bytes}`) and others added ([(name, bytes)])."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as was, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as now:
        for part in was.infolist():
            now.writestr(part.filename, (replace or {}).get(part.filename, lambda body: body)(was.read(part)))
        for name, body in add:
            now.writestr(name, body)
    return out.getvalue()


def at_the_end(made, sheet):
    sheet.write_blank(1_048_575, 0, None, made.add_format({"bold": 1}))


CELLS = list(row(amount=1234.5).values())
XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SHEET = "xl/worksheets/sheet1.xml"


def encrypted(content):
    """Every part says that it is encrypted."""
    made = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(mark)
        while place >= 0:
            made[place + at] |= 1
            place = made.find(mark, place + 4)
    return bytes(made)


def overlapping(content):
    """Two names for the bytes of one part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as now:
        first = now.infolist()[0]
        copied = zipfile.ZipInfo("xl/again.xml")
        for field in ("header_offset", "compress_type", "CRC", "compress_size", "file_size", "flag_bits"):
            setattr(copied, field, getattr(first, field))
        now.filelist.append(copied)
        now._didModify = True
    return out.getvalue()


def books():
    good = book(NAMES, CELLS)
    yield "workbook", (good, one(NEW))
    yield "workbook of floats", (book(NAMES, list(row(amount=0.1 + 0.2).values())), one(NEW))
    yield "workbook of half pence", (book(NAMES, list(row(amount=0.125).values())), one(BAD, "amount"))
    yield "workbook with a hidden sheet", (book(NAMES, CELLS, hidden=[NAMES, CELLS]), one(NEW))
    yield "workbook with two sheets", (
        book(NAMES, CELLS, then=lambda made, sheet: made.add_worksheet("More").write_row(0, 0, NAMES)), "many_sheets"
    )  # fmt: skip
    yield "workbook with a merged title", (
        book([], [], NAMES, CELLS, then=lambda made, sheet: sheet.merge_range(0, 0, 0, 5, "Title")),
        {"outcomes": {4: NEW}, "codes": []},
    )  # fmt: skip
    yield "formula without a value", (
        book(NAMES, CELLS, then=lambda made, sheet: sheet.write_formula(1, 9, "=1+1", None, "")),
        "formula_without_value",
    )  # fmt: skip
    yield "formula with a value", (
        book(NAMES, CELLS, then=lambda made, sheet: sheet.write_formula(1, 9, "=1+1", None, 2)), one(NEW)
    )  # fmt: skip
    yield "error cell", (
        book(NAMES, CELLS, then=lambda made, sheet: sheet.write_formula(1, 9, "=A1/0", None, "#REF!")),
        "error_cell",
    )  # fmt: skip
    yield "old workbook", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "old_workbook")
    yield "cut off workbook", (good[: len(good) // 2], "broken_workbook")
    yield "packed, no workbook", (repacked(good, add=[])[:4] + b"\0" * 40, "broken_workbook")
    yield "encrypted workbook", (encrypted(good), "encrypted")
    yield "macros", (repacked(good, add=[("xl/vbaProject.bin", b"x")]), "macros")
    yield "external links", (
        repacked(good, add=[("xl/externalLinks/externalLink1.xml", b"<x/>")]), "external_links"
    )  # fmt: skip
    yield "packed in packed", (repacked(good, add=[("inner.zip", good)]), "broken_workbook")
    yield "path out of it", (repacked(good, add=[("xl/../../etc/passwd", b"x")]), "broken_workbook")
    yield "a hundred thousand parts", (
        repacked(good, add=[(f"xl/{number}.xml", b"") for number in range(1_001)]), "too_large"
    )  # fmt: skip
    yield "overlapping parts", (overlapping(good), "broken_workbook")
    bomb = b"<x>" + b" " * (210 * 1024 * 1024) + b"</x>"
    yield "bomb", (repacked(good, add=[("xl/bomb.xml", bomb)]), "too_large")
    lying = bytearray(repacked(good, add=[("xl/bomb.xml", bomb)]))
    place = lying.rfind(b"PK\x01\x02")
    struct.pack_into("<I", lying, place + 24, 100)
    yield "bomb that lies of its size", (bytes(lying), "broken_workbook")
    for name, body in (
        ("entities", b'<!DOCTYPE x [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'),
        ("a file of the server", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    ):
        yield f"workbook with {name}", (
            repacked(good, {SHEET: lambda was, body=body: was.replace(XML, XML + body, 1)}), "broken_workbook"
        )  # fmt: skip
    yield "a million empty rows", (
        book(NAMES, CELLS, then=lambda made, sheet: at_the_end(made, sheet)),
        one(NEW),
    )  # fmt: skip


FILES = dict(each for kind in (cells, shapes, books) for each in kind())
