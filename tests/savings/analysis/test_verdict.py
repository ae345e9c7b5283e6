"""Every gate, every row and every edge of the verdict table."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savings.analysis import run
from savings.analysis.comparison import Comparison, state
from savings.analysis.tables import Malformed
from savings.analysis.verdict import Case, deadline, verdict

CALM = settings(deadline=None, max_examples=100)  # a busy machine must not turn arithmetic red

GOOD = Case(
    complete_years=5, completeness=Fraction("0.8"), cost_return_ok=True, disputed_share=Fraction("0.1"),
    charges_reconcile=True, deflators_ok=True, npv_all_pence=Fraction(1), npv_proven_pence=Fraction(1),
    evidence_share=Fraction("0.5"), planned_payback_index=2, running=True, comparison=None,
)  # fmt: skip


def of(**changes):
    told = verdict(GOOD._replace(**changes))
    return told.verdict, told.reasons


def test_everything_at_its_threshold_still_pays():
    assert of() == ("pays", [])
    assert of(complete_years=2) == ("pays", [])


@pytest.mark.parametrize(
    ("changes", "gate"),
    [
        ({"complete_years": 1}, "G1"),
        ({"completeness": Fraction("0.799999")}, "G2"),
        ({"completeness": None}, "G2"),
        ({"cost_return_ok": False}, "G3"),
        ({"disputed_share": Fraction("0.100001")}, "G4"),
        ({"charges_reconcile": False}, "G5"),
        ({"deflators_ok": False}, "G6"),
        ({"npv_all_pence": None}, "G6"),
        ({"npv_proven_pence": None}, "G6"),
    ],
)
def test_each_gate_alone_is_enough_not_to_tell(changes, gate):
    assert of(**changes) == ("cannot_tell", [gate])
    assert of(**{"npv_all_pence": Fraction(-1), **changes})[0] == "cannot_tell"


def test_failed_gates_are_all_listed_in_order():
    changes = {"deflators_ok": False, "cost_return_ok": False, "complete_years": 0, "completeness": None}
    assert of(**changes) == ("cannot_tell", ["G1", "G2", "G3", "G6"])


def test_nothing_claimed_passes_the_dispute_gate():
    assert of(disputed_share=None) == ("pays", [])


def test_under_water():
    sunk = {"npv_all_pence": Fraction(0), "npv_proven_pence": Fraction(-5)}
    assert of(**sunk, running=False) == ("does_not_pay", ["ended"])
    assert of(**sunk, running=False, complete_years=2) == ("does_not_pay", ["ended"])
    assert of(**sunk, complete_years=5) == ("does_not_pay", ["deadline"])
    assert of(**sunk, complete_years=4) == ("not_yet", [])


@pytest.mark.parametrize(("planned", "latest"), [(None, 4), (0, 2), (3, 5), (7, 9), (8, 9), (20, 9)])
def test_the_deadline_is_two_years_after_the_plan(planned, latest):
    assert deadline(planned) == latest


def test_unproven_reasons_are_all_listed():
    contradicting = Comparison(Fraction("0.01"), Fraction("0.02"), None)
    changes = {"npv_proven_pence": Fraction(0), "evidence_share": None, "comparison": contradicting}
    assert of(**changes) == ("pays_unproven", ["U1", "U2", "U3"])


@pytest.mark.parametrize(
    ("lo", "hi", "claimed", "expected"),
    [
        ("-0.10", "-0.02", "-0.11", "supports_smaller"),
        ("-0.10", "-0.02", "-0.10", "supports"),
        ("-0.10", "-0.02", None, "supports"),
        ("0.01", "0.05", None, "contradicts"),
        ("-0.03", "0.05", "-0.05", "contradicts"),
        ("-0.03", "0.05", "-0.03", "inconclusive"),
        ("-0.03", "0.05", None, "inconclusive"),
        ("-0.03", "0", "-0.02", "inconclusive"),
        ("0", "0.05", "0", "inconclusive"),
    ],
)
def test_what_a_comparison_says(lo, hi, claimed, expected):
    assert state(Comparison(Fraction(lo), Fraction(hi), None if claimed is None else Fraction(claimed))) == expected


TOLD = {
    "case": "x", "complete_years": 5, "completeness": 0.8, "cost_return_ok": True, "disputed_share": 0.1,
    "charges_reconcile": True, "deflators_ok": True, "npv_all_pence": 1, "npv_proven_pence": 1,
    "evidence_share": 0.5, "planned_payback_index": None, "running": True, "comparison": None,
}  # fmt: skip


def row(**changes):
    return run("verdict", {"cases": [{**TOLD, **changes}]}, {})["rows"][0]


def test_a_share_written_as_its_threshold_is_at_it():
    """In binary 0.1 is a little more than a tenth; the gate must not fall for that."""
    assert row() == {"case": "x", "verdict": "pays", "reasons": [], "comparison": "not_possible"}


@pytest.mark.parametrize("status", ["refused", "pretrend_failed", "intime_placebo_failed"])
def test_an_unfair_comparison_says_nothing(status):
    told = row(comparison={"status": status, "tau": 0.1, "lo": 0.05, "hi": 0.2, "claimed_tau": None})
    assert (told["verdict"], told["comparison"]) == ("pays", "not_possible")


def test_what_cannot_be_read_is_named():
    with pytest.raises(Malformed, match=r"params.cases, row 1, column completeness"):
        row(completeness="most")
    with pytest.raises(Malformed, match=r"params.cases, row 1, column comparison, column status"):
        row(comparison={"status": "fine"})
    with pytest.raises(Malformed, match=r"params.cases, row 1, column running: it is missing"):
        run("verdict", {"cases": [{key: TOLD[key] for key in TOLD if key != "running"}]}, {})


ORDER = ["does_not_pay", "not_yet", "pays_unproven", "pays"]
PENCE = st.integers(-(10**9), 10**9).map(Fraction)
SHARES = st.fractions(0, 1)
CASES = st.builds(
    GOOD._replace,
    complete_years=st.integers(2, 12),
    npv_all_pence=PENCE,
    npv_proven_pence=PENCE,
    evidence_share=st.none() | SHARES,
    planned_payback_index=st.none() | st.integers(0, 12),
    running=st.booleans(),
)


@CALM
@given(CASES, st.integers(0, 10**9))
def test_adding_a_cost_never_improves_a_verdict(case, cost):
    dearer = case._replace(npv_all_pence=case.npv_all_pence - cost, npv_proven_pence=case.npv_proven_pence - cost)
    assert ORDER.index(verdict(dearer).verdict) <= ORDER.index(verdict(case).verdict)


@CALM
@given(CASES, st.integers(0, 10**9), SHARES)
def test_raising_a_grade_never_worsens_a_verdict(case, proven, share):
    if case.evidence_share is not None:
        better = case._replace(
            npv_proven_pence=case.npv_proven_pence + proven, evidence_share=max(case.evidence_share, share)
        )
        assert ORDER.index(verdict(better).verdict) >= ORDER.index(verdict(case).verdict)
