"""The columns of a file of entries as a Frictionless table schema, so that others can write and check such files.

Source: Table Schema, version 1 (fields, types, constraints). `docs/entries.tableschema.json` is what `written` gives.
"""

import json

from savings.models.typed import BenefitClass, Kind, Recurrence, Series

from .cells import LONGEST_CODE, LONGEST_TEXT
from .entry_columns import COLUMNS

CHOICES = {"series": Series, "kind": Kind, "class": BenefitClass, "recurrence": Recurrence}
SAYS = {
    "council": "Code of the council whose entry it is.",
    "partnership": "Short name of the partnership, as its address has it.",
    "scheme": "Reference of the scheme within the partnership.",
    "series": "A projected amount comes from an approved business case and is never uploaded.",
    "kind": "Savings and costs are both positive.",
    "class": "Of a saving; empty otherwise.",
    "recurrence": "Whether it comes back.",
    "financial_year": "The year it relates to, April to March.",
    "month": "Counted from April: April is 1, March is 12. Empty is the whole year.",
    "amount": "Pounds in the prices of the time, with at most two decimals; never nought. Negative only in exports.",
    "note": "What a colleague or an auditor needs to follow the figure.",
    "ledger_code": "Of a saving: the budget it was taken out of, recorded for that council and year.",
    "document_ref": "The council's own reference of a document.",
    "external_key": "The council's own key of the row, one entry each.",
}
CELLS: dict[str, dict] = {
    "financial_year": {"type": "string", "constraints": {"pattern": "[0-9]{4}[-/][0-9]{2}"}},
    "month": {"type": "integer", "constraints": {"minimum": 1, "maximum": 12}},
    "amount": {"type": "number", "bareNumber": True},
    "note": {"type": "string", "constraints": {"maxLength": LONGEST_TEXT}},
    "ledger_code": {"type": "string", "constraints": {"maxLength": LONGEST_CODE}},
}
FILLED = ("council", "partnership", "scheme", "series", "kind", "financial_year", "amount")


def schema() -> dict:
    """The table schema, fields in the order in which files are written."""
    return {"fields": [_field(column.name) for column in COLUMNS], "missingValues": [""]}


def _field(name: str) -> dict:
    said = {"name": name, "description": SAYS[name], "type": "string"} | CELLS.get(name, {})
    constraints = dict(said.pop("constraints", {}))
    if name in CHOICES:
        constraints["enum"] = [str(value) for value in CHOICES[name].values]
    if name in FILLED:
        constraints["required"] = True
    return said | ({"constraints": constraints} if constraints else {})


def written() -> str:
    """The file as it is published."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
