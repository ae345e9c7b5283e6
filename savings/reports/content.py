"""Everything one report says, read in one snapshot: figures from `savings.reporting`, rows by statements."""

import datetime
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from councils.models import Council
from partnerships.models import Approval, BusinessCase, Ending, Membership, Partnership, Vehicle
from savings.models import Dispute, Distinction
from savings.reporting import figures, lines, rows
from savings.reporting.lines import LedgerCharge
from savings.reporting.member_years import MemberYears, member_years

from .entries import Row, entries_of
from .exclusions import Exclusion, exclusions
from .gaps import Missing, Returns, missing_of, returns_of
from .snapshot import Snapshot


class ChargeRow(NamedTuple):
    """One charge as one of its two sides reported it; signed pence, positive is money to the receiver."""

    charge: uuid.UUID
    reported_by: str  # council codes
    payer: str
    receiver: str
    series: str
    final: bool
    year: int
    month: int | None
    pence: int
    note: str
    version: int | None
    recorded_by: str
    recorded_at: datetime.datetime
    reverses: uuid.UUID | None


class DocumentRow(NamedTuple):
    pk: int
    title: str
    file_name: str
    media_type: str
    size: int  # bytes
    sha256: str
    exempt: bool
    member: str
    uploaded_by: str
    uploaded_at: datetime.datetime
    supports: list[int]  # entries
    withdrawn_from: list[int]


class Agreed(NamedTuple):
    """What one member paid another in a year, as each of them reports it."""

    year: int
    charge: LedgerCharge


class Content(NamedTuple):
    partnership: Partnership
    council: Council  # whose report it is
    taken: Snapshot
    figures: figures.PartnershipFigures
    member_years: list[MemberYears]
    entries: list[Row]
    documents: list[DocumentRow]
    charges: list[ChargeRow]
    agreed: list[Agreed]  # banked, by year
    exclusions: list[Exclusion]
    distinctions: list[Distinction]
    disputes: list[Dispute]
    services: list[str]
    vehicles: list[Vehicle]
    ending: Ending | None
    memberships: list[Membership]
    cases: list[BusinessCase]
    approvals: list[Approval]
    returns: list[Returns]
    silent: Sequence[figures.Silent]
    missing: Missing
    ended: dict[int, datetime.date]  # by council id: first day it was no longer there, as known at the moment

    @property
    def banked(self) -> list[Row]:
        return [row for row in self.entries if row.banked]

    @property
    def names(self) -> dict[int, str]:
        """Names of councils by id, for every council that occurs."""
        return {m.council_id: m.council.name for m in self.memberships} | {m.id: m.name for m in self.member_years}


def gather(partnership: Partnership, council: Council, taken: Snapshot) -> Content:
    """Read it all; the number of queries grows with the years of the partnership, never with its entries."""
    on = taken.on
    found = figures.partnership_figures(partnership, on)
    ledgers = [lines.read(partnership.pk, year.year) for year in found.years]
    entries = entries_of(partnership)
    memberships = list(
        Membership.objects.current()
        .filter(partnership=partnership)
        .select_related("council")
        .order_by("council__name", "starts_on", "pk")
    )
    kept = Partnership.objects.kept().filter(pk=partnership.pk).exists()
    returns = returns_of(partnership, memberships, on=on) if kept else []
    return Content(
        partnership=partnership,
        council=council,
        taken=taken,
        figures=found,
        member_years=member_years(partnership),
        entries=entries,
        documents=rows("report_documents", DocumentRow, partnership=partnership.pk),
        charges=rows("report_charges", ChargeRow, partnership=partnership.pk),
        agreed=[
            Agreed(ledger.year, charge)
            for ledger in ledgers
            for charge in sorted(ledger.charges)
            if charge.series == "banked" and (charge.by_payer or charge.by_receiver)
        ],
        exclusions=[each for ledger in ledgers for each in exclusions(ledger)],
        distinctions=list(
            Distinction.objects.standing()
            .filter(partnership=partnership)
            .select_related("council", "scheme", "other_council", "other_scheme", "decided_by")
            .order_by("pk")
        ),
        disputes=list(
            Dispute.objects.filter(partnership=partnership)
            .select_related("council", "raised_by", "ended__decided_by")
            .order_by("pk")
        ),
        services=list(partnership.services.order_by("service__name").values_list("service__name", flat=True)),
        vehicles=list(Vehicle.objects.filter(partnership=partnership)),
        ending=Ending.objects.filter(partnership=partnership).first(),
        memberships=memberships,
        cases=list(BusinessCase.objects.filter(partnership=partnership).order_by("version")),
        approvals=list(
            Approval.objects.filter(partnership=partnership)
            .select_related("case", "council", "approved_by", "resolution")
            .order_by("case__version", "council__name")
        ),
        returns=returns,
        silent=figures.freshness(on=on, partnership=partnership).silent,
        missing=missing_of(entries),
        ended=dict(Council.objects.ended(on).values_list("pk", "_ends")),
    )
