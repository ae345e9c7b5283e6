"""Money and years in templates: `{{ entry.amount_pence|pounds }}`, `{{ scheme.year|financial_year }}`.

What is missing prints as nothing, never as £0: a template that shows missing figures says so in words.
"""

from django import template

from councils import money
from councils.years import FinancialYear

register = template.Library()


@register.filter
def pounds(pence: int | None) -> str:
    """`£1,234.50` from pence."""
    return money.pounds(pence) if isinstance(pence, int) else ""


@register.filter
def short_pounds(pence: int | None) -> str:
    """`£1.23m` from pence: three significant figures, for sentences."""
    return money.short_pounds(pence) if isinstance(pence, int) else ""


@register.filter
def thousands(pence: int | None) -> str:
    """`584,329` from pence: thousands of pounds, as the Revenue Outturn prints them."""
    return f"{round(pence / 100_000):,}".replace("-", money.MINUS) if isinstance(pence, int) else ""


@register.filter
def financial_year(year: FinancialYear | int | None) -> str:
    """`2024/25` from a `FinancialYear` or from the calendar year it starts in."""
    if isinstance(year, int):
        year = FinancialYear(year)
    return year.label if isinstance(year, FinancialYear) else ""
