"""The typed fields of money, said once: entries, schemes and charges share them, so wrong sums cannot be written."""

from django.db import models
from django.db.models import Q


class Series(models.TextChoices):
    PROJECTED = "projected", "Projected"
    FORECAST = "forecast", "Forecast"
    BANKED = "banked", "Banked"


class Kind(models.TextChoices):
    SAVING = "saving", "Saving"
    ONE_OFF_COST = "one_off_cost", "One-off cost"
    RUNNING_COST = "running_cost", "Running cost"
    INCOME = "income", "Income"


class BenefitClass(models.TextChoices):
    CASH_RELEASING = "cash_releasing", "Cash-releasing"
    NON_CASH_RELEASING = "non_cash_releasing", "Non-cash-releasing"
    COST_AVOIDANCE = "cost_avoidance", "Cost avoidance"
    SERVICE_REDUCTION = "service_reduction", "Service reduction"
    FUNDING_SHIFT = "funding_shift", "Funding shift"


class Recurrence(models.TextChoices):
    RECURRING = "recurring", "Recurring"
    ONE_OFF = "one_off", "One-off"
    TIME_LIMITED = "time_limited", "Time-limited"


class FundedBy(models.TextChoices):
    OWN_BUDGET = "own_budget", "The council's own budget"
    RESERVES = "reserves", "Reserves"
    CAPITAL_RECEIPTS = "capital_receipts", "Capital receipts"
    GRANT = "grant", "Government grant"
    PARTNER = "partner", "Another member"


def one_of(field, choices, *, blank=False):
    """A condition that `field` holds one of `choices` (or is empty, when `blank`)."""
    values = [*choices.values, *([""] if blank else [])]
    return Q(**{f"{field}__in": values})


def period(prefix):
    """Constraints on `year` (financial-year start) and `month` (1 is April; null is the whole year)."""
    return [
        models.CheckConstraint(name=f"{prefix}_year", condition=Q(year__range=(1990, 2100))),
        models.CheckConstraint(
            name=f"{prefix}_month",
            condition=Q(month__isnull=True) | Q(month__range=(1, 12)),
            violation_error_message="A month is a number from 1 (April) to 12 (March).",
        ),
    ]


def closing_with(quarter):
    """A condition on entries or charges: their period closes with `quarter` (a whole year with its fourth)."""
    months = Q(month__in=quarter.months)
    return Q(year=quarter.year.start) & (months | Q(month__isnull=True) if quarter.quarter == 4 else months)


def amount(prefix):
    """Constraints on `amount_pence`: never zero, and within £10 billion either way."""
    return [
        models.CheckConstraint(
            name=f"{prefix}_not_zero",
            condition=~Q(amount_pence=0),
            violation_error_message="An amount cannot be £0.",
        ),
        models.CheckConstraint(
            name=f"{prefix}_in_range",
            condition=Q(amount_pence__range=(-1_000_000_000_000, 1_000_000_000_000)),
            violation_error_message="An amount cannot be more than £10 billion.",
        ),
    ]
