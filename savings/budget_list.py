"""Budget reductions as a list: what it can be narrowed to, and the table. The address holds the view."""

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from councils.columns import GovukTable, MoneyColumn
from councils.models import Council
from councils.years import FinancialYear
from savings.models import BudgetReduction

ANY = "Any"


class BudgetFilter(django_filters.FilterSet):
    """Takes `rights` and `today`; row-level security shows a council's budgets to its own people only."""

    search = django_filters.CharFilter(label="Search", method="by_words", help_text="Code or description")
    council = django_filters.ModelChoiceFilter(
        queryset=Council.objects.none(), to_field_name="slug", label="Council", empty_label=ANY
    )
    year = django_filters.ChoiceFilter(label="Year", choices=(), empty_label=ANY)
    left = django_filters.ChoiceFilter(
        label="Left", choices=[("some", "Something is left"), ("none", "All of it is claimed")], empty_label=ANY,
        method="by_left",
    )  # fmt: skip

    class Meta:
        model = BudgetReduction
        fields: list[str] = []

    def __init__(self, *args, rights, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["council"].queryset = Council.objects.filter(pk__in=rights.councils()).order_by("name")
        this_year = FinancialYear.containing(today).start
        years = range(this_year + 2, this_year - 20, -1)
        self.filters["year"].extra["choices"] = [(str(start), FinancialYear(start).label) for start in years]

    def by_words(self, rows, _name, words):
        return rows.filter(code__icontains=words.strip()) | rows.filter(description__icontains=words.strip())

    def by_left(self, rows, _name, chosen):
        return rows.filter(left__gt=0) if chosen == "some" else rows.filter(left__lte=0)


class BudgetTable(GovukTable):
    """Rows come from `with_amounts`."""

    row_header = "code"
    stacked = True

    code = tables.Column(verbose_name="Ledger code")
    council = tables.Column(accessor="council__short_name", order_by="council__name", verbose_name="Council")
    year = tables.Column(verbose_name="Year")
    stands_at = MoneyColumn(verbose_name="Taken out")
    claimed = MoneyColumn(verbose_name="Claimed so far")
    left = MoneyColumn(verbose_name="Left")

    def render_code(self, record):
        return format_html(
            '<span><a class="govuk-link" href="{}">{}</a><br><span class="app-quiet">{}</span></span>',
            reverse("savings:budget", args=[record.public_id]), record.code, record.description,
        )  # fmt: skip

    def render_year(self, value):
        return FinancialYear(value).label
