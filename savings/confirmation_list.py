"""Requests to confirm as a list: what it can be narrowed to, and the table. The address holds the view."""

import django_filters
import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from councils.columns import GovukTable, MoneyColumn
from councils.models import Council
from councils.years import Quarter
from partnerships.models import Membership, Partnership
from savings.models import ConfirmationRequest
from savings.reporting.asked import STATES

ANY = "Any"
COLOURS = {"waiting": "yellow", "answered": "green", "expired": "red", "revoked": "grey", "replaced": "grey"}


class RequestFilter(django_filters.FilterSet):
    """Takes `rights`. Costs two queries for the choices."""

    partnership = django_filters.ModelChoiceFilter(
        queryset=Partnership.objects.none(), to_field_name="slug", label="Partnership", empty_label=ANY
    )
    council = django_filters.ModelChoiceFilter(
        queryset=Council.objects.none(), to_field_name="slug", label="Who is asked", empty_label=ANY
    )
    state = django_filters.ChoiceFilter(label="Standing", choices=list(STATES.items()), empty_label=ANY)

    class Meta:
        model = ConfirmationRequest
        fields: list[str] = []

    def __init__(self, *args, rights, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Membership.objects.filter(council__in=rights.councils()).values("partnership")
        members = Membership.objects.filter(partnership__in=mine).values("council")
        self.filters["partnership"].queryset = Partnership.objects.filter(pk__in=mine).order_by("name")
        self.filters["council"].queryset = Council.objects.filter(pk__in=members).order_by("name")


class RequestTable(GovukTable):
    """What was asked of whom, and what came of it."""

    row_header = "quarter"
    stacked = True

    quarter = tables.Column(order_by=("quarter", "pk"), verbose_name="Quarter")
    partnership = tables.Column(accessor="partnership__name", verbose_name="Partnership")
    council = tables.Column(accessor="council__short_name", order_by="council__name", verbose_name="Who is asked")
    savings = MoneyColumn(verbose_name="Cash savings asked about")
    state = tables.Column(orderable=False, verbose_name="Standing")
    asked_at = tables.Column(order_by="pk", verbose_name="Asked")

    def __init__(self, *args, many, **kwargs):
        super().__init__(*args, **kwargs)
        self.caption = f"{many:,} request{'' if many == 1 else 's'}"
        self.empty_text = "No request matches. Remove a filter."

    def render_quarter(self, record):
        return format_html('<a class="govuk-link" href="{}">{}</a>', record.get_absolute_url(), months(record.quarter))

    def render_state(self, record):
        return format_html(
            '<span><strong class="govuk-tag govuk-tag--{}">{}</strong><br><span class="app-quiet">{}</span></span>',
            COLOURS[record.state], STATES[record.state], standing(record),
        )  # fmt: skip

    def render_asked_at(self, record):
        return format_html(
            '<span>{}<br><span class="app-quiet">{}</span></span>', day(record.asked_at), record.asked_by.name
        )


def months(first_day):
    return Quarter.containing(first_day).months_label


def day(moment):
    return f"{timezone.localtime(moment):%-d %b %Y}"


def standing(request):
    """A few words on where a request stands, as `savings.reporting.asked.requests` read it."""
    if request.state == "answered":
        return f"{day(request.answered.answered_at)} by {request.answered.answered_by.name}"
    if request.state == "revoked":
        return f"{day(request.revoked.revoked_at)} by {request.revoked.revoked_by.name}"
    if request.state == "expired":
        return f"on {day(request.expires_at)}"
    if request.state == "replaced":
        return "The later request counts"
    if not request.has_contact:
        return "No contact to write to: answered signed in"
    if not request.letters:
        return "The email is about to be sent"
    reminders = request.letters - 1
    sent = f", {reminders} reminder{'' if reminders == 1 else 's'}" if reminders > 0 else ""
    return f"Until {day(request.expires_at)}{sent}"
