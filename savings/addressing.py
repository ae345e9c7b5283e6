"""Where a figure opens: the ledger list, filtered to the entries that add up to it (DESIGN rule 10)."""

from collections import defaultdict
from urllib.parse import urlencode

from django.urls import reverse

from councils import carrying
from savings.models.typed import BenefitClass, Kind, Series


def entries(**filters):
    """Address of the ledger list with these filters; an empty one filters nothing."""
    query = urlencode({name: value for name, value in filters.items() if value not in (None, "")}, doseq=True)
    return f"{reverse('savings:ledger')}?{query}" if query else reverse("savings:ledger")


def opened(*, council=None, partnership=None, year=None):
    """Addresses of what a row of figures is made of, by name of the figure. `year` is a financial-year start.

    `counted` and `proven` have none: which claims count is decided for whole lines, not by a filter of entries. Nor has
    `promised`: only the version in force is promised, up to the year of reading; the list holds every version and year.
    A council's figures carried to successors open nowhere, since a share of an amount is nobody's row; the list of
    everything is there all the same.
    """
    where = {
        "council": council.slug if council else None,
        "partnership": partnership.slug if partnership else None,
        "year": year,
    }
    if council is not None and carrying.reading() is not None:
        return closed() | {"everything": entries(**where)}
    banked = where | {"series": Series.BANKED}
    saving = banked | {"kind": Kind.SAVING}
    return {
        "everything": entries(**where),
        "claimed": entries(**saving, benefit_class=BenefitClass.CASH_RELEASING),
        "unsigned": entries(**banked, standing="unsigned"),
        "one_off_cost": entries(**banked, kind=Kind.ONE_OFF_COST),
        "running_cost": entries(**banked, kind=Kind.RUNNING_COST),
        "income": entries(**banked, kind=Kind.INCOME),
        "non_cash": entries(**saving, benefit_class=BenefitClass.NON_CASH_RELEASING),
        "avoidance": entries(**saving, benefit_class=BenefitClass.COST_AVOIDANCE),
        "reduction": entries(**saving, benefit_class=BenefitClass.SERVICE_REDUCTION),
        "funding_shift": entries(**saving, benefit_class=BenefitClass.FUNDING_SHIFT),
    }


def closed():
    """The same for somebody to whom the entries are not shown: nothing opens."""
    return defaultdict(str)
