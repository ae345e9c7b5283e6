"""The table every list page shares, and its columns.

`render` is for people and `value` is for exports, so that a spreadsheet can add up what a page prints with £ signs.
"""

import django_tables2 as tables

from councils.money import pounds, to_pounds

NUMERIC = {
    "th": {"class": "govuk-table__header--numeric"},
    "td": {"class": "govuk-table__cell--numeric"},
    "tf": {"class": "govuk-table__cell--numeric"},
}


class GovukTable(tables.Table):
    """A GOV.UK table with a caption, sort links and pages; 50 rows cost about 50 ms, so lists are paged.

    Subclasses set `caption` (what the table holds, in words) and, where one column names its row, `row_header`.
    `stacked` turns each row into a small card on a phone; leave it off where people compare down a column.
    """

    caption = ""
    row_header = ""
    stacked = False

    def __init__(self, *args, **kwargs):
        # Not in Meta: django-tables2 does not inherit it, and the next list would quietly print another way.
        super().__init__(*args, **{"template_name": "govuk/table.html", **kwargs})


class MoneyColumn(tables.Column):
    """Shows `£1,234.50`; exports 1234.50. The amount is signed pence."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"attrs": NUMERIC, **kwargs})

    def render(self, value):
        return pounds(value)

    def value(self, value):
        return to_pounds(value)


class NumberColumn(tables.Column):
    """A count or a rate: aligned right, thousands separated."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"attrs": NUMERIC, **kwargs})

    def render(self, value):
        return f"{value:,}"

    def value(self, value):
        return value
