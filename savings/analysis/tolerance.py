"""Are two amounts the same claim, give or take?

Leans on one policy choice: within 1% of the larger or within 1,000 pounds, whichever is wider. Wrong for very small
sums, which are all near each other, and for two honest savings that happen to be of one size: a person can resolve
those as distinct. Whole pence throughout, so the edge of the tolerance is exact.
"""

from collections.abc import Mapping

from savings.analysis.parameters import CURRENT, Parameters


def near(one: int, other: int, parameters: Parameters = CURRENT) -> bool:
    """Whether two amounts in pence are near, compared by size: a reversal is as large as what it reverses."""
    gap = abs(abs(one) - abs(other))
    return gap * 10_000 <= allowance(max(abs(one), abs(other)), parameters)


def allowance(larger: int, parameters: Parameters) -> int:
    """The widest gap that is still near, in ten-thousandths of a penny."""
    return max(larger * parameters.tolerance_bps, parameters.tolerance_pence * 10_000)


def reconciles(paid: Mapping[int, int], received: Mapping[int, int], parameters: Parameters = CURRENT) -> bool:
    """Whether charges reported by payers and by receivers agree in every financial year (pence by start year)."""
    return all(near(paid.get(each, 0), received.get(each, 0), parameters) for each in {*paid, *received})
