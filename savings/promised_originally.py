"""What was promised originally, set beside what is promised now, wherever a partnership's page shows its promise."""

from councils.money import pounds, short_pounds
from savings.cells import Cell

BEFORE = 1  # the column of the promise stands first behind the rows' names; what was promised originally before it


def set_beside(page, bridge, members):
    """The context `page` of a partnership with a column more in each table, and a sentence; as it is if never restated.

    `members` are the councils of the rows of the table by member, in their order.
    """
    if not bridge.restated:
        return page
    through = page["through"].start
    due = bridge.of(through=through).original
    years = [bridge.of(year=each.year).original.net for each in page["figures"].years]
    by_member = [bridge.of(council=council.pk, through=through).original.net for council in members]
    return page | {
        "promised_originally": due,
        "chart": page["chart"] and _said(page["chart"], due),
        "by_member": _column(page["by_member"], by_member, due.net),
        "year_by_year": _column(page["year_by_year"], years, due.net),
        "taken_apart": _column(page["taken_apart"], [due.saving, -due.cost, due.charges], due.net),
    }


def _said(chart, due):
    return chart._replace(sentence=f"{chart.sentence} {short_pounds(due.net)} was promised originally by then.")


def _column(table, amounts, total):
    """`table` with a column of `amounts` (pence, one for each row) before that of the promise, and `total` under it."""
    headers, footer = list(table.headers), list(table.footer)
    headers[BEFORE] = headers[BEFORE].replace("Promised", "Promised now")
    headers.insert(BEFORE, headers[BEFORE].replace("now", "originally"))
    footer.insert(BEFORE, Cell(pounds(total)))
    rows = [[*row[:BEFORE], Cell(pounds(pence)), *row[BEFORE:]] for row, pence in zip(table.rows, amounts, strict=True)]
    return table._replace(headers=headers, rows=rows, footer=footer)
