"""What the verdict of EVIDENCE section 7 asks about one partnership, worked out from its facts. No database.

A year in which members were expected to say something and none did is missing, not nought: no present value is then
known. After an ending nobody is expected, and the years count as nought.
"""

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from councils.years import FinancialYear
from partnerships.models import Membership
from savings.analysis.appraisal import Flow, appraise
from savings.analysis.deflating import Deflator
from savings.analysis.payback import payback
from savings.analysis.tolerance import reconciles
from savings.analysis.verdict import Case

from . import added
from .amounts import Figures
from .figures import Fact

Years = dict[int, Figures]
Expected = dict[tuple[int, int], int]  # quarters by council and year


def by_year(facts: list[Fact]) -> Years:
    parts: defaultdict[int, list[Figures]] = defaultdict(list)
    for fact in facts:
        parts[fact.year].append(fact.figures)
    return {year: added(Figures, figures) for year, figures in parts.items()}


def case(
    facts: list[Fact], memberships: list[Membership], deflator: Deflator | None, last: FinancialYear, *, running: bool
) -> Case:
    """`memberships` are the current versions; `last` is the last complete year; no deflator means none is loaded."""
    found = by_year(facts)
    first = min((year for year, figures in found.items() if _begun(figures)), default=last.start + 1)
    years = range(first, last.start + 1)
    expected = _expected(memberships, years)
    known = {year: found.get(year, Figures()) for year in years if _said(found.get(year)) or not _due(expected, year)}
    total = added(Figures, [found[year] for year in years if year in found])
    return Case(
        complete_years=len(years),
        completeness=_completeness(facts, expected),
        cost_return_ok=bool(total.costs or total.nil_cost_returns),
        disputed_share=Fraction(total.excluded + total.disputed, total.claimed) if total.claimed else None,
        charges_reconcile=reconciles(
            {year: figures.charges_paid for year, figures in known.items()},
            {year: figures.charges_paid + figures.charges_unreconciled for year, figures in known.items()},
        ),
        deflators_ok=deflator is not None and deflator.covers(*years),
        npv_all_pence=_npv(known, years, deflator, lambda figures: figures.counted),
        npv_proven_pence=_npv(known, years, deflator, lambda figures: figures.proven),
        evidence_share=Fraction(total.proven, total.counted) if total.counted else None,
        planned_payback_index=_planned_payback(found, first),
        running=running,
        comparison=None,
    )


def fading(facts: list[Fact], last: FinancialYear) -> bool:
    """Whether nothing was gained, net, in either of the last two complete years."""
    found = by_year(facts)
    lately = [found[year].counted - found[year].costs for year in (last.start - 1, last.start) if year in found]
    return len(lately) == 2 and max(lately) <= 0


def _begun(figures: Figures) -> bool:
    """Whether any cost or saving was projected or banked."""
    return bool(figures.entries or figures.promised or figures.promised_cost)


def _said(figures: Figures | None) -> bool:
    return figures is not None and bool(figures.entries or figures.returned)


def _due(expected: Expected, year: int) -> bool:
    return any(each == year for _, each in expected)


def _npv(known: Years, years: range, deflator: Deflator | None, saving: Callable[[Figures], int]) -> Fraction | None:
    if not years or deflator is None:
        return None
    flows: dict[int, Flow | None] = {year: Flow(saving(figures), figures.costs) for year, figures in known.items()}
    pence = appraise(flows, years[0], years[-1], deflator)["npv_pence"]
    return None if pence is None else Fraction(pence)


def _expected(memberships: list[Membership], years: range) -> Expected:
    """In how many quarters each council was a member in each year; those with none are absent."""
    quarters: defaultdict[tuple[int, int], set] = defaultdict(set)
    for year in years:
        for quarter in FinancialYear(year).quarters:
            for each in memberships:
                if each.starts_on < quarter.end and (each.ends_on is None or each.ends_on > quarter.first_day):
                    quarters[each.council_id, year].add(quarter)
    return {key: len(found) for key, found in quarters.items()}


def _completeness(facts: list[Fact], expected: Expected) -> Fraction | None:
    """Member-years whose returns are all signed off, of those expected; None when none is (DESIGN 10.9)."""
    if not expected:
        return None
    signed = {(fact.council[0], fact.year): fact.figures.returns_signed_off for fact in facts}
    return Fraction(sum(signed.get(key, 0) >= quarters for key, quarters in expected.items()), len(expected))


def _planned_payback(found: Years, first: int) -> int | None:
    """Index of the year in which the plan pays back; None without a plan, or when it never does."""
    planned = [year for year, figures in found.items() if figures.promised or figures.promised_cost]
    if not planned:
        return None
    plan = [found.get(year, Figures()) for year in range(first, max(planned) + 1)]
    result: dict[str, Any] = payback([figures.promised - figures.promised_cost for figures in plan], first)
    if result["status"] == "not_yet":
        return None
    return 0 if result["status"] == "immediate" else FinancialYear.parse(result["fy"]).start - first
