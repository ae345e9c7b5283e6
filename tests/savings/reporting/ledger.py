"""A ledger small enough to add up by eye, and the way from it to facts."""

import datetime

from councils.years import FinancialYear
from savings.actions import charges, returns
from savings.models import Mark, Rollup
from savings.reporting import rollups
from tests.database import as_role
from tests.factories import acting, an_entry

ON = datetime.date(2026, 6, 15)
NOT_FIGURES = {"id", "audience", "partnership_id", "council_id", "year", "last_event", "computed_at"}


def roll_up():
    """Drain as the worker does; nothing waits and nothing differs from the ledger afterwards."""
    with as_role("worker"):
        rollups.drain()
        assert not Mark.objects.exists()
        assert rollups.check() == []


def fact(cast, council="NFD", year=2025, audience="members"):
    """One fact's figures by name, without `_pence`, and without those that are nought."""
    with as_role("worker"):
        row = Rollup.objects.values().get(
            partnership=cast.partnership, council=cast.councils[council], year=year, audience=audience
        )
    return {name.removesuffix("_pence"): value for name, value in row.items() if value and name not in NOT_FIGURES}


def audiences():
    with as_role("worker"):
        return set(Rollup.objects.values_list("audience", flat=True))


def southmere_claims(cast, **fields):
    return an_entry(cast, by="omar", council="STM", **fields)


def southmere_pays(cast, amount_pence, *, by="omar", council="STM", year=2025, month=None):
    """Southmere is charged by Northford; by default as the payer reports it."""
    with acting(cast.people[by]) as how:
        return charges.report_charge(
            **how, council=cast.councils[council], partnership=cast.partnership, payer=cast.councils["STM"],
            receiver=cast.councils["NFD"], year=FinancialYear(year), month=month, amount_pence=amount_pence,
        )  # fmt: skip


def nil_return(cast, *, by, council, quarter, step="submitted"):
    with acting(cast.people[by]) as how:
        returns.step(
            **how, partnership=cast.partnership, council=cast.councils[council], quarter=quarter, step=step,
            nil_savings=True, nil_costs=True,
        )  # fmt: skip
