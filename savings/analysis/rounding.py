"""Rounding, done once and last.

Question: what whole number of pence stands for an exact amount? Money is carried as exact fractions, which is more
than the 28 digits asked for: a present value that is exactly half a penny, or a cumulative net that is exactly
nothing, is seen as such. Wrong only if somebody rounds on the way; nothing above this module may.
"""

from fractions import Fraction


def half_away(amount: Fraction | int) -> int:
    """The nearest whole number to an exact amount (int or Fraction); halves go away from zero."""
    size = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return size if amount >= 0 else -size


def six_places(top: Fraction | int, bottom: Fraction | int) -> float | None:
    """The ratio as a float of six decimals, halves away from zero; None when there is nothing to divide by."""
    if bottom == 0:
        return None
    return half_away(Fraction(top) / Fraction(bottom) * 1_000_000) / 1_000_000
