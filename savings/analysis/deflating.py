"""What would this cash have been in another year's money?

Leans on the GDP deflator as the price of what councils buy: real_b(x, y) = x * D_b / D_y, the ratio of two indices
and never a chain of rounded growth rates. Wrong when council pay runs away from the general price level, and after
a release revises the index. A year without an index is refused, never extrapolated.
Source: HM Treasury, GDP deflators at market prices: user guide.
"""

from fractions import Fraction
from typing import Any, NamedTuple

from savings.analysis.envelope import estimated
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.rounding import half_away
from savings.analysis.tables import Malformed, Row, Tables, no_repeats, optional, param, read
from savings.analysis.values import among, label, or_blank, positive, whole, year

FORECAST_NOTE = "uses forecast deflator"


class Index(NamedTuple):
    value: Fraction
    basis: str  # outturn or forecast


class Deflator:
    """One release: an index for some financial years (by start year), in the money of year `base`."""

    def __init__(self, indices: dict[int, Index], base: int) -> None:
        self.indices = indices
        self.base = base

    def covers(self, *years: int) -> bool:
        """Whether amounts of all these years can be put into base-year money."""
        return all(each in self.indices for each in (self.base, *years))

    def real(self, pence: int, in_year: int) -> Fraction:
        """Exact base-year pence. Raises KeyError for a year without an index: ask `covers` first."""
        return Fraction(pence) * self.indices[self.base].value / self.indices[in_year].value

    def notes(self, *years: int) -> list[str]:
        """A warning when any index needed for these years is a forecast."""
        used = [self.indices[each] for each in (self.base, *years) if each in self.indices]
        return [FORECAST_NOTE] if any(index.basis == "forecast" for index in used) else []


def read_deflator(tables: Tables, params: Row) -> Deflator:
    """The deflator table at `price_base_fy`, or else at the latest year whose index is outturn."""
    rows = read(
        tables,
        "deflator",
        fy=year,
        index=or_blank(positive),
        basis=optional(among("outturn", "forecast"), default="outturn"),
    )
    no_repeats("deflator", rows, "fy")
    indices = {row["fy"]: Index(row["index"], row["basis"]) for row in rows if row["index"] is not None}
    base = param(params, "price_base_fy", year, default=None)
    if base is None:
        outturn = [each for each, index in indices.items() if index.basis == "outturn"]
        if not outturn:
            raise Malformed("params, key price_base_fy: it is missing and no index is outturn")
        base = max(outturn)
    return Deflator(indices, base)


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `real_terms`: each amount in base-year money, and the growth of the index in consecutive years.

    `real_pence` is null, with reason `missing_deflator`, where an index is missing; and null for a blank amount.
    """
    deflator = read_deflator(tables, params)
    amounts = read(tables, "amounts", fy=year, pence=or_blank(whole))
    years = [row["fy"] for row in amounts]
    return estimated(
        {
            "price_base_fy": label(deflator.base),
            "rows": [
                {"fy": label(row["fy"]), "pence": row["pence"], "real_pence": _real_pence(row, deflator)}
                for row in amounts
            ],
            "growth": _growth(deflator.indices),
            "notes": deflator.notes(*years),
        },
        reasons=[] if deflator.covers(*years) else ["missing_deflator"],
    )


def _real_pence(row: Row, deflator: Deflator) -> int | None:
    if row["pence"] is None or not deflator.covers(row["fy"]):
        return None
    return half_away(deflator.real(row["pence"], row["fy"]))


def _growth(indices: dict[int, Index]) -> list[dict[str, Any]]:
    return [
        {"fy": label(each), "pct": float(100 * (indices[each].value / indices[each - 1].value - 1))}
        for each in sorted(indices)
        if each - 1 in indices
    ]
