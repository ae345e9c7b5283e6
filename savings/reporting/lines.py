"""Entries become lines: what one partnership's ledger says about one year, in the shape the rules of EVIDENCE run on.

PostgreSQL adds the entries up, so a year of a million entries is one pass over them and a few thousand lines come out.
"""

from typing import NamedTuple

from councils.years import FinancialYear
from savings.analysis.lines import ByGrade, Charge, Line, Member
from savings.analysis.parameters import CURRENT
from savings.models.typed import BenefitClass, Kind, Series

from . import rows


class LedgerLine(NamedTuple):
    """The net of all entries of one series, member, scheme, kind and class in the year; signed pence."""

    id: int | None  # lowest id of the entries that stand; None when all are reversed
    series: str
    council: int
    scheme: int
    service: str
    kind: str
    benefit_class: str  # empty unless a saving
    grade_0: int
    grade_1: int
    grade_2: int
    grade_3: int
    disputed: int  # part of the amount
    recurring: int  # part of the amount
    ref: str  # the one reference that all of it rests on; empty when there are several or none
    refs: int  # how many: 0, 1 or, for several, 2
    file: str  # the SHA-256 of the one document it rests on; empty when there are several or none
    files: int  # how many, likewise
    entries: int
    unsigned: int  # entries that stand below grade 2

    @property
    def by_grade(self) -> ByGrade:
        return self.grade_0, self.grade_1, self.grade_2, self.grade_3

    @property
    def amount(self) -> int:
        return sum(self.by_grade)

    @property
    def banked(self) -> bool:
        return self.series == Series.BANKED

    @property
    def cash(self) -> bool:
        return self.kind == Kind.SAVING and self.benefit_class == BenefitClass.CASH_RELEASING

    @property
    def cost(self) -> bool:
        return self.kind in (Kind.ONE_OFF_COST, Kind.RUNNING_COST)

    @property
    def claim(self) -> bool:
        """Whether the duplicate rules look at it."""
        return self.banked and self.cash and self.id is not None


class LedgerCharge(NamedTuple):
    series: str
    payer: int
    receiver: int
    by_payer: int  # pence, as the payer reports it: the figure used on both sides
    by_receiver: int


class Returned(NamedTuple):
    council: int
    returned: int  # quarters
    signed_off: int
    nil_costs: int


class ClaimElsewhere(NamedTuple):
    """A claim of the same council in another partnership, near one here (rule 3)."""

    own: int  # the line here
    partnership: int
    scheme: int
    line: int
    pence: int
    apart: bool  # somebody found the two distinct


class Ledger(NamedTuple):
    """All that the facts of one partnership and year follow from."""

    year: int
    lines: list[LedgerLine]
    charges: list[LedgerCharge]
    members: list[Member]
    returns: list[Returned]
    distinct: list[tuple[int, int, int, int]]  # council, scheme, other council, other scheme
    elsewhere: list[ClaimElsewhere] = []

    def claims(self) -> list[Line]:
        return [
            Line(
                id=line.id,
                year=self.year,
                council=line.council,
                service=line.service,
                is_saving=True,
                cashable=True,
                by_grade=line.by_grade,
                doc_refs=frozenset({line.ref, line.file} - {""}),
            )
            for line in self.lines
            if line.claim and line.id is not None
        ]

    def agreed_charges(self) -> list[Charge]:
        """Banked charges at the payer's figure."""
        return [Charge(self.year, c.payer, c.receiver, c.by_payer) for c in self.charges if c.series == Series.BANKED]

    def resolved_distinct(self) -> list[tuple[int, int]]:
        """Pairs of line ids that a person found to be different savings."""
        ids = {(line.council, line.scheme): line.id for line in self.lines if line.claim and line.id is not None}
        pairs = [((one, scheme), (other, second)) for one, scheme, other, second in self.distinct]
        return [(ids[first], ids[second]) for first, second in pairs if first in ids and second in ids]

    def sides(self) -> list[Member]:
        """Members with their roles; a council with money here but no membership that year stands on neither side."""
        known = {member.council for member in self.members}
        named = {line.council for line in self.lines}.union(*((c.payer, c.receiver) for c in self.charges))
        return [*self.members, *(Member(each, provides=False, receives=False) for each in sorted(named - known))]


def read(partnership: int, year: int) -> Ledger:
    """What the ledger says now about the partnership (an id) and year; six statements, each sees what is committed."""
    shard = {"partnership": partnership, "year": year}
    period = FinancialYear(year)
    dates = {"partnership": partnership, "first_day": period.first_day, "end": period.end}
    found = rows("lines", LedgerLine, **shard)
    return Ledger(
        year=year,
        lines=found,
        charges=rows("charges", LedgerCharge, **shard),
        members=rows("members", Member, **dates),
        returns=rows("returns", Returned, **dates),
        distinct=rows("distinctions", lambda *pair: pair, **shard),
        elsewhere=elsewhere(partnership, year, found),
    )


def elsewhere(partnership: int, year: int, found: list[LedgerLine]) -> list[ClaimElsewhere]:
    """Claims in other partnerships that are near those among the lines `found`; no statement when there are none."""
    claims = [line for line in found if line.claim and line.amount]
    if not claims:
        return []
    return rows(
        "elsewhere", ClaimElsewhere, partnership=partnership, year=year,
        lines=[line.id for line in claims], councils=[line.council for line in claims],
        services=[line.service for line in claims], schemes=[line.scheme for line in claims],
        pence=[line.amount for line in claims], tolerance_bps=CURRENT.tolerance_bps,
        tolerance_pence=CURRENT.tolerance_pence,
    )  # fmt: skip
