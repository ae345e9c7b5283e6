"""Verdicts from a case file: the door of method `verdict`.

Question, assumptions and limits are those of `verdict`; this module reads `params.cases` and prints the answers.
Numbers are read as the decimals they are written as, so that a share of 0.10 is exactly at its threshold.
"""

from collections.abc import Mapping
from typing import Any

from savings.analysis.comparison import STATUSES, Comparison
from savings.analysis.envelope import estimated
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.tables import Malformed, Row, Tables
from savings.analysis.values import Reader, among, exact, or_blank, truth, whole
from savings.analysis.verdict import Case, verdict

READERS: dict[str, Reader] = {
    "complete_years": whole,
    "completeness": or_blank(exact),
    "cost_return_ok": truth,
    "disputed_share": or_blank(exact),
    "charges_reconcile": truth,
    "deflators_ok": truth,
    "npv_all_pence": or_blank(exact),
    "npv_proven_pence": or_blank(exact),
    "evidence_share": or_blank(exact),
    "planned_payback_index": or_blank(whole),
    "running": truth,
}


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `verdict`: one row per case, in the order given."""
    cases = params.get("cases")
    if not isinstance(cases, list):
        raise Malformed("params, key cases: it is not a list of cases")
    return estimated(
        {
            "rows": [_row(number, given, parameters) for number, given in enumerate(cases)],
            "parameters": parameters.version,
        }
    )


def _row(number: int, given: Any, parameters: Parameters) -> dict[str, Any]:
    place = f"params.cases, row {number + 1}"
    if not isinstance(given, Mapping):
        raise Malformed(f"{place}: it is not an object")
    known = {key: _value(place, given, key, reader) for key, reader in READERS.items()}
    case = Case(**known, comparison=_comparison(place, given))
    return {"case": given.get("case", number), **verdict(case, parameters)._asdict()}


def _comparison(place: str, given: Mapping[str, Any]) -> Comparison | None:
    """None unless one is available: refused and failed comparisons say nothing either way."""
    comparison = given.get("comparison")
    if comparison is None:
        return None
    if not isinstance(comparison, Mapping):
        raise Malformed(f"{place}, column comparison: it is not an object")
    place += ", column comparison"
    if _value(place, comparison, "status", among(*STATUSES)) != "available":
        return None
    lo, hi = (_value(place, comparison, key, exact) for key in ("lo", "hi"))
    if lo > hi:
        raise Malformed(f"{place}: lo is above hi")
    return Comparison(lo, hi, _value(place, {"claimed_tau": None, **comparison}, "claimed_tau", or_blank(exact)))


def _value(place: str, given: Mapping[str, Any], key: str, reader: Reader) -> Any:
    if key not in given:
        raise Malformed(f"{place}, column {key}: it is missing")
    try:
        return reader("" if given[key] is None else given[key])
    except ValueError as problem:
        raise Malformed(f"{place}, column {key}: {problem}") from None
