"""One door to every method.

Question: which module answers this method? Each has a function of (params, tables, parameters) that gives the envelope
of EVIDENCE section 10.1. Modules are loaded when first asked for, so that a worker which only adds up positions never
pays for numpy and scipy.
"""

from importlib import import_module
from typing import Any

from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.tables import Malformed, Row, Tables

METHODS = {
    "discount": "discounting.estimate",
    "real_terms": "deflating.estimate",
    "annual_appraisal": "appraisal.estimate",
    "partnership_position": "partnership_position.estimate",
    "realisation": "realisation.estimate",
    "meta": "meta.estimate",
    "meta_regression": "meta_regression.estimate",
    "did_staggered": "did_staggered.estimate",
    "synthetic": "synthetic.estimate",
    "km": "survival_tables.estimate_km",
    "cif": "survival_tables.estimate_cif",
    "scale": "scale_rows.estimate",
    "proportion": "proportion.estimate",
    "verdict": "verdict_cases.estimate",
}


def run(method: str, params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """The result of one method. Raises `Malformed` for an unknown method or for input that cannot be read.

    `tables` maps a table's name to its rows, each a mapping from column to cell (text, or plain values).
    """
    if method not in METHODS:
        raise Malformed(f"unknown method {method!r}; there are {', '.join(METHODS)}")
    module, function = METHODS[method].split(".")
    return getattr(import_module(f"savings.analysis.{module}"), function)(params, tables, parameters)
