"""Deflators, discount rates, published uplifts and studies, from the carried tables."""

from decimal import Decimal

from councils.loading import basis_points, date_of
from councils.years import FinancialYear

from .models import Deflator, DeflatorRelease, DiscountRate, OptimismBias, Study

DISCOUNT_SCHEDULE = "stpr_2003"  # the Green Book's social time preference rates, as EVIDENCE names them


def load(loading):
    load_deflators(loading)
    load_discount_rates(loading)
    load_optimism_bias(loading)
    load_studies(loading)


def load_deflators(loading):
    """A release is named by its vintage, which begins with the day it was published."""
    table = loading.read("gdp_deflators")
    releases = {row["vintage"]: row["index_base"] for row in table}
    loading.add(
        "deflator_releases",
        DeflatorRelease.objects.filter(invented=False),
        [
            {"name": vintage, "released_on": date_of(vintage[:10]), "index_base": base}
            for vintage, base in releases.items()
        ],
        key=["name"],
    )
    ids = dict(DeflatorRelease.objects.values_list("name", "id"))
    rows = [
        {
            "release_id": ids[row["vintage"]],
            "year": FinancialYear.parse(row["financial_year"]).start,
            "index": Decimal(row["index"]),
        }
        for row in table
    ]
    loading.add("deflators", Deflator.objects.all(), rows, key=["release_id", "year"])


def load_discount_rates(loading):
    rows = [
        {
            "schedule": DISCOUNT_SCHEDULE,
            "year_from": int(row["year_from"]),
            "year_to": int(row["year_to"]),
            "rate_bps": basis_points(row["rate"]),
            "vintage": row["vintage"],
        }
        for row in loading.read("discount_rates")
    ]
    loading.add("discount_rates", DiscountRate.objects.all(), rows, key=["schedule", "vintage", "year_from"])


def load_optimism_bias(loading):
    uplifts = ("cost_upper", "cost_lower", "duration_upper", "duration_lower")
    rows = [
        {"category": row["category"], "applies_to": row["applies_to"]}
        | {f"{uplift}_bps": basis_points(row[uplift]) for uplift in uplifts}
        for row in loading.read("optimism_bias")
    ]
    loading.add("optimism_bias", OptimismBias.objects.all(), rows, key=["category"])


def load_studies(loading):
    as_they_are = ("authors", "outlet", "country", "service", "sample", "method", "direction", "n", "finding")
    rows = [
        {column: row[column] for column in as_they_are}
        | {
            "key": row["study_id"],
            "year": int(row["year"]),
            "effect_percent": row["effect_pct_cost"],
            "standard_error": row["std_error_pct"],
            "checked": row["verified"],
        }
        for row in loading.read("studies")
    ]
    loading.add("studies", Study.objects.all(), rows, key=["key"])
