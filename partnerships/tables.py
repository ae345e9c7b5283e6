"""The list of partnerships."""

import django_tables2 as tables
from django.db.models.functions import Lower
from django.utils.html import format_html

from councils.columns import NUMERIC, GovukTable
from councils.tables import INVENTED

from .dates import dated


class PartnershipTable(GovukTable):
    """Rows are `Partnership`s with `claims`, a number, and services and current memberships prefetched.

    `standing` is called with a row and says in a few words what the ledger says of it.
    """

    caption = "Partnerships"
    row_header = "name"
    stacked = True

    name = tables.Column(verbose_name="Partnership")
    members = tables.Column(verbose_name="Members", accessor="pk", orderable=False)
    shared = tables.Column(verbose_name="Services", accessor="pk", orderable=False)
    started_on = tables.Column(verbose_name="Since")
    ended = tables.Column(verbose_name="Until", accessor="pk", orderable=False)
    standing = tables.Column(verbose_name="What is held", accessor="pk", orderable=False, attrs=NUMERIC)

    class Meta:
        order_by = ("name",)

    def __init__(self, *args, standing=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.say = standing

    def order_name(self, partnerships, is_descending):
        """Capitals or not: ip&e stands among the I's."""
        name = Lower("name")
        return partnerships.order_by(name.desc() if is_descending else name), True

    def render_name(self, value, record):
        tag = INVENTED if record.invented else ""
        return format_html('<a class="govuk-link" href="{}">{}</a>{}', record.get_absolute_url(), value, tag)

    def render_members(self, record):
        names = sorted({membership.council.short_name for membership in record.memberships.all()})
        return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")

    def render_shared(self, record):
        return ", ".join(sorted(each.service.name for each in record.services.all()))

    def render_started_on(self, record):
        return dated(record.started_on, record.started_precision)

    def render_ended(self, record):
        ending = getattr(record, "ending", None)
        return dated(ending.ended_on, ending.ended_precision) if ending else "—"

    def render_standing(self, record):
        return self.say(record)
