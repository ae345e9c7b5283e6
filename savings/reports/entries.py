"""The entries a report rests on, as rows: every series, reversals and what they reverse among them."""

import datetime
import uuid
from typing import NamedTuple

from partnerships.models import Partnership
from savings.models.typed import BenefitClass, Kind, Series
from savings.reporting import rows


class Row(NamedTuple):
    """One entry with its grade, its latest decision and its documents; amounts are signed pence."""

    pk: int
    entry: uuid.UUID
    council: int
    code: str
    member: str
    scheme_pk: int
    scheme: str
    title: str
    series: str
    kind: str
    benefit_class: str  # empty unless a saving
    recurrence: str
    year: int
    month: int | None
    pence: int
    price_base: int | None
    adjustment: bool
    note: str
    ledger_code: str
    document_ref: str
    external_key: str
    funded_by: str
    version: int | None  # of the business case that promised it
    in_force: bool  # False for a promise that a later version replaced
    grade: int
    disputed: bool
    outcome: str  # of the latest decision, which the next three belong to; empty without one
    decided_by: str
    decided_at: datetime.datetime | None
    reason: str
    recorded_by: str
    recorded_at: datetime.datetime
    reverses: uuid.UUID | None
    reversed_by: uuid.UUID | None
    documents: list[int]
    digests: list[str]

    @property
    def banked(self) -> bool:
        return self.series == Series.BANKED

    @property
    def stands(self) -> bool:
        """Neither a reversal nor reversed."""
        return self.reverses is None and self.reversed_by is None

    @property
    def cash(self) -> bool:
        return self.kind == Kind.SAVING and self.benefit_class == BenefitClass.CASH_RELEASING

    @property
    def cost(self) -> bool:
        return self.kind in (Kind.ONE_OFF_COST, Kind.RUNNING_COST)

    @property
    def unsigned(self) -> bool:
        return self.banked and self.stands and self.grade < 2

    @property
    def line(self) -> tuple[int, int, int]:
        """Year, council and scheme: with the same kind and class, one line of the duplicate rules."""
        return self.year, self.council, self.scheme_pk


def entries_of(partnership: Partnership) -> list[Row]:
    """Every entry, banked first, then by year, member, scheme, month. One query."""
    return rows("report_entries", Row, partnership=partnership.pk)
