"""Reports as a table."""

import django_tables2 as tables
from django.utils.html import format_html

from councils.columns import GovukTable
from savings.models import Job

TAGS = {Job.State.WAITING: "grey", Job.State.RUNNING: "blue", Job.State.DONE: "green", Job.State.FAILED: "red"}
WORDS = {
    Job.State.WAITING: "Waiting",
    Job.State.RUNNING: "Being made",
    Job.State.DONE: "Ready",
    Job.State.FAILED: "Not made",
}


class ReportTable(GovukTable):
    """Select partnership, council, who asked and the job."""

    caption = "Reports asked for by you and your colleagues"
    row_header = "partnership"
    stacked = True

    partnership = tables.Column(accessor="partnership__name", order_by="partnership__name", verbose_name="Partnership")
    council = tables.Column(accessor="council__short_name", order_by="council__name", verbose_name="For")
    asked_by = tables.Column(accessor="asked_by__name", order_by="asked_by__name", verbose_name="Asked for by")
    asked_at = tables.DateTimeColumn(
        accessor="job__asked_at", order_by="pk", format="j F Y, H:i", verbose_name="Asked for"
    )
    state = tables.Column(accessor="job__state", orderable=False, verbose_name="State")

    def render_partnership(self, value, record):
        return format_html('<a class="govuk-link" href="{}">{}</a>', record.get_absolute_url(), value)

    def render_state(self, record):
        state = record.job.state
        return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', TAGS[state], WORDS[state])
