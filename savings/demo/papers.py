"""What stands on the document behind each entry."""

from councils.money import pounds

from .arrangement import CSV, MONTHS, scheme_of
from .councils import COUNCILS
from .documents import csv_bytes, keep, pdf

SHORT = {one.code: one.short_name for one in COUNCILS}


def file_for(arrangement, line, index, month, dates):
    """The stored document for a line's `month` (or quarter that ends with it), or for its whole year when None."""
    year = dates.year(index)
    period = year.label if month is None else year.month_label(month)
    title = f"{_kind(line, month)}: {scheme_of(arrangement, line).title}, {period}"
    name = f"{SHORT[line.council].lower()}-{line.scheme.lower()}-{period.lower().replace('/', '-').replace(' ', '-')}"
    whole = line.banked[index] * 100
    amount = whole if month is None else whole // len(line.months)
    if line.proof == CSV:
        rows = [
            ["council", "scheme", "period ending", "amount"],
            [SHORT[line.council], line.scheme, period, amount // 100],
        ]
        return keep(csv_bytes(rows), name=f"{name}.csv", title=title)
    lines = [
        f"Council: {SHORT[line.council]}",
        f"Partnership: {arrangement.name}",
        f"Scheme: {line.scheme} {scheme_of(arrangement, line).title}",
        f"Period: {period}",
        f"Amount: {pounds(amount)}",
    ]
    if line.months == MONTHS:
        lines.append(f"Each of twelve months: {pounds(whole // 12)}")
    if line.note:
        lines.append(line.note)
    return keep(pdf(title, lines), name=f"{name}.pdf", title=title)


def _kind(line, month):
    if line.kind == "saving":
        return "Budget monitoring" if month else "Outturn statement"
    return "Income statement" if line.kind == "income" else "Cost statement"
