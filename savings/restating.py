"""A version written out again as the text its drafting screen takes, so that only what changes is typed."""

import csv
import io

from councils.money import to_pounds
from councils.years import MONTHS, FinancialYear
from savings.models.typed import BenefitClass, FundedBy, Kind, Recurrence


def initial_of(case):
    """The first contents of the form that restates `case`. Two queries."""
    lines = case.lines.select_related("council").order_by("pk")
    charges = case.charges.select_related("payer", "receiver").order_by("pk")
    volume = case.partnership.volumes.filter(driver=case.volume_driver).order_by("-pk").first()
    return {
        "title": case.title, "horizon_year": case.horizon_year, "price_base": case.price_base,
        "lines": written(line_cells(line) for line in lines),
        "charges": written(charge_cells(charge) for charge in charges),
        "volume_driver": case.volume_driver, "volume_unit": volume.unit if volume else "",
        "elasticity": case.elasticity if case.volume_driver else "",
    }  # fmt: skip


def written(rows):
    """Rows of cells as lines with commas."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().replace(",", ", ") if '"' not in out.getvalue() else out.getvalue()


def charge_cells(charge):
    year, amount = FinancialYear(charge.year).label, to_pounds(charge.amount_pence)
    return [charge.payer.short_name, charge.receiver.short_name, year, amount]


def line_cells(line):
    cells = [
        line.council.short_name, line.scheme_reference, FinancialYear(line.year).label, Kind(line.kind).label,
        to_pounds(line.amount_pence), BenefitClass(line.benefit_class).label if line.benefit_class else "",
        Recurrence(line.recurrence).label, MONTHS[line.month - 1] if line.month else "",
        FundedBy(line.funded_by).label if line.funded_by else "",
    ]  # fmt: skip
    while not cells[-1]:
        cells.pop()
    return cells
