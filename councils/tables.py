"""The list of councils."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .columns import GovukTable, NumberColumn

INVENTED = mark_safe(' <strong class="govuk-tag govuk-tag--yellow app-tag--small">Invented</strong>')


class CouncilTable(GovukTable):
    """Rows are `Council`s `with_end`, with `memberships_shown`: the number of partnerships in sight. `on` is today."""

    caption = "Councils and other public bodies"
    row_header = "name"
    stacked = True

    name = tables.Column(verbose_name="Name")
    kind = tables.Column(verbose_name="Kind")
    region = tables.Column(verbose_name="Region", empty_values=())
    being = tables.Column(verbose_name="In being", accessor="_ends", empty_values=())
    population_2020 = NumberColumn(verbose_name="People, 2020")
    memberships_shown = NumberColumn(verbose_name="Partnerships")

    class Meta:
        order_by = ("name",)

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def render_name(self, value, record):
        tag = INVENTED if record.invented else ""
        return format_html('<a class="govuk-link" href="{}">{}</a>{}', record.get_absolute_url(), value, tag)

    def render_region(self, record):
        return ", ".join(dict.fromkeys(filter(None, [record.region, record.nation]))) or "—"

    def render_being(self, record):
        if record.ends_on:
            return f"{'Until' if record.has_ended(self.on) else 'Ends'} {record.ends_on:%-d %B %Y}"
        if record.started_on and record.started_on > self.on:
            return f"From {record.started_on:%-d %B %Y}"
        return "Yes"
