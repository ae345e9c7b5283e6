"""Sending files to the cast's councils, as a finance officer would."""

import csv
import io

from savings.models import Upload
from savings.uploads import applying, keeping
from savings.uploads.entry_columns import NAMES
from tests.cast import NOW
from tests.factories import acting

ROW = {
    "council": "NFD", "partnership": "north-south", "scheme": "REV-01", "series": "banked", "kind": "saving",
    "class": "cash_releasing", "recurrence": "recurring", "financial_year": "2025-26", "month": "April",
    "amount": "1234.50", "note": "", "ledger_code": "", "document_ref": "", "external_key": "",
}  # fmt: skip


def row(**changed):
    return ROW | {name.rstrip("_"): value for name, value in changed.items()}


def as_csv(*rows, names=NAMES, separator=","):
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=separator, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def send(cast, content, *, by="asha", council="NFD", at=NOW, **options):
    with acting(cast.people[by], at) as how:
        return keeping.send(
            content if isinstance(content, bytes) else as_csv(*content), name="Quarter.csv",
            council=cast.councils[council], **how, **options,
        )  # fmt: skip


def apply(cast, content, *, by="asha", council="NFD", at=NOW, good_rows=False, **options):
    sent = send(cast, content, by=by, council=council, at=at, **options)
    with acting(cast.people[by], at) as how:
        return applying.apply(
            upload=Upload.objects.get(pk=sent.upload.pk), found=sent.found, good_rows=good_rows, **how
        )  # fmt: skip


def outcomes(sent):
    """{row: outcome}."""
    return dict(sent.checked.rows.select("row", "outcome").iter_rows())


def codes(sent):
    """[(row, column, code)] of the problems."""
    return [tuple(each) for each in sent.checked.problems.select("row", "column", "code").iter_rows()]
