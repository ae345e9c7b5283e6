"""Pounds and pence: the one door between what people read and write and what is stored.

Stored money is signed whole pence (`int`). Reading is strict: what could mean two things is refused
with a message that can be shown to the person as it stands. No float passes through here.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

#: The most one figure may be, either way: £10 billion, in pence. No council spends as much in a year,
#: and nine million figures of that size still add up within a bigint.
LARGEST = 10_000_000_000_00

MINUS = "\N{MINUS SIGN}"  # printed before negative amounts; a hyphen could be left behind at the end of a line

# What may stand before the figures, and the sign it gives. A bracket must be closed behind them.
_FRONTS = {"": 1, "£": 1, "+": 1, "+£": 1, "-": -1, "-£": -1, "£-": -1, "(": -1, "(£": -1, "£(": -1}
_FRONT = re.compile(r"[£(+\-\N{MINUS SIGN}\N{EN DASH}\s]*")
_FIGURES = re.compile(r"(?P<pounds>[1-9][0-9]{0,2}(,[0-9]{3})+|[1-9][0-9]*|0|(?=\.))(\.(?P<pence>[0-9]{1,2}))?")

# Why figures were refused: the first pattern found in them gives the reason.
_COMPLAINTS = [
    (r"[^\W0-9a-zA-Z_]", "has characters that are not the figures 0 to 9. Type it again, like 1234.50."),
    (r"^[0-9.]+[eE][+-]?[0-9]+$", "was shortened by a spreadsheet. Show the column as a number, then copy it again."),
    (r"^[0-9.,]+\s*(k|m|bn|million|billion|thousand)$", "is shortened. Write it in full, like 1200000."),
    (r"[$€]", "is not in pounds. Enter pounds and pence, like 1234.50."),
    (r"^[0-9.,]+\s*[-\N{MINUS SIGN}]$", "has its minus sign at the end. Put it in front, like -1234.50."),
    (r"[^0-9.,\s]", "is not an amount in figures. Enter pounds and pence, like 1234.50."),
    (r"\s", "has a blank between its figures. Take it out: write 1234.50 or 1,234.50."),
    (r"\..*,", "has a comma after its point. Use the point for pence only, like 1,234.56."),
    (r"\..*\.", "has more than one point. Use one, before the pence, like 1234.50."),
    (r"\.[0-9]{3}", "has more than two figures after the point. Round it to whole pence, like 1234.50."),
    (r"\.$", "has a point and no pence after it. Take the point out or add the pence."),
    (r",", "has a comma out of place. Commas go before each three figures, like 1,234,567, or leave them out."),
    (r"^0", "begins with a zero and may be a code. If it is an amount, take out the leading zeros."),
]


class MoneyError(ValueError):
    """The amount cannot be taken. The message says what is wrong with it and how to mend it."""


def parse_pounds(text: str, *, allow_zero: bool = False) -> int:
    """Signed pence in `text`, an amount in pounds as a person or a spreadsheet writes it.

    Reads `1,234.50`, `£1,234`, `.5`, `-£3`, `£-3` and `(500)` (negative), with blanks around it.
    Raises `MoneyError` for anything less clear, past `LARGEST`, or zero where zero is not allowed.
    """
    written = text.strip()
    if not written:
        raise MoneyError("Enter an amount in pounds, like 1234.50.")
    if len(written) > 40:
        raise MoneyError(f"“{written[:20]}…” is too long for an amount. Enter pounds and pence, like 1234.50.")
    sign, figures = _sign_and_figures(written)
    match = _FIGURES.fullmatch(figures)
    if not match:
        raise MoneyError(f"“{written}” {_complaint(figures)}")
    pence = int(match["pounds"].replace(",", "") or 0) * 100 + int((match["pence"] or "0").ljust(2, "0"))
    if pence == 0 and not allow_zero:
        raise MoneyError("An amount cannot be £0. Enter what was saved or spent, or leave it out.")
    return _within_range(sign * pence)


def _sign_and_figures(written: str) -> tuple[int, str]:
    """+1 or -1 and what stands behind the sign, the pound sign and the bracket."""
    front = _FRONT.match(written)[0]  # type: ignore[index]  # the pattern matches even nothing
    figures = written[len(front) :]
    front = re.sub(r"\s", "", front).replace(MINUS, "-").replace("\N{EN DASH}", "-")
    if front not in _FRONTS:
        raise MoneyError(f"“{written}” has more than one sign. Write a negative amount like -1234.50 or (1234.50).")
    if ("(" in front) != figures.endswith(")"):
        raise MoneyError(f"“{written}” has one bracket. Write a negative amount like -1234.50 or (1234.50).")
    return _FRONTS[front], figures.removesuffix(")").rstrip()


def _complaint(figures: str) -> str:
    for pattern, complaint in _COMPLAINTS:
        if re.search(pattern, figures):
            return complaint
    return "is not an amount. Enter pounds and pence, like 1234.50."


def _within_range(pence: int) -> int:
    if abs(pence) > LARGEST:
        raise MoneyError("The amount is more than £10 billion. Check that it is in pounds and has no figure too many.")
    return pence


def to_pence(pounds: Decimal) -> int:
    """Signed pence in `pounds`, exactly. Raises `MoneyError` for part of a penny, past `LARGEST` and for NaN."""
    if not pounds.is_finite():
        raise MoneyError(f"{pounds} is not an amount.")
    if abs(pounds) * 100 > LARGEST:
        return _within_range(LARGEST + 1)
    pence = pounds * 100
    if pence != int(pence):
        raise MoneyError(f"{pounds} pounds is not a whole number of pence. Round it to two figures after the point.")
    return int(pence)


def to_pounds(pence: int) -> Decimal:
    """Pounds with two places, for spreadsheets and files."""
    return Decimal(pence).scaleb(-2)


def pounds(pence: int) -> str:
    """`£1,234.50`, for people; a negative amount has a true minus sign in front of the £."""
    whole, part = divmod(abs(pence), 100)
    return f"{MINUS if pence < 0 else ''}£{whole:,}.{part:02}"


def short_pounds(pence: int) -> str:
    """Three significant figures, for sentences: `£1.23m`, `£11m`, `£42,300`, `£950`. Halves round away from zero.

    Below £100 nothing is rounded (`£12`, `£12.34`), because leaving out pence would save no words.
    """
    sign = MINUS if pence < 0 else ""
    amount = to_pounds(abs(pence))
    if amount < 100:
        return sign + pounds(abs(pence)).removesuffix(".00")
    amount = amount.quantize(Decimal(1).scaleb(amount.adjusted() - 2), ROUND_HALF_UP)
    for size, unit in ((Decimal(10**9), "bn"), (Decimal(10**6), "m")):
        if amount >= size:
            return f"{sign}£{(amount / size).normalize():f}{unit}"
    return f"{sign}£{int(amount):,}"


def split(pence: int, weights: Sequence[int]) -> list[int]:
    """Share `pence` in proportion to `weights`, losing no penny; one share per weight, in their order.

    Spare pence go to the largest fractions first, ties to the earliest (largest remainder), so a negative
    amount is shared as its positive would be. Weights are whole numbers, none negative, not all zero;
    raises `ValueError` otherwise.
    """
    total = sum(weights)
    if total == 0 or any(weight < 0 or weight != int(weight) for weight in weights):
        raise ValueError(f"cannot share an amount by {list(weights)}: whole numbers, none negative, not all zero")
    shares, remainders = zip(*(divmod(abs(pence) * weight, total) for weight in weights), strict=True)
    spare = abs(pence) - sum(shares)
    first = sorted(range(len(weights)), key=lambda place: -remainders[place])[:spare]
    sign = -1 if pence < 0 else 1
    return [sign * (share + (place in first)) for place, share in enumerate(shares)]
