"""Does a partnership pay? The verdict of EVIDENCE section 7, worked out from roll-up facts as it is read.

Provisional: a stored verdict comes later, with the comparison with councils that did not share, which is left empty
here. Everybody who may see the facts gets the same verdict, because returns and charges are facts too. Six queries for
any number of partnerships.
"""

import datetime
from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from councils.money import short_pounds
from councils.years import FinancialYear
from partnerships.models import Ending, Membership, Partnership
from savings.analysis.deflating import Deflator, Index
from savings.analysis.parameters import CURRENT
from savings.analysis.rounding import half_away
from savings.analysis.verdict import Case, Verdict, verdict
from savings.models import DeflatorRelease

from .cases import case, fading
from .figures import Fact, facts_of, last_complete_year

WORDS = {
    "pays": "Pays",
    "pays_unproven": "Pays but unproven",
    "not_yet": "Not yet",
    "does_not_pay": "Does not pay",
    "cannot_tell": "Cannot tell",
}
REASONS = {
    "G1": "fewer than two years are complete",
    "G2": "fewer than 80% of the members’ years have all their returns signed off",
    "G3": "no cost is recorded, and nobody has returned that there was none",
    "G4": "more than 10% of what is claimed is disputed or claimed twice",
    "G5": "payers and receivers report different charges",
    "G6": "the price index or the returns of some year are missing",
    "U1": "what is signed off does not cover the costs in real terms",
    "U2": "less than half of what is counted is signed off",
    "U3": "councils that did not share did as well",
    "ended": "it ended before it had put back what it took out",
    "deadline": "the time that its own plan gave it has passed",
}


class Provisional(NamedTuple):
    """A verdict as at the last complete year, with what it rests on; it tells the same to all who may see the facts."""

    verdict: Verdict
    case: Case
    as_at: FinancialYear
    price_base: FinancialYear | None
    fading: bool

    @property
    def name(self) -> str:
        """`pays`, `pays_unproven`, `not_yet`, `does_not_pay` or `cannot_tell`."""
        return self.verdict.verdict

    @property
    def words(self) -> str:
        return WORDS[self.name]

    @property
    def reasons(self) -> list[str]:
        """In words; they complete "because…"."""
        return [REASONS[reason] for reason in self.verdict.reasons]

    @property
    def change(self) -> str:
        """What would change it, in words; empty when nothing simple would."""
        if self.name == "not_yet" and self.case.npv_all_pence is not None:
            return f"It needs {_pounds(-self.case.npv_all_pence)} more net saving, in real terms."
        if "U1" in self.verdict.reasons and self.case.npv_proven_pence is not None:
            return f"It needs {_pounds(-self.case.npv_proven_pence)} more signed-off saving, in real terms."
        if "U2" in self.verdict.reasons:
            return f"It needs at least {half_away(100 * CURRENT.proven_share)}% of what is counted to be signed off."
        return ""


def verdict_of(partnership: Partnership, on: datetime.date) -> Provisional | None:
    """The provisional verdict of one partnership on the day `on`; None when the reader may see no facts of it."""
    return verdicts_of([partnership], on).get(partnership.pk)


def verdicts_of(partnerships: list[Partnership], on: datetime.date) -> dict[int, Provisional]:
    """By partnership id; one without facts is not in it."""
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    for fact in facts_of(partnership__in=partnerships):
        facts[fact.partnership[0]].append(fact)
    memberships: defaultdict[int, list[Membership]] = defaultdict(list)
    for membership in Membership.objects.current().filter(partnership__in=facts):
        memberships[membership.partnership_id].append(membership)
    ended = set(Ending.objects.filter(partnership__in=facts, ended_on__lte=on).values_list("partnership_id", flat=True))
    indices, last = deflators(), last_complete_year(on)
    found = {}
    for each in partnerships:
        if mine := facts.get(each.pk):
            deflator = indices.get(each.invented)
            asked = case(mine, memberships[each.pk], deflator, last, running=each.pk not in ended)
            base = FinancialYear(deflator.base) if deflator else None
            found[each.pk] = Provisional(verdict(asked), asked, last, base, fading(mine, last))
    return found


def deflators() -> dict[bool, Deflator]:
    """The latest real release and, under True, the latest invented one: never mixed. Base: the last outturn year."""
    found = {}
    for release in DeflatorRelease.objects.prefetch_related("indices").order_by("released_on", "pk"):
        indices = {
            row.year: Index(Fraction(row.index), "forecast" if row.forecast else "outturn")
            for row in release.indices.all()
        }
        if outturn := [year for year, index in indices.items() if index.basis == "outturn"]:
            found[release.invented] = Deflator(indices, max(outturn))
    return found


def _pounds(pence: Fraction) -> str:
    return short_pounds(half_away(pence))
