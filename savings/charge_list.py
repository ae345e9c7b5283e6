"""Charges as a list: what it can be narrowed to, and the table. The address holds the view."""

from urllib.parse import urlencode

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html

from councils.columns import GovukTable, MoneyColumn
from councils.models import Council
from councils.years import FinancialYear
from partnerships.models import Membership, Partnership
from savings import words
from savings.filters import closing_in
from savings.models import Charge
from savings.models.typed import Series

ANY = "Any"
STANDINGS = {
    "final": Q(final=True),
    "provisional": Q(final=False, reversed_by__isnull=True, reverses__isnull=True),
    "reversed": Q(reverses__isnull=False) | Q(reversed_by__isnull=False),
}


class ChargeFilter(django_filters.FilterSet):
    """Takes `rights` and `today`. Costs two queries for the choices: partnerships and councils."""

    partnership = django_filters.ModelChoiceFilter(
        queryset=Partnership.objects.none(), to_field_name="slug", label="Partnership", empty_label=ANY
    )
    payer = django_filters.ModelChoiceFilter(
        queryset=Council.objects.none(), to_field_name="slug", label="Payer", empty_label=ANY
    )
    receiver = django_filters.ModelChoiceFilter(
        queryset=Council.objects.none(), to_field_name="slug", label="Receiver", empty_label=ANY
    )
    said_by = django_filters.ChoiceFilter(
        label="Reported by", choices=[("payer", "The payer"), ("receiver", "The receiver")], empty_label="Either",
        method="by_side",
    )  # fmt: skip
    year = django_filters.ChoiceFilter(label="Year", choices=(), empty_label=ANY)
    series = django_filters.ChoiceFilter(
        label="Series", choices=[(s.value, s.label) for s in (Series.BANKED, Series.PROJECTED)], empty_label=ANY
    )
    standing = django_filters.ChoiceFilter(
        label="Standing", choices=[(name, name.capitalize()) for name in STANDINGS], empty_label=ANY,
        method="by_standing",
    )  # fmt: skip
    quarter = django_filters.CharFilter(label="Quarter", method=closing_in, widget=forms.HiddenInput)

    class Meta:
        model = Charge
        fields: list[str] = []

    def __init__(self, *args, rights, today, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Membership.objects.filter(council__in=rights.councils()).values("partnership")
        members = Membership.objects.filter(partnership__in=mine).values("council")
        self.filters["partnership"].queryset = Partnership.objects.filter(pk__in=mine).order_by("name")
        councils = Council.objects.filter(pk__in=members).order_by("name")
        self.filters["payer"].queryset = self.filters["receiver"].queryset = councils
        this_year = FinancialYear.containing(today).start
        years = range(this_year + 10, this_year - 20, -1)
        self.filters["year"].extra["choices"] = [(str(start), FinancialYear(start).label) for start in years]

    def by_side(self, rows, _name, side):
        return rows.filter(council=F(side))

    def by_standing(self, rows, _name, chosen):
        return rows.filter(STANDINGS[chosen])


def with_other_side(charges):
    """Each also with `other_said`: whether the other council reports charges of that pair and year that stand."""
    pair = {name: OuterRef(name) for name in ("partnership", "payer", "receiver", "year", "series")}
    others = Charge.objects.filter(**pair, reverses__isnull=True, reversed_by__isnull=True)
    return charges.annotate(other_said=Exists(others.exclude(council=OuterRef("council"))))


class ChargeTable(GovukTable):
    """Charges as one side reported them; takes the `rights` of who reads, to offer them what they can reverse."""

    row_header = "period"
    stacked = True

    period = tables.Column(accessor="year", order_by=("year", "month"), verbose_name="Period")
    payer = tables.Column(accessor="payer__short_name", order_by="payer__name", verbose_name="Payer")
    receiver = tables.Column(accessor="receiver__short_name", order_by="receiver__name", verbose_name="Receiver")
    partnership = tables.Column(accessor="partnership__name", order_by="partnership__name", verbose_name="Partnership")
    amount_pence = MoneyColumn(verbose_name="Amount")
    standing = tables.Column(empty_values=(), orderable=False, verbose_name="Standing")
    reported = tables.Column(accessor="council__short_name", order_by="council__name", verbose_name="Reported by")
    undo = tables.Column(empty_values=(), orderable=False, verbose_name="Reverse")

    def __init__(self, *args, rights, many, **kwargs):
        super().__init__(*args, **kwargs)
        self.rights = rights
        self.empty_text = "No charge matches. Remove a filter, or report one."
        self.caption = f"{many:,} charge{'' if many == 1 else 's'}"

    def render_period(self, record):
        period = words.period(record)
        return period[:1].upper() + period[1:]

    def render_standing(self, record):
        said = charge_standing(record)
        note = format_html('<br><span class="app-quiet">{}</span>', record.note) if record.note else ""
        notes = format_html(
            '<br><a class="govuk-link" href="{}">Notes<span class="govuk-visually-hidden"> about {}</span></a>',
            reverse("savings:notes", args=["charge", record.public_id]), words.spoken_charge(record),
        )  # fmt: skip
        return format_html("<span>{}{}{}</span>", said, note, notes)

    def render_reported(self, record):
        return format_html(
            '<span>{}<br><span class="app-quiet">{}, <span class="app-nowrap">{}</span></span><br>{}</span>',
            record.council.short_name, record.recorded_by.name, f"{record.recorded_at:%-d %b %Y}", other_side(record),
        )  # fmt: skip

    def render_undo(self, record):
        if not may_reverse(self.rights, record):
            return "–"
        final = "" if record.final else format_html(
            '<a class="govuk-link" href="{}">Make final<span class="govuk-visually-hidden"> {}</span></a><br>',
            reverse("savings:charge-finalise", args=[record.public_id]), words.spoken_charge(record),
        )  # fmt: skip
        return format_html(
            '<span>{}<a class="govuk-link" href="{}">Reverse<span class="govuk-visually-hidden"> {}</span></a></span>',
            final, reverse("savings:charge-reverse", args=[record.public_id]), words.spoken_charge(record),
        )  # fmt: skip


def other_side(charge):
    """A link from one side's report to what the other reports of that pair and year, or that it reports nothing.

    Only banked charges are reported by both. Reads `other_said` (`with_other_side`).
    """
    if charge.series == Series.PROJECTED:
        return ""
    paid = charge.council_id == charge.payer_id
    other, year = charge.receiver if paid else charge.payer, FinancialYear(charge.year)
    if not charge.other_said:
        return format_html(
            '<span class="app-quiet">{} has reported nothing for {}</span>', other.short_name, year.label
        )
    where = {
        "partnership": charge.partnership.slug, "payer": charge.payer.slug, "receiver": charge.receiver.slug,
        "said_by": "receiver" if paid else "payer", "year": charge.year, "series": charge.series,
    }  # fmt: skip
    return format_html(
        '<a class="govuk-link" href="{}?{}">What {} reports<span class="govuk-visually-hidden"> for {}</span></a>',
        reverse("savings:charges"), urlencode(where), other.short_name, year.label,
    )  # fmt: skip


def charge_standing(charge):
    """`Final`, `Provisional`, `Planned`, or that it was reversed. Reads `reversed_by`, so select it."""
    if charge.reverses_id:
        return "Reversal"
    if hasattr(charge, "reversed_by"):
        return "Reversed"
    if charge.series == Series.PROJECTED:
        return "Planned"
    said = "Final" if charge.final else "Provisional"
    return f"{said}, adjustment" if charge.adjustment else said


def may_reverse(rights, charge):
    """Whoever records for the council that reported it, once, and never what a business case planned."""
    settled = charge.reverses_id or hasattr(charge, "reversed_by") or charge.series == Series.PROJECTED
    return rights.may_record(charge.council_id) and not settled
