"""Reading the cells of a column: what is clear is read, what could mean two things is refused with its cure."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from councils.money import LARGEST, MoneyError, parse_pounds
from councils.plain_text import as_code, normalised, why_no_code, why_not_plain
from councils.years import MONTHS, FinancialYear, YearError, month_of

from .columns import Column, Unreadable

MONTH_NAMES = {name.casefold(): number for number, name in enumerate(MONTHS, start=1)}
MONTH_NAMES |= {name[:3]: number for name, number in list(MONTH_NAMES.items())} | {"sept": MONTH_NAMES["september"]}
WHOLE_YEAR = {"", "year", "whole year", "all", "full year"}
ERRORS = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")
#: Text that a spreadsheet would run, behind any marks that already stand there: see `defused`.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
LONGEST_TEXT, LONGEST_CODE = 2_000, 80
#: Amounts that need no second look: the rest is read one by one, each written form once.
CLEAR_AMOUNT = r"^-?(?:[1-9]\d{0,10}|0)(?:\.\d{1,2})?$"
#: The same of texts: one line of what every keyboard types, with no mark and no error before it.
CLEAR_TEXT = r'^ *(?:[!"$-&(-~][ -~]*)?$'


def defused(text: str) -> str:
    """`text` with a mark before it where a spreadsheet would run it as a formula; `armed` takes the mark off."""
    return "'" + text if FORMULA.match(text) else text


def armed(text: str) -> str:
    """`text` without the mark that `defused` put before it."""
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text


def amount(text: str) -> int | None:
    """Signed pence; None where the cell is empty."""
    if not text.strip():
        return None
    try:
        return parse_pounds(armed(text))
    except MoneyError as wrong:
        raise Unreadable("amount", str(wrong))


def year(text: str) -> int | None:
    """The start of a financial year written `2024/25` or `2024-25`."""
    if not text.strip():
        return None
    try:
        found = FinancialYear.parse(text.strip().replace("\N{EN DASH}", "-"))
    except YearError as wrong:
        raise Unreadable("financial_year", str(wrong))
    if not 1990 <= found.start <= 2100:
        raise Unreadable("financial_year", f"{found.label} is not a year that is recorded here: 1990/91 to 2100/01.")
    return found.start


def month(text: str) -> int | None:
    """1 (April) to 12 (March); None for the whole year. Takes names, and days of which only the month can be meant."""
    written = " ".join(text.split()).casefold()
    if written in WHOLE_YEAR:
        return None
    if written in MONTH_NAMES:
        return MONTH_NAMES[written]
    if re.fullmatch(r"0?[1-9]|1[0-2]", written):
        return int(written)
    if match := re.fullmatch(r"(\d{4})-(\d{2})(-(\d{2}))?([ t]00:00:00)?", written):
        try:
            return month_of(datetime.date(int(match[1]), int(match[2]), int(match[4] or 1)))
        except ValueError:
            pass
    raise Unreadable(
        "month",
        f"“{text.strip()[:30]}” is not a month. Write its name, or its number counted from April (April is 1, March is "
        "12), or leave it empty for the whole year.",
    )


def choice(field: str, choices: dict[str, str]):
    """A reader of one of `choices` (value to label), by value or label, whatever its case."""
    known = {_loose(each): value for value, label in choices.items() for each in (value, label)}

    def read(text: str) -> str | None:
        if not text.strip():
            return None
        if (found := known.get(_loose(text))) is None:
            raise Unreadable(field, f"“{text.strip()[:40]}” is none of {', '.join(choices)}.")
        return found

    return read


def _loose(text: str) -> str:
    return re.sub(r"[\s_\-]+", "_", text.strip().casefold())


@dataclass(frozen=True)
class Text:
    """A reader of free text; the mark against formulas is taken off."""

    field: str
    lines: bool = True
    longest: int = LONGEST_TEXT

    def __call__(self, written: str) -> str:
        found = normalised(armed(written)).strip()
        if ERRORS.match(found):
            said = f"“{found}” is an error of the spreadsheet. Mend the formula, or leave it empty."
            raise Unreadable(self.field, said)
        if len(found) > self.longest:
            raise Unreadable(self.field, f"This has {len(found):,} characters. At most {self.longest:,} are kept.")
        if why := why_not_plain(found, lines=self.lines):
            raise Unreadable(self.field, why)
        return found


def code(field: str):
    """A reader of a code, as `councils.plain_text.as_code` keeps it."""
    read_text = Text(field, lines=False, longest=LONGEST_CODE)

    def read(written: str) -> str:
        found = as_code(read_text(written))
        if why := why_no_code(found):
            raise Unreadable(field, why)
        return found

    return read


def read(frame: pl.DataFrame, columns: Sequence[Column]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(the frame with each column read, its problems). Each way a cell is written is read once.

    `frame` has `row` and one text column for each of `columns`. The problems have `row`, `column`, `code`, `message`.
    """
    values: list[pl.Series] = []
    problems: list[pl.DataFrame] = []
    for column in columns:
        written = frame[column.name].fill_null("")
        found, wrong = _read_column(written, column)
        values.append(found.alias(column.name))
        if wrong is not None:
            at = frame.select("row", value=written).join(wrong, on="value")
            problems.append(at.select("row", column=pl.lit(column.name), code="code", message="message"))
    none = pl.DataFrame(schema={"row": pl.Int64, "column": pl.String, "code": pl.String, "message": pl.String})
    return frame.select("row").with_columns(values), pl.concat([none, *problems])


