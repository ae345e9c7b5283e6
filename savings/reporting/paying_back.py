"""When a version of a promise pays back, and when the version before it would have: a restatement redraws it."""

from typing import NamedTuple

from councils.years import FinancialYear
from partnerships.models import BusinessCase
from savings.analysis.payback import payback

from .promised import promise


class PayingBack(NamedTuple):
    case: BusinessCase
    before: BusinessCase
    was: str  # completes “Version 1 …”
    is_now: str


def paying_back(case, found):
    """`PayingBack` of the restated `case`, whose `Promise` is `found`; None for a first version. Three queries.

    Beside it stands the latest earlier version that a member approved.
    """
    if case.version == 1:
        return None
    earlier = BusinessCase.objects.filter(partnership=case.partnership_id, version__lt=case.version)
    before = earlier.filter(approvals__isnull=False).order_by("version").last()
    if before is None:
        return None
    promised = promise(before.lines.select_related("council"), before.charges.select_related("payer", "receiver"))
    return PayingBack(case, before, words(promised), words(found))


def paying_back_of(cases):
    """`PayingBack` of the latest of `cases` (latest first, with `approved`) a member approved; None where that is a
    first version. At most six queries."""
    latest = next((case for case in cases if case.approved), None)
    if latest is None or latest.version == 1:
        return None
    found = promise(latest.lines.select_related("council"), latest.charges.select_related("payer", "receiver"))
    return paying_back(latest, found)


def words(found):
    """The moment at which the promised savings have put the promised costs back for good; charges cancel."""
    if not found.years:
        return "promises nothing"
    first, last = found.years[0], found.years[-1]
    told = payback([found.of(year=year).net for year in range(first, last + 1)], first)
    if told["status"] == "immediate":
        return "pays for itself from the first year"
    if told["status"] == "not_yet":
        return f"does not pay back by the end of {FinancialYear(last).label}"
    return f"pays back in {told['fy'].replace('-', '/')}, after {told['years']:.1f} years"
