"""Business cases in the plain model: drafted, submitted, approved, restated; what is promised and was first."""

from dataclasses import dataclass, field

RECORDING = ("finance_officer", "finance_lead")


@dataclass
class Case:
    """One version; `pence` is each council's one line. `approved` is in the order of approval."""

    version: int
    drafter: str
    pence: dict[str, int]
    state: str = "draft"
    approved: list[str] = field(default_factory=list)


class Promises:
    """Part of the `World`."""

    def may_draft(self, person):
        return any(who == person and what in RECORDING for who, _, what in self.roles)

    def own_councils(self, person, drafter):
        """For which both have recorded, and the first does now."""
        drafted = {where for who, where, what in self.ever if who == drafter and what in RECORDING}
        return {where for who, where, what in self.roles if who == person and what in RECORDING} & drafted

    def draft(self, case):
        """It takes the place of what its own council has open and nobody has approved."""
        for each in self.cases:
            open_still = each.state in ("draft", "submitted") and not each.approved
            if open_still and self.own_councils(case.drafter, each.drafter):
                each.state = "superseded"
        self.cases.append(case)

    def may_submit(self, person, case):
        return case.state == "draft" and bool(self.own_councils(person, case.drafter))

    def may_approve(self, person, council, case):
        return (
            case.state == "submitted"
            and self.leads(person, council)
            and case.drafter != person
            and case.drafter not in self.absent(person, council)
            and council not in case.approved
            and not any(council in each.approved and each.version > case.version for each in self.cases)
        )

    def promised(self, council):
        """By the latest version approved for the council; a restatement takes the place of the figure before."""
        return next((case.pence[council] for case in reversed(self.cases) if council in case.approved), 0)

    def posted(self, council):
        """By version, what its approval posted for the council: none of it ever changes."""
        return {case.version: case.pence[council] for case in self.cases if council in case.approved}
