"""The facts of one partnership and year, worked out from its ledger. No database: numbers in, numbers out.

The duplicate rules are those of `savings.analysis.position`. Every penny of a line, cost or charge lands on exactly one
council, so members sum to their partnership and charges cancel.
"""

from collections import Counter, defaultdict
from typing import cast

from savings.analysis.lines import GRADES
from savings.analysis.position import Position
from savings.models.typed import BenefitClass, Kind, Series

from .double_claims import Judged, judge
from .lines import Ledger, LedgerCharge, LedgerLine

COSTS = {Kind.ONE_OFF_COST: "one_off_cost_pence", Kind.RUNNING_COST: "running_cost_pence"}
NOT_CASH = {
    BenefitClass.NON_CASH_RELEASING: "non_cash_pence",
    BenefitClass.COST_AVOIDANCE: "avoidance_pence",
    BenefitClass.SERVICE_REDUCTION: "reduction_pence",
    BenefitClass.FUNDING_SHIFT: "funding_shift_pence",
}


def facts(ledger: Ledger) -> dict[int, Counter[str]]:
    """By council id, the columns of its roll-up fact; a column that is nought may be absent.

    A council is in it when it has an entry, a charge or a return in the year; a silent one is not.
    """
    return judged(ledger)[0]


def judged(ledger: Ledger) -> tuple[dict[int, Counter[str]], Judged]:
    """The same, and what the duplicate rules found on the way."""
    verdict = judge(ledger)
    found, disputed = verdict.position, verdict.disputed
    excluded = found.excluded
    by_council: defaultdict[int, Counter[str]] = defaultdict(Counter)
    _add_position(by_council, found)
    for line in ledger.lines:
        counts = line.claim and line.id not in excluded
        by_council[line.council].update(_of_line(line, counts=counts, elsewhere=line.id in disputed))
    for charge in ledger.charges:
        _add_charge(by_council, charge)
    for council, returned, signed_off, nil_costs in ledger.returns:
        by_council[council].update(returned=returned, returns_signed_off=signed_off, nil_cost_returns=nil_costs)
    return dict(by_council), verdict


def _add_position(by_council: defaultdict[int, Counter[str]], found: Position) -> None:
    for (council, _year), figures in found.cells.items():
        mine = by_council[cast(int, council)]
        mine.update(
            claimed_pence=figures.claimed,
            counted_pence=figures.counted,
            proven_pence=figures.proven(),
            charges_paid_pence=figures.paid,
            charges_received_pence=figures.received,
        )
        mine.update({f"grade_{grade}_pence": figures.counted_by_grade[grade] for grade in GRADES})


def _of_line(line: LedgerLine, *, counts: bool, elsewhere: bool) -> dict[str, int]:
    """What a line adds beside the position: promises, costs, what is not cash, and the parts of what counts.

    A line that its council claims in another partnership as well (`elsewhere`, rule 3) is disputed as a whole.
    """
    if line.series != Series.BANKED:
        prefix = "promised" if line.series == Series.PROJECTED else "forecast"
        if line.cash:
            return {f"{prefix}_pence": line.amount}
        return {f"{prefix}_cost_pence": line.amount} if line.cost else {}
    adds = {"entries": line.entries, "unsigned": line.unsigned}
    if line.cash:
        disputed = line.amount if elsewhere else line.disputed
        return adds | ({"disputed_pence": disputed, "recurring_pence": line.recurring} if counts else {})
    if line.cost:
        return adds | {COSTS[Kind(line.kind)]: line.amount}
    if line.kind == Kind.INCOME:
        return adds | {"income_pence": line.amount}
    return adds | {NOT_CASH[BenefitClass(line.benefit_class)]: line.amount}


def _add_charge(by_council: defaultdict[int, Counter[str]], charge: LedgerCharge) -> None:
    """Planned charges go on both sides; what the receiver reports of a banked one only says how far it differs."""
    if charge.series == Series.PROJECTED:
        by_council[charge.payer].update(promised_charges_pence=-charge.by_payer)
        by_council[charge.receiver].update(promised_charges_pence=charge.by_payer)
    elif charge.series == Series.BANKED:
        by_council[charge.receiver].update(charges_unreconciled_pence=charge.by_receiver - charge.by_payer)
