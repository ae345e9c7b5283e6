"""The ledger as a table."""

import django_tables2 as tables
from django.utils.html import format_html

from councils.columns import GovukTable, MoneyColumn
from savings import words


class EntryTable(GovukTable):
    """Entries with their scheme, council and standing. Select what `words.standing` reads, and the names."""

    caption = "Entries"
    row_header = "scheme"
    stacked = True

    scheme = tables.Column(order_by=("scheme__reference", "scheme__partnership_id"))
    council = tables.Column(accessor="council__short_name", order_by="council__name", verbose_name="Council")
    period = tables.Column(accessor="year", order_by=("year", "month"), verbose_name="Period")
    what = tables.Column(accessor="kind", order_by=("series", "kind", "benefit_class"), verbose_name="What")
    amount_pence = MoneyColumn(verbose_name="Amount")
    standing = tables.TemplateColumn("{% load ledger %}{% standing record %}", orderable=False, verbose_name="Standing")
    recorded_at = tables.Column(order_by="pk", verbose_name="Recorded", attrs={"td": {"class": "app-nowrap"}})

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