def _read_column(written: pl.Series, column: Column):
    kind = pl.Int64 if column.read in (amount, year, month) else pl.String
    clear, quick = _at_a_glance(written, column)
    found, wrong = _by_form(written.filter(~clear), column, kind)
    slow = written.to_frame("value").join(found, on="value", how="left", maintain_order="left")["found"]
    return pl.select(pl.when(clear).then(quick).otherwise(slow)).to_series(), wrong


def _at_a_glance(written: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
    """(which cells are clear, their values): what can be read of a whole column at once, as one by one it would be."""
    if column.read is amount:
        return _clear_amounts(written)
    if isinstance(column.read, Text):
        plain = written.str.strip_chars(" ")
        return written.str.contains(CLEAR_TEXT) & (plain.str.len_chars() <= column.read.longest), plain
    none = pl.repeat(False, written.len(), eager=True)
    return none, pl.repeat(None, written.len(), dtype=pl.Null, eager=True)


def _clear_amounts(written: pl.Series) -> tuple[pl.Series, pl.Series]:
    clear = written.str.contains(CLEAR_AMOUNT) & ~written.str.contains(r"^-?0(\.0+)?$")
    cell = pl.col("w").str
    parts = written.to_frame("w").select(
        sign=pl.when(cell.starts_with("-")).then(-1).otherwise(1),
        pounds=cell.extract(r"^-?(\d+)", 1).cast(pl.Int64, strict=False),
        pence=cell.extract(r"\.(\d+)$", 1).fill_null("").str.pad_end(2, "0").cast(pl.Int64, strict=False),
    )
    pence = parts.select(pl.col("sign") * (pl.col("pounds") * 100 + pl.col("pence")))["sign"]
    return clear & (pence.abs() <= LARGEST).fill_null(False), pence


def _by_form(written: pl.Series, column: Column, kind):
    forms = written.unique().to_list()
    found, wrong = [], []
    for each in forms:
        try:
            found.append(column.read(each))
        except Unreadable as problem:
            found.append(None)
            wrong.append((each, problem.code, str(problem)))
    known = pl.DataFrame({"value": forms, "found": found}, schema={"value": pl.String, "found": kind})
    bad = pl.DataFrame(wrong, schema={"value": pl.String, "code": pl.String, "message": pl.String}, orient="row")
    return known, bad if wrong else None
