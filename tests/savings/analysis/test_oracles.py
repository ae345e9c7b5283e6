"""Independent answers: every case in `tests/oracles`, worked out as the command works it out.

Expected values come from published tables and other software; each case.json names its source and licence.
"""

import json
import re
from pathlib import Path

import pytest

from savings.analysis.case import evaluate_case

FOLDER = Path(__file__).parents[2] / "oracles"
CASES = sorted(FOLDER.glob("*/case.json"))


def found_at(result, path):
    """The value at `a.b` or `list[key=value,key2=value2].field`; raises LookupError where there is none."""
    for part in re.findall(r"[^.\[\]]+(?:\[[^\]]*\])?", path):
        name, keys = re.fullmatch(r"([^\[]+)(?:\[(.*)\])?", part).groups()
        result = result[name]
        if keys is not None:
            wanted = dict(pair.split("=", 1) for pair in keys.split(","))
            rows = [row for row in result if all(same(row[key], value) for key, value in wanted.items())]
            if not rows:
                raise LookupError(f"no row {part}")
            result = rows[0]
    return result


def same(value, text):
    try:
        return float(value) == float(text)
    except (TypeError, ValueError):
        return str(value) == text


def agrees(expectation, got):
    want = expectation["value"]
    if want is None or isinstance(want, bool | str | list):
        return got == want
    return got is not None and abs(got - want) <= expectation.get("atol", 0) + expectation.get("rtol", 0) * abs(want)


def checks():
    for case in CASES:
        for expectation in json.loads(case.read_text())["expected"]:
            yield pytest.param(case, expectation, id=f"{case.parent.name}:{expectation['path']}")


results = {}  # each case is worked out once


@pytest.mark.parametrize(("case", "expectation"), list(checks()))
def test_an_oracle_agrees(case, expectation):
    if case not in results:
        results[case] = json.loads(json.dumps(evaluate_case(case), allow_nan=False))
    got = found_at(results[case], expectation["path"])
    assert agrees(expectation, got), f"want {expectation['value']}, got {got}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_an_oracle_says_where_it_comes_from(case):
    told = json.loads(case.read_text())
    assert told["source"]
    assert told["licence"]
