"""A business case in figures: what each member was promised, year by year, in savings, costs and charges."""

from collections import defaultdict
from typing import NamedTuple

from savings.models.typed import BenefitClass, Kind

COSTS = (Kind.ONE_OFF_COST, Kind.RUNNING_COST)


class Promised(NamedTuple):
    """Signed pence of one member and year, or of a sum of such."""

    saving: int = 0
    cost: int = 0
    charges: int = 0  # received less paid
    beside: int = 0  # savings of other classes, and income: in no headline

    @property
    def net(self):
        return self.saving - self.cost + self.charges

    def __add__(self, other):
        return Promised(*(one + more for one, more in zip(self, other, strict=True)))

    def __sub__(self, other):
        return Promised(*(one - less for one, less in zip(self, other, strict=True)))


class Promise(NamedTuple):
    years: list[int]
    members: list  # councils, in name order
    cells: dict  # (council id, year) -> Promised

    def of(self, council=None, year=None):
        """The sum over what is named; all of it when nothing is."""
        total = Promised()
        for (member, when), cell in self.cells.items():
            if (council is None or member == council.pk) and (year is None or when == year):
                total += cell
        return total


def promise(lines, charges):
    """The `Promise` in planned lines and charges, whose councils are already read. No query."""
    cells: defaultdict[tuple[int, int], Promised] = defaultdict(Promised)
    councils = {}
    for line in lines:
        councils[line.council_id] = line.council
        cells[line.council_id, line.year] += _of_line(line)
    for charge in charges:
        councils |= {charge.payer_id: charge.payer, charge.receiver_id: charge.receiver}
        cells[charge.payer_id, charge.year] += Promised(charges=-charge.amount_pence)
        cells[charge.receiver_id, charge.year] += Promised(charges=charge.amount_pence)
    return Promise(sorted({year for _, year in cells}), sorted(councils.values(), key=lambda c: c.name), dict(cells))


def _of_line(line):
    if line.kind in COSTS:
        return Promised(cost=line.amount_pence)
    if line.kind == Kind.SAVING and line.benefit_class == BenefitClass.CASH_RELEASING:
        return Promised(saving=line.amount_pence)
    return Promised(beside=line.amount_pence)
