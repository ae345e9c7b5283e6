"""What a page of confirmation shows: the claims in a table with their totals, and what was answered to each."""

from typing import NamedTuple

from savings.models import ConfirmationAnswer, ConfirmationLine
from savings.models.typed import BenefitClass, Kind


class Claims(NamedTuple):
    """The lines asked about, in the order they were written, and what they come to in pence."""

    lines: list[ConfirmationLine]
    savings: int
    costs: int
    income: int

    @property
    def totals(self) -> list[tuple[str, int]]:
        """Label and pence of each kind there is; savings and costs are never one figure with income."""
        found = [("Savings", self.savings), ("Costs of sharing", self.costs), ("Income", self.income)]
        return [(label, pence) for label, pence in found if pence]


def claims(lines) -> Claims:
    """The `Claims` of lines, each with `what`: its kind and class in words."""
    for line in lines:
        kind = line.get_kind_display()
        line.what = f"{kind}, {BenefitClass(line.benefit_class).label.lower()}" if line.benefit_class else kind

    def of(*kinds):
        return sum(line.amount_pence for line in lines if line.kind in kinds)

    return Claims(list(lines), of(Kind.SAVING), of(Kind.ONE_OFF_COST, Kind.RUNNING_COST), of(Kind.INCOME))


def said_of(confirmation) -> list[ConfirmationAnswer]:
    """What was answered, line by line, with the line and its claimant. One query."""
    found = list(
        ConfirmationAnswer.objects.filter(confirmation=confirmation).select_related("line__claimant").order_by("line")
    )
    claims([each.line for each in found])
    return found
