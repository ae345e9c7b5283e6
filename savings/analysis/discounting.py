"""What is a pound in a later year worth in the first one?

Leans on the Green Book's social time preference rates: 3.5% a year for the first thirty years, lower after. Wrong
when a saving is risky in itself (the rate holds no allowance for it), or when it is put on cash amounts: factors
belong on real ones only. Source: HM Treasury, The Green Book (2022), annex 6; DF_0 = 1, DF_t = DF_(t-1)/(1+r_t).
"""

from fractions import Fraction
from typing import Any

from savings.analysis.envelope import estimated
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.rounding import half_away
from savings.analysis.tables import Malformed, Row, Tables, param
from savings.analysis.values import whole


def factors(last: int, parameters: Parameters = CURRENT) -> list[Fraction]:
    """Exact factors for years 0 to `last`. Raises ValueError beyond the end of the schedule."""
    series = [Fraction(1)]
    for year in range(1, last + 1):
        series.append(series[-1] / (1 + _rate(year, parameters)))
    return series


def _rate(year: int, parameters: Parameters) -> Fraction:
    for last_of_band, rate in parameters.discount_bands:
        if year <= last_of_band:
            return rate
    raise ValueError(f"the discount schedule {parameters.discount_schedule} ends at year {last_of_band}")


def estimate(params: Row, tables: Tables, parameters: Parameters = CURRENT) -> dict[str, Any]:
    """Method `discount`: the factor and the present value of 1,000 for each year to `years_max`."""
    last = param(params, "years_max", whole)
    if last < 0:
        raise Malformed("params, key years_max: it is below zero")
    try:
        series = factors(last, parameters)
    except ValueError as problem:
        raise Malformed(f"params, key years_max: {problem}") from None
    return estimated(
        {
            "schedule": parameters.discount_schedule,
            "factors": [{"year": year, "factor": float(factor)} for year, factor in enumerate(series)],
            "pv_1000": [{"year": year, "value": half_away(1000 * factor)} for year, factor in enumerate(series)],
        }
    )
