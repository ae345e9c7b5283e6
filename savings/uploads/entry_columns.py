"""The columns of a file of entries (DESIGN section 8), in the order in which they are written."""

from savings.models.typed import BenefitClass, Kind, Recurrence, Series

from . import cells
from .columns import Column

COLUMNS = (
    Column("council", cells.code("council"), True, ("council code",)),
    Column("partnership", cells.Text("partnership", lines=False, longest=200), True, ("partnership slug",)),
    Column("scheme", cells.code("scheme"), True, ("scheme reference",)),
    Column("series", cells.choice("series", dict(Series.choices)), True),
    Column("kind", cells.choice("kind", dict(Kind.choices)), True),
    Column("class", cells.choice("class", dict(BenefitClass.choices)), True, ("benefit class",)),
    Column("recurrence", cells.choice("recurrence", dict(Recurrence.choices)), True),
    Column("financial_year", cells.year, True, ("year", "fy")),
    Column("month", cells.month, True),
    Column("amount", cells.amount, True, ("amount (£)", "amount £", "value", "pounds")),
    Column("note", cells.Text("note"), False, ("notes",)),
    Column("ledger_code", cells.code("ledger_code"), False, ("cost centre",)),
    Column("document_ref", cells.Text("document_ref", lines=False, longest=200), False, ("document reference",)),
    Column("external_key", cells.Text("external_key", lines=False, longest=200), False, ("key",)),
)
NAMES = tuple(column.name for column in COLUMNS)
