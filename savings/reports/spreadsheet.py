"""The rows as CSV: one line an entry, in the column names files keep, then what the ledger knows beside them.

A text that a spreadsheet would run as a formula gets an apostrophe in front. Amounts are numbers, negative ones too.
"""

import csv
import io
from collections.abc import Iterable

from councils.money import to_pounds
from councils.years import FinancialYear
from savings.uploads.cells import defused
from savings.uploads.entry_columns import NAMES

from .content import ChargeRow, Content

BESIDE = (
    "grade", "decision", "decided_by", "decided_at", "document_sha256", "entry", "recorded_by",
    "recorded_at", "reverses", "reversed_by", "disputed", "counts", "case_version", "case_in_force", "price_base",
    "adjustment", "funded_by",
)  # fmt: skip
CHARGE_COLUMNS = (
    "reported_by", "partnership", "payer", "receiver", "series", "final", "financial_year", "month", "amount", "note",
    "case_version", "charge", "reverses", "recorded_by", "recorded_at",
)  # fmt: skip


def entries_csv(content: Content) -> bytes:
    """UTF-8 without a mark at its beginning, lines ending as RFC 4180 says."""
    excluded = {each.line for each in content.exclusions}
    return _written((*NAMES, *BESIDE), (_entry(content, row, excluded) for row in content.entries))


def charges_csv(content: Content) -> bytes:
    return _written(CHARGE_COLUMNS, (_charge(content, row) for row in content.charges))


def _written(columns: Iterable[str], lines: Iterable[list]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([defused(cell) if isinstance(cell, str) else cell for cell in line] for line in lines)
    return out.getvalue().encode("utf-8")


def _entry(content, row, excluded):
    counts = row.banked and row.cash and row.line not in excluded
    return [
        row.code, content.partnership.slug, row.scheme, row.series, row.kind, row.benefit_class, row.recurrence,
        _label(row.year), row.month or "", to_pounds(row.pence), row.note, row.ledger_code, row.document_ref,
        row.external_key, row.grade, row.outcome, row.decided_by, _moment(row.decided_at), " ".join(row.digests),
        str(row.entry), row.recorded_by, _moment(row.recorded_at), str(row.reverses or ""), str(row.reversed_by or ""),
        _yes(row.disputed), _yes(counts), row.version or "", _yes(row.in_force) if row.version else "",
        _label(row.price_base) if row.price_base is not None else "", _yes(row.adjustment), row.funded_by,
    ]  # fmt: skip


def _charge(content: Content, row: ChargeRow) -> list:
    return [
        row.reported_by, content.partnership.slug, row.payer, row.receiver, row.series, _yes(row.final),
        _label(row.year), row.month or "", to_pounds(row.pence), row.note, row.version or "", str(row.charge),
        str(row.reverses or ""), row.recorded_by, _moment(row.recorded_at),
    ]  # fmt: skip


def _label(year: int) -> str:
    return FinancialYear(year).label.replace("/", "-")


def _moment(at) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def _yes(value: bool) -> str:
    return "yes" if value else "no"
