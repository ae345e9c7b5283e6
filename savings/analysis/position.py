"""Where does a partnership stand: claimed, counted, proven, and who gained what?

Leans on lines (see `lines`) of one partnership and on the agreed figure of each charge. Nothing is counted twice
(see `duplicates`) and charges cancel, so the members add up to the partnership to the penny. Financial years do not
touch each other: years may be worked out together or one by one, for instance when roles change between them.
Wrong if a member's costs are left out: nothing here can know of a cost nobody entered. Source: EVIDENCE sections 2, 3.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from savings.analysis.duplicates import Pair, repeats, transfers
from savings.analysis.lines import ByGrade, Charge, Council, Id, Line, Member
from savings.analysis.parameters import CURRENT, Parameters


class Stranger(ValueError):
    """A line or charge of a council that is not a member. The message names it."""


@dataclass(slots=True)
class Figures:
    """Exact pence of one member in one year, or of any sum of such. Claimed and counted are cashable savings."""

    claimed: int = 0
    counted_by_grade: ByGrade = (0, 0, 0, 0)
    non_cashable: int = 0
    cost: int = 0
    paid: int = 0  # charges to and from fellow members
    received: int = 0

    @property
    def counted(self) -> int:
        return sum(self.counted_by_grade)

    @property
    def net_counted(self) -> int:
        """Counted less costs less charges paid plus charges received."""
        return self.counted - self.cost - self.paid + self.received

    def proven(self, parameters: Parameters = CURRENT) -> int:
        return sum(self.counted_by_grade[parameters.proven_from_grade :])

    def net_proven(self, parameters: Parameters = CURRENT) -> int:
        return self.net_counted - self.counted + self.proven(parameters)

    def weighted(self, reading: str, parameters: Parameters = CURRENT) -> Fraction:
        """Evidence-weighted net (`low`, `central` or `high`), not rounded: costs are never reduced."""
        weights = parameters.weights(reading)
        worth = sum((w * amount for w, amount in zip(weights, self.counted_by_grade, strict=True)), Fraction(0))
        return worth + self.net_counted - self.counted

    def add(self, other: "Figures") -> None:
        self.claimed += other.claimed
        self.counted_by_grade = _added(self.counted_by_grade, other.counted_by_grade)
        self.non_cashable += other.non_cashable
        self.cost += other.cost
        self.paid += other.paid
        self.received += other.received


@dataclass(frozen=True, slots=True)
class Position:
    """`cells` has one entry per member and year with anything in it; members with nothing appear only in `councils`."""

    councils: tuple[Council, ...]
    cells: dict[tuple[Council, int], Figures]
    transfers: frozenset[Id]  # rule 1: charge income claimed as a saving
    groups: list[list[Line]] = field(default_factory=list)  # rule 2: the line that counts stands first

    @property
    def excluded(self) -> set[Id]:
        """Ids of the cashable saving lines that count as nothing."""
        return {line.id for group in self.groups for line in group[1:]} | self.transfers

    @property
    def years(self) -> list[int]:
        return sorted({year for _, year in self.cells})

    def total(self) -> Figures:
        """The whole partnership; paid and received are equal in it."""
        return self._sum(lambda council, year: True)

    def of_council(self, wanted: Council) -> Figures:
        return self._sum(lambda council, year: council == wanted)

    def of_year(self, wanted: int) -> Figures:
        return self._sum(lambda council, year: year == wanted)

    def _sum(self, wanted: Callable[[Council, int], bool]) -> Figures:
        total = Figures()
        for (council, year), figures in self.cells.items():
            if wanted(council, year):
                total.add(figures)
        return total


def position(
    lines: Iterable[Line],
    charges: Iterable[Charge],
    members: Iterable[Member],
    *,
    resolved_distinct: Iterable[Pair] = (),
    parameters: Parameters = CURRENT,
) -> Position:
    """The position of one partnership over all years in `lines` and `charges`.

    Ids of lines must be unique. `resolved_distinct` holds pairs of ids a person has found to be different savings;
    ids that do not occur are ignored. The same input gives the same position in whatever order it comes.
    Raises `Stranger` for a line or charge of a council that is not in `members`.
    """
    lines, charges, members = list(lines), list(charges), list(members)
    _no_strangers(lines, charges, {member.council for member in members})
    claims = [line for line in lines if line.is_saving and line.cashable]
    gone = transfers(claims, charges, parameters)
    groups = repeats([line for line in claims if line.id not in gone], members, resolved_distinct, parameters)
    cells: dict[tuple[Council, int], Figures] = {}
    found = Position(tuple(member.council for member in members), cells, frozenset(gone), groups)
    excluded = found.excluded
    for line in lines:
        cells.setdefault((line.council, line.year), Figures()).add(_figures(line, line.id not in excluded))
    for charge in charges:
        cells.setdefault((charge.payer, charge.year), Figures()).paid += charge.amount
        cells.setdefault((charge.receiver, charge.year), Figures()).received += charge.amount
    return found


def _figures(line: Line, counts: bool) -> Figures:
    if not line.is_saving:
        return Figures(cost=line.amount)
    if not line.cashable:
        return Figures(non_cashable=line.amount)
    return Figures(claimed=line.amount, counted_by_grade=line.by_grade if counts else (0, 0, 0, 0))


def _added(one: ByGrade, other: ByGrade) -> ByGrade:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


def _no_strangers(lines: list[Line], charges: list[Charge], known: set[Council]) -> None:
    for line in lines:
        if line.council not in known:
            raise Stranger(f"line {line.id} is of {line.council}, which is not a member")
    for charge in charges:
        for council in (charge.payer, charge.receiver):
            if council not in known:
                raise Stranger(f"a charge of {charge.year} names {council}, which is not a member")
