"""Which claims count as nothing, by which rule, and which line counts in their place.

The rules are asked by the same function as for the figures (`savings.reporting.double_claims`), and `controls`
holds what is excluded here against the difference between claimed and counted.
"""

from typing import NamedTuple

from savings.reporting.double_claims import REPEAT as REPEATED
from savings.reporting.double_claims import TRANSFER as TRANSFERRED
from savings.reporting.double_claims import judge
from savings.reporting.lines import Ledger

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
    """Of one partnership and year, in order of rule and group."""
    caught = judge(ledger).caught
    counting = {
        each.group: (each.council_id, each.scheme_id) for each in caught if each.rule == REPEATED and each.counts
    }
    return [
        Exclusion(
            ledger.year, each.council_id, each.scheme_id, each.pence,
            TRANSFER if each.rule == TRANSFERRED else REPEAT,
            None if each.rule == TRANSFERRED else counting[each.group],
        )
        for each in caught
        if not each.counts
    ]  # fmt: skip
