"""What would the service have cost without sharing?

Leans on R2: CF = B0 x (P_t / P_0) x (V_t / V_0)^k, where B0 is the baseline, P the GDP deflator, V the volume driver
and k how far cost follows volume (0 is fixed cost). Wrong when pay runs away from the general price level, or when k
was chosen after the results were known. A missing index or volume is refused, never extrapolated.
"""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from savings.analysis.deflating import Index
from savings.analysis.rounding import half_away

DIGITS = 50  # of the power; 28 are asked for
WHOLE = 10_000  # basis points


class Rolled(NamedTuple):
    """The three factors of one year, and the pence they come to, rounded once at the end."""

    baseline_pence: int
    price: Fraction
    volume: Fraction
    pence: int
    forecast: bool  # whether an index used is a forecast


class Untold(NamedTuple):
    """Why nothing is told of one year: `deflator` and `volume`, each with the start years that are missing."""

    deflator: tuple[int, ...] = ()
    volume: tuple[int, ...] = ()
    nothing_at_first: bool = False  # the base volume is nought, so nothing can be compared with it


def rolled(baseline_pence: int, base: int, year: int, *, prices: Mapping[int, Index],
           volumes: Mapping[int, Decimal], k_bps: int) -> Rolled | Untold:  # fmt: skip
    """The baseline of start year `base` carried to `year`; `k_bps` is k in basis points, from 0 to 10,000.

    With k at nought volumes play no part and none is asked for.
    """
    no_price = tuple(each for each in sorted({base, year}) if each not in prices)
    no_volume = tuple(each for each in sorted({base, year}) if each not in volumes) if k_bps else ()
    nothing = bool(k_bps) and volumes.get(base) == 0
    if no_price or no_volume or nothing:
        return Untold(no_price, no_volume, nothing)
    price = prices[year].value / prices[base].value
    volume = _power(Fraction(volumes[year]) / Fraction(volumes[base]), k_bps) if k_bps else Fraction(1)
    forecast = any(prices[each].basis == "forecast" for each in (base, year))
    return Rolled(baseline_pence, price, volume, half_away(baseline_pence * price * volume), forecast)


def _power(ratio: Fraction, k_bps: int) -> Fraction:
    """`ratio` to the power k: exact when k is one, else to `DIGITS` digits."""
    if k_bps == WHOLE or ratio in (0, 1):
        return ratio
    with localcontext(prec=DIGITS):
        base = Decimal(ratio.numerator) / Decimal(ratio.denominator)
        return Fraction(base ** (Decimal(k_bps) / WHOLE))
