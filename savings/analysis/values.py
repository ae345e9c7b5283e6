"""One cell of a table, read strictly.

Question: is this the number, year or word it should be? Each reader takes a cell as text (from a file) or as a
plain Python value (from a caller or JSON), returns what it means, and raises ValueError with words a person can
act on. Nothing is guessed: `2024/26`, `12 pounds` and `NaN` are mistakes, not data.
"""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from councils.years import FinancialYear

Reader = Callable[[object], Any]

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def year(cell: object) -> int:
    """The start year (2024) of a financial year label (`2024/25`)."""
    return FinancialYear.parse(str(cell)).start


def label(start: int) -> str:
    """`2024/25` for 2024."""
    return FinancialYear(start).label


def calendar(cell: object) -> int:
    """A year of a panel: a whole number, or a financial year label, which stands for its start year."""
    return year(cell) if "/" in str(cell) else whole(cell)


def exact(cell: object) -> Fraction:
    """The number as an exact Fraction. A float means the decimal it prints as, so 0.1 is one tenth."""
    text = str(cell).strip()
    if isinstance(cell, bool) or not NUMBER.fullmatch(text):
        raise ValueError(f"{cell!r} is not a number")
    return Fraction(text)


def real(cell: object) -> float:
    """The number in double precision, finite."""
    number = float(exact(cell))
    if not math.isfinite(number):
        raise ValueError(f"{cell!r} is too large")
    return number


def positive(cell: object) -> Fraction:
    """An exact number above zero."""
    number = exact(cell)
    if number <= 0:
        raise ValueError(f"{cell!r} is not above zero")
    return number


def whole(cell: object) -> int:
    """A whole number (1e+05 is one, 0.5 is not)."""
    number = exact(cell)
    if number.denominator != 1:
        raise ValueError(f"{cell!r} is not a whole number")
    return number.numerator


def text(cell: object) -> str:
    """The words, without spaces at the ends, not empty."""
    words = str(cell).strip()
    if not words:
        raise ValueError("it is empty")
    return words


def truth(cell: object) -> bool:
    """True or False (1 and 0 will do)."""
    try:
        return TRUTHS[str(cell).strip().lower()]
    except KeyError:
        raise ValueError(f"{cell!r} is neither True nor False") from None


def share(cell: object) -> float:
    """A level or share strictly between 0 and 1, as a float."""
    number = real(cell)
    if not 0 < number < 1:
        raise ValueError(f"{cell!r} is not between 0 and 1")
    return number


def among(*choices: str) -> Reader:
    """A reader of one of a few words."""

    def read(cell: object) -> Any:
        if str(cell).strip() not in choices:
            raise ValueError(f"{cell!r} is not one of {', '.join(choices)}")
        return str(cell).strip()

    return read


def or_blank(reader: Reader) -> Reader:
    """The same reader, but a blank cell or null is None: missing, which is never zero."""

    def read(cell: object) -> Any:
        return None if cell is None or str(cell).strip() == "" else reader(cell)

    return read
