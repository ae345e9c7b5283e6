"""Does this partnership pay?

Leans on gates before figures: without enough years, returns, costs, agreed charges and deflators nothing is said
but "cannot tell". "Does not pay" takes the most generous reading of the claims and "pays" the strictest, so that
either can be said out loud. Wrong only if its inputs are; a comparison with other councils can take a "pays" away
but never make one. Source: EVIDENCE section 7: first match, exhaustive and exclusive.
"""

from fractions import Fraction
from typing import NamedTuple

from savings.analysis.comparison import Comparison, state
from savings.analysis.parameters import CURRENT, Parameters


class Case(NamedTuple):
    """One partnership at its last complete financial year. None means not known, which only some gates forgive."""

    complete_years: int
    completeness: Fraction | None
    cost_return_ok: bool
    disputed_share: Fraction | None  # None when nothing was claimed
    charges_reconcile: bool
    deflators_ok: bool
    npv_all_pence: Fraction | None
    npv_proven_pence: Fraction | None
    evidence_share: Fraction | None
    planned_payback_index: int | None  # None: no plan, or one that never pays back
    running: bool
    comparison: Comparison | None


class Verdict(NamedTuple):
    verdict: str  # pays, pays_unproven, not_yet, does_not_pay, cannot_tell
    reasons: list[str]  # gates, or why not yet proven, or what made it fail
    comparison: str


def verdict(case: Case, parameters: Parameters = CURRENT) -> Verdict:
    """The verdict of section 7."""
    compared = state(case.comparison)
    failed = failed_gates(case, parameters)
    if failed or case.npv_all_pence is None:
        return Verdict("cannot_tell", failed, compared)
    if case.npv_all_pence <= 0:
        reasons = _given_up(case, parameters)
        return Verdict("does_not_pay" if reasons else "not_yet", reasons, compared)
    unproven = _unproven(case, compared, parameters)
    return Verdict("pays_unproven" if unproven else "pays", unproven, compared)


def failed_gates(case: Case, parameters: Parameters = CURRENT) -> list[str]:
    """Every gate that fails, in order."""
    known = case.npv_all_pence is not None and case.npv_proven_pence is not None
    passed = {
        "G1": case.complete_years >= parameters.gate_complete_years,
        "G2": case.completeness is not None and case.completeness >= parameters.gate_completeness,
        "G3": case.cost_return_ok,
        "G4": case.disputed_share is None or case.disputed_share <= parameters.gate_disputed_share,
        "G5": case.charges_reconcile,
        "G6": case.deflators_ok and known,
    }
    return [gate for gate, ok in passed.items() if not ok]


def deadline(planned_payback_index: int | None, parameters: Parameters = CURRENT) -> int:
    """The year index by which it should have paid: two years after its own plan, at most nine, four without one."""
    if planned_payback_index is None:
        return parameters.deadline_without_plan
    return min(planned_payback_index + parameters.deadline_grace_years, parameters.deadline_latest)


def _given_up(case: Case, parameters: Parameters) -> list[str]:
    if not case.running:
        return ["ended"]
    latest_index = case.complete_years - 1
    return ["deadline"] if latest_index >= deadline(case.planned_payback_index, parameters) else []


def _unproven(case: Case, compared: str, parameters: Parameters) -> list[str]:
    unproven = {
        "U1": case.npv_proven_pence is None or case.npv_proven_pence <= 0,
        "U2": case.evidence_share is None or case.evidence_share < parameters.proven_share,
        "U3": compared == "contradicts",
    }
    return [reason for reason, holds in unproven.items() if holds]
