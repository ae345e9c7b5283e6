"""The position of a partnership, from tables: the door of method `partnership_position`.

Question, assumptions and limits are those of `position`; this module calls it and prints its figures. Weighted
figures and nets are nominal; weighted ones are rounded once, at the end.
"""

from typing import Any

from savings.analysis.envelope import estimated
from savings.analysis.parameters import CURRENT, WEIGHT_READINGS, Parameters
from savings.analysis.position import Figures, Position, position
from savings.analysis.position_tables import read_charges, read_distinct, read_lines, read_members
from savings.analysis.rounding import half_away, six_places
from savings.analysis.tables import Row, Tables
from savings.analysis.values import label


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `partnership_position`, all years of the tables together and each year beside it."""
    members = read_members(tables)
    lines = read_lines(tables, members)
    charges = read_charges(tables, members)
    distinct = read_distinct(params, lines)
    found = position(lines.values(), charges, members, resolved_distinct=distinct, parameters=parameters)
    return estimated(_printed(found, parameters))


def _printed(found: Position, parameters: Parameters) -> dict[str, Any]:
    total = found.total()
    return {
        **_pence(total, parameters),
        **{f"weighted_{each}_pence": half_away(total.weighted(each, parameters)) for each in WEIGHT_READINGS},
        "evidence_share": six_places(total.proven(parameters), total.counted),
        "disputed_share": six_places(total.claimed - total.counted, total.claimed),
        "excluded_ids": sorted(found.excluded),
        "members": [{"council": each, **_member(found.of_council(each), parameters)} for each in found.councils],
        "years": [{"fy": label(each), **_pence(found.of_year(each), parameters)} for each in found.years],
        "parameters": parameters.version,
    }


def _pence(figures: Figures, parameters: Parameters) -> dict[str, int]:
    return {
        "claimed_pence": figures.claimed,
        "counted_pence": figures.counted,
        "proven_pence": figures.proven(parameters),
        "cost_pence": figures.cost,
        "non_cashable_pence": figures.non_cashable,
        "net_counted_pence": figures.net_counted,
        "net_proven_pence": figures.net_proven(parameters),
    }


def _member(figures: Figures, parameters: Parameters) -> dict[str, int]:
    charged = {"paid_pence": figures.paid, "received_pence": figures.received}
    return {**_pence(figures, parameters), **charged, "net_pence": figures.net_counted}
