"""Checkpoints as a table."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from councils.columns import GovukTable

NONE_YET = "There is no checkpoint yet. The worker makes one every day, the first within a minute of its start."


class CheckpointTable(GovukTable):
    """Rows are `Checkpoint`s, newest first."""

    caption = "The latest checkpoints"
    row_header = "moment"
    stacked = True

    moment = tables.DateTimeColumn(format="j F Y, H:i:s", orderable=False, verbose_name="Moment")
    why = tables.Column(orderable=False, verbose_name="Made because")
    root = tables.Column(orderable=False, verbose_name="Root")
    file = tables.Column(empty_values=(), orderable=False, verbose_name="To keep")

    def render_why(self, record):
        return {"daily": "One is made every day", "close": "A quarter was closed"}.get(record.why, "Somebody asked")

    def render_root(self, value):
        return format_html('<code class="app-hash">{}</code>', value)

    def render_file(self, record):
        return format_html(
            '<a class="govuk-link" href="{}" download>Download<span class="govuk-visually-hidden"> the checkpoint of {}'
            "</span> (JSON)</a>",
            reverse("savings:checkpoint-file", args=[record.public_id]),
            f"{record.moment:%-d %B %Y, %H:%M}",
        )
