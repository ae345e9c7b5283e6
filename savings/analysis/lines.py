"""What the position of a partnership is worked out from: lines, charges and members.

Question: what is one claim? Leans on the *line*: the net of all entries of one member, scheme, service, financial
year, kind and class, so that twelve months with one document are one claim and not twelve. Wrong if single entries
are passed as lines: instalments of one saving would then be taken for repeats of each other.
"""

from collections.abc import Hashable
from typing import NamedTuple

GRADES = range(4)  # self-declared, documented, finance signed-off, audited
ROLES = {"provider": (True, False), "receiver": (False, True), "both": (True, True), "host": (True, False)}

ByGrade = tuple[int, int, int, int]
Id = int | str
Council = Hashable


class Line(NamedTuple):
    """One line. Ids must sort among themselves; `year` is a start year; amounts are signed pence.

    `by_grade` splits the amount by the grade of its entries; a saving or a cost is positive, a reversal negative.
    An empty `service` or no `doc_refs` matches nothing.
    """

    id: Id
    year: int
    council: Council
    service: str
    is_saving: bool  # a cost when False
    cashable: bool  # cash-releasing; costs count whatever it says
    by_grade: ByGrade
    doc_refs: frozenset[str] = frozenset()

    @property
    def amount(self) -> int:
        return sum(self.by_grade)

    @property
    def grade(self) -> int:
        """The highest grade with money on it; 0 for a line of nothing."""
        return max((grade for grade in GRADES if self.by_grade[grade]), default=0)


class Charge(NamedTuple):
    """What one member paid another within the partnership in a year: one agreed figure, used on both sides."""

    year: int
    payer: Council
    receiver: Council
    amount: int


class Member(NamedTuple):
    """A member and which sides of the sharing it stands on. One that does both is a provider and a receiver."""

    council: Council
    provides: bool
    receives: bool


def at_grade(amount: int, grade: int) -> ByGrade:
    """`by_grade` of an amount that is all of one grade."""
    nought, one, two, three = (amount if grade == each else 0 for each in GRADES)
    return nought, one, two, three


def net_amounts(amount_by_grade: dict[int, int]) -> ByGrade:
    """`by_grade` of amounts kept by grade, as a ledger query gives them."""
    nought, one, two, three = (amount_by_grade.get(each, 0) for each in GRADES)
    return nought, one, two, three
