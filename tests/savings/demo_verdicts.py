"""The verdict on each partnership, worked out from the facts as EVIDENCE section 7 says: no page shows it yet."""

import datetime
from collections import Counter
from fractions import Fraction
from itertools import accumulate

from partnerships.models import Partnership
from savings.analysis.appraisal import Flow, appraise
from savings.analysis.deflating import Deflator as Prices
from savings.analysis.deflating import Index
from savings.analysis.tolerance import reconciles
from savings.analysis.verdict import Case, verdict
from savings.models import Charge, Deflator, Return, Rollup
from savings.reporting.freshness import last_complete_year


def verdicts(on):
    """Verdict and reasons of each partnership by slug, worked out from the facts as EVIDENCE section 7 says."""
    return {partnership.slug: _verdict(partnership, on)[:2] for partnership in Partnership.objects.all()}


def _verdict(partnership, on):
    facts = list(Rollup.objects.filter(partnership=partnership, audience="members"))
    worth = {fact.year: fact for fact in facts if fact.entries or fact.promised_pence or fact.promised_cost_pence}
    first, last = min(worth), last_complete_year(on).start
    years = range(first, last + 1)
    npv_all, npv_proven = (_npv(facts, years, what) if years else None for what in ("counted_pence", "proven_pence"))
    to_date = [fact for fact in facts if fact.year in years]
    claimed, counted, disputed, proven = (
        sum(getattr(fact, f"{what}_pence") for fact in to_date) for what in ("claimed", "counted", "disputed", "proven")
    )
    ending = getattr(partnership, "ending", None)
    return verdict(
        Case(
            complete_years=len(years),
            completeness=_completeness(partnership, years),
            cost_return_ok=any(fact.one_off_cost_pence or fact.running_cost_pence for fact in to_date) or not years,
            disputed_share=Fraction(claimed - counted + disputed, claimed) if claimed else None,
            charges_reconcile=_reconciles(partnership, years),
            deflators_ok=True,
            npv_all_pence=npv_all if years else Fraction(0),
            npv_proven_pence=npv_proven if years else Fraction(0),
            evidence_share=Fraction(proven, counted) if counted else None,
            planned_payback_index=_planned(facts, first),
            running=ending is None or ending.ended_on > on,
            comparison=None,
        )
    )


def _npv(facts, years, saving):
    indices = {row.year: Index(Fraction(row.index), "outturn") for row in Deflator.objects.all()}
    flows = {
        year: Flow(
            sum(getattr(fact, saving) for fact in facts if fact.year == year),
            sum(fact.one_off_cost_pence + fact.running_cost_pence for fact in facts if fact.year == year),
        )
        for year in years
    }
    return Fraction(appraise(flows, years[0], years[-1], Prices(indices, max(years)))["npv_pence"])


def _completeness(partnership, years):
    signed = Counter(
        (row.council_id, row.quarter.year - (row.quarter.month < 4))
        for row in Return.objects.filter(partnership=partnership, step="signed_off")
    )
    expected = [
        (member.council_id, year)
        for member in partnership.memberships.current()
        for year in years
        if (member.ends_on is None or member.ends_on > datetime.date(year, 4, 1))
        and member.starts_on < datetime.date(year + 1, 4, 1)
    ]
    return Fraction(sum(signed[key] == 4 for key in expected), len(expected)) if expected else Fraction(1)


def _reconciles(partnership, years):
    paid, received = Counter(), Counter()
    for charge in Charge.objects.filter(partnership=partnership, series="banked", year__in=years):
        (paid if charge.council_id == charge.payer_id else received)[charge.year] += charge.amount_pence
    return reconciles(paid, received)


def _planned(facts, first):
    net = [
        sum(fact.promised_pence - fact.promised_cost_pence for fact in facts if fact.year == year)
        for year in range(first, max(fact.year for fact in facts) + 1)
    ]
    total = list(accumulate(net))
    return next((index for index in range(len(total)) if all(later >= 0 for later in total[index:])), None)
