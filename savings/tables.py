"""The ledger as a table."""

import django_tables2 as tables
from django.core.paginator import Paginator
from django.utils.html import format_html
from django_tables2.rows import BoundRows

from councils.columns import GovukTable, MoneyColumn
from savings import words
from savings.reporting.listing import listed


class EntryTable(GovukTable):
    """Entries with their scheme, council and standing; `show` puts a page of a `Listing` in it."""

    row_header = "scheme"
    stacked = True

    scheme = tables.Column(order_by=("scheme__reference", "scheme__partnership_id"))
    council = tables.Column(accessor="council__short_name", order_by="council__name", verbose_name="Council")
    period = tables.Column(accessor="year", order_by=("year", "month"), verbose_name="Period")
    what = tables.Column(accessor="kind", order_by=("series", "kind", "benefit_class"), verbose_name="What")
    amount_pence = MoneyColumn(verbose_name="Amount")
    standing = tables.TemplateColumn(
        "{% load ledger %}{% standing record %}{% pair record %}", orderable=False, verbose_name="Standing"
    )
    recorded_at = tables.Column(order_by="pk", verbose_name="Recorded", attrs={"td": {"class": "app-nowrap"}})

    def show(self, found, *, page, per_page):
        """Read one page of `found` (a `Listing`) whole, and no other; a page that is none is the first or the last."""
        many = len(found.ids)
        self.caption = f"{'More than ' if found.overflows else ''}{many:,} entr{'y' if many == 1 else 'ies'}"
        self.empty_text = "No entry matches. Remove a filter, or search for something else."
        self.paginator = Paginator(found.ids, per_page)
        self.page = self.paginator.get_page(page)
        self.page.object_list = BoundRows(listed(self.page.object_list), table=self)

    def render_scheme(self, record):
        return format_html(
            '<span><a class="govuk-link" href="{}">{}</a><br><span class="app-quiet">{}</span></span>',
            record.get_absolute_url(), record.scheme, record.partnership.name,
        )  # fmt: skip

    def render_period(self, record):
        period = words.period(record)
        return period[:1].upper() + period[1:]

    def render_what(self, record):
        return words.what(record)

    def render_recorded_at(self, record):
        return f"{record.recorded_at:%-d %b %Y}"


class SchemeEntryTable(EntryTable):
    """The same beneath a scheme, whose name need not be repeated: the period leads to the entry."""

    row_header = "period"
    scheme = None

    def render_period(self, record):
        return format_html(
            '<a class="govuk-link" href="{}">{}</a>', record.get_absolute_url(), super().render_period(record)
        )
