"""The shapes figures come in. `figures` fills them; what follows from them by arithmetic is worked out here."""

from typing import NamedTuple

from councils.years import FinancialYear


class Figures(NamedTuple):
    """Sums of roll-up facts. Savings are cash-releasing ones; `counted` is after the duplicate rules."""

    promised: int = 0  # cash savings of the business case in force
    promised_cost: int = 0
    promised_charges: int = 0  # received less paid
    forecast: int = 0
    forecast_cost: int = 0
    claimed: int = 0
    counted: int = 0
    proven: int = 0
    grade_0: int = 0  # of counted: self-declared, documented, signed off, audited
    grade_1: int = 0
    grade_2: int = 0
    grade_3: int = 0
    disputed: int = 0  # of counted, openly disputed
    one_off_cost: int = 0
    running_cost: int = 0
    charges_paid: int = 0
    charges_received: int = 0  # as the payers report it
    charges_unreconciled: int = 0  # what receivers report less what payers report
    non_cash: int = 0  # beside cash, never added to it
    avoidance: int = 0
    reduction: int = 0
    funding_shift: int = 0
    income: int = 0
    recurring: int = 0  # of counted
    entries: int = 0  # banked entries, reversals too: a number of rows
    unsigned: int = 0  # banked entries that stand below grade 2: a number of rows
    returned: int = 0  # quarters with a return, nil or not, one for each member
    returns_signed_off: int = 0  # of those, signed off or closed
    nil_cost_returns: int = 0  # of those signed off, stating that there was no cost

    @property
    def costs(self) -> int:
        return self.one_off_cost + self.running_cost

    @property
    def charges(self) -> int:
        """Received less paid; nothing for a whole partnership, where charges cancel."""
        return self.charges_received - self.charges_paid

    @property
    def net_promised(self) -> int:
        return self.promised - self.promised_cost + self.promised_charges

    @property
    def net_forecast(self) -> int:
        return self.forecast - self.forecast_cost

    @property
    def net_claimed(self) -> int:
        return self.claimed - self.costs + self.charges

    @property
    def net_counted(self) -> int:
        return self.counted - self.costs + self.charges

    @property
    def net_proven(self) -> int:
        return self.proven - self.costs + self.charges

    @property
    def excluded(self) -> int:
        """Claimed but not counted: transfers and double claims."""
        return self.claimed - self.counted

    @property
    def recorded(self) -> bool:
        """Whether anything was banked or charged; without it the figures are not nought but unknown.

        Asked of amounts too: of two entries carried to three successors, one has amounts and no entry.
        """
        charged = self.charges_paid or self.charges_received or self.charges_unreconciled
        return bool(self.entries or charged or self.claimed or self.costs or self.income)


class Year(NamedTuple):
    year: int
    figures: Figures

    @property
    def label(self) -> str:
        return FinancialYear(self.year).label


class Point(NamedTuple):
    """The end of one year on the cumulative curve, all net pence; what was banked is None after the year of reading."""

    year: int
    promised: int
    claimed: int | None
    counted: int | None
    proven: int | None


class Named(NamedTuple):
    """One council or partnership with its figures; `slug` is its address."""

    id: int
    name: str
    slug: str
    figures: Figures
