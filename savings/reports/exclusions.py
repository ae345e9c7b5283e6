"""Which claims count as nothing, by which rule, and which line counts in their place.

The rules are asked of the same function as the figures are (`savings.analysis.position`), line by line, and `controls`
holds what is excluded here against the difference between claimed and counted.
"""

from typing import NamedTuple

from savings.analysis.position import position
from savings.reporting.lines import Ledger, LedgerLine

TRANSFER = "Transfer claimed as a saving"
REPEAT = "Same saving claimed twice"
WHY = {
    TRANSFER: "The amount is near to all that the member received in charges in the year. Money from another member "
    "is not a saving (rule 1).",
    REPEAT: "A provider and a receiver claim near amounts for one service, or one document supports equal amounts "
    "twice. The better evidenced line counts (rule 2).",
}


class Exclusion(NamedTuple):
    """One line that is claimed and counts as nothing."""

    year: int
    council: int
    scheme: int
    pence: int
    rule: str
    counts_instead: tuple[int, int] | None  # council and scheme; None for a transfer

    @property
    def line(self) -> tuple[int, int, int]:
        return self.year, self.council, self.scheme


def exclusions(ledger: Ledger) -> list[Exclusion]:
    """Of one partnership and year, in order of line."""
    found = position(
        ledger.claims(), ledger.agreed_charges(), ledger.sides(), resolved_distinct=ledger.resolved_distinct()
    )
    lines: dict[int | str, LedgerLine] = {line.id: line for line in ledger.lines if line.claim and line.id is not None}
    return [_excluded(ledger.year, lines[each], TRANSFER, None) for each in sorted(found.transfers, key=str)] + [
        _excluded(ledger.year, lines[line.id], REPEAT, lines[group[0].id])
        for group in found.groups
        for line in group[1:]
    ]


def _excluded(year: int, line: LedgerLine, rule: str, instead: LedgerLine | None) -> Exclusion:
    counts = (instead.council, instead.scheme) if instead else None
    return Exclusion(year, line.council, line.scheme, line.amount, rule, counts)
