"""Disputes and confirmations in the plain model: who may raise, end, ask and answer, and what then stands disputed."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any


@dataclass
class Disputed:
    amount: Any
    council: str
    by: str
    answered: bool = False  # by an answer that said no, so a later yes takes it back
    open: bool = True


@dataclass
class Asked:
    """What one council was asked about a quarter: each line's amounts, fixed when it was asked."""

    council: str
    quarter: int
    lines: list[list]
    answered: bool = False


class Disagreements:
    """Part of the `World`."""

    def may_dispute(self, person, council, amount):
        return (
            self.writes(person, council)
            and council != amount.council
            and amount.standing
            and not self.disputed_by(council, amount)
        )

    def disputed_by(self, council, amount):
        return any(each.open and each.amount is amount and each.council == council for each in self.disputes)

    def is_disputed(self, amount):
        return any(each.open and each.amount is amount for each in self.disputes)

    def may_end(self, person, dispute, outcome, *, auditor=False):
        """Withdrawn by the side that raised it, upheld by the lead of the amount's, dismissed by neither."""
        if not dispute.open:
            return False
        if outcome == "withdrawn":
            return self.leads(person, dispute.council) or (
                dispute.by == person and self.writes(person, dispute.council)
            )
        if dispute.by == person:
            return False
        return self.leads(person, dispute.amount.council) if outcome == "upheld" else auditor

    def lines_for(self, council, quarter, quarter_of):
        """What the others banked for the quarter, a line each; what comes to nothing is no claim."""
        lines = defaultdict(list)
        for each in self.amounts:
            if each.council != council and quarter_of(each.month) == quarter:
                lines[each.council, each.scheme, each.kind, each.benefit_class].append(each)
        return [line for line in lines.values() if sum(each.pence for each in line)]

    def may_ask(self, person, council, quarter, quarter_of):
        leads = any(what == "finance_lead" for who, _, what in self.roles if who == person)
        return leads and bool(self.lines_for(council, quarter, quarter_of))

    def may_answer(self, person, asked):
        latest = [each for each in self.asked if (each.council, each.quarter) == (asked.council, asked.quarter)][-1]
        own = {each.recorder for line in asked.lines for each in line}
        own |= {proof.uploader for line in asked.lines for each in line for proof in each.proofs}
        return not asked.answered and asked is latest and self.writes(person, asked.council) and person not in own

    def answer(self, person, asked, agreed):
        asked.answered = True
        for amount in (each for line in asked.lines for each in line):
            if agreed:
                for dispute in self.disputes:
                    if dispute.amount is amount and dispute.council == asked.council and dispute.answered:
                        dispute.open = False
            elif amount.standing and not self.disputed_by(asked.council, amount):
                self.disputes.append(Disputed(amount, asked.council, person, answered=True))
