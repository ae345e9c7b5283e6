"""The least that is valid, through the same actions as people use. A test states whatever it depends on."""

import io
from contextlib import contextmanager

from councils.acts import act
from councils.models import Person, Succession
from councils.scope import refresh_scope, scope
from councils.years import FinancialYear
from partnerships import actions as arrangement
from partnerships import changing, offering
from partnerships.models import Ending, Membership
from savings import documents
from savings.actions import decision, entries
from savings.models import Entry
from savings.models.typed import BenefitClass, Kind, Series

from .cast import NOW
from .database import as_role

PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
LEADS = {"NFD": "ben", "STM": "dev", "WSV": "cleo"}


@contextmanager
def acting(person: Person, at=NOW):
    """Inside it, the database answers as it would to `person`; yields the keyword arguments every action takes."""
    with scope(person_id=person.pk, on=at.date()):
        yield {"by": person, "at": at}


def a_file(name="Proof.pdf", content=PDF, title=""):
    """A `StoredFile` kept as an upload would be."""
    return documents.store(io.BytesIO(content), name=name, title=title)


def an_entry(cast, *, by="asha", at=NOW, council="NFD", scheme="REV-01", kind=Kind.SAVING, year=2025, month=None,
             amount_pence=1_000_00, files=(), **fields) -> Entry:  # fmt: skip
    """A banked, cash-releasing saving of £1,000 for the whole of 2025/26, as Asha would record it."""
    if kind == Kind.SAVING:
        fields.setdefault("benefit_class", BenefitClass.CASH_RELEASING)
    with acting(cast.people[by], at) as how:
        return entries.record(
            **how,
            council=cast.councils[council],
            partnership=cast.partnership,
            scheme=cast.schemes[scheme],
            kind=kind,
            year=FinancialYear(year),
            month=month,
            amount_pence=amount_pence,
            files=files,
            **{"series": Series.BANKED, **fields},
        )


def a_proven_entry(cast, *, amount_pence=1_000_00, code="R100", signer="ben", at=NOW, **fields) -> Entry:
    """An entry with a document and a budget reduction of the same amount, signed off by the council's finance lead."""
    entry = an_entry(
        cast,
        amount_pence=amount_pence,
        ledger_code=code,
        reduction_pence=amount_pence,
        files=[a_file()],
        at=at,
        **fields,
    )
    with acting(cast.people[signer], at) as how:
        decision.sign_off(entry=entry, **how)
    return entry


def succeed(cast, predecessor, shares, *, on, by="ada", at=NOW):
    """Successions straight into the register, as a role that writes everything; `shares`: basis points by code."""
    with act(by=cast.people[by], at=at, verb="reorganised", subject=f"council:{predecessor}", register=True) as this:
        return Succession.objects.bulk_create(
            Succession(
                act=this, predecessor=cast.councils[predecessor], successor=cast.councils[code], on=on,
                share_bps=share, share_basis="agreed",
            )
            for code, share in shares.items()
        )  # fmt: skip


def found_together(cast, *, by, at, members, **facts):
    """A partnership whose members have all joined, each by the word of its own finance lead, in one go."""
    with acting(by, at):
        partnership = arrangement.found(by=by, at=at, members=members, **facts)
        waiting = list(partnership.offers.waiting().select_related("council"))
    for one in waiting:
        with acting(cast.people[LEADS[one.council.code]], at) as how:
            offering.accept(offer=one, **how)
    refresh_scope(person_id=by.pk, on=at.date())
    return partnership


def agreed_by_all(cast, *, by="ben", at=NOW, members=(), **facts):
    """A `Change` of the cast's partnership that every member has agreed to, each by its own lead."""
    council = next(code for code, lead in LEADS.items() if lead == by)
    with acting(cast.people[by], at) as how:
        facts = {"starts_on": at.date(), "reason": "Agreed together", **facts}
        change = changing.propose(
            partnership=cast.partnership, proposing=cast.councils[council], members=members, **how, **facts
        )
        asked = {row.council.code for row in changing.members_with_a_say(cast.partnership, at.date())} - {council}
    for code in sorted(asked):
        with acting(cast.people[LEADS[code]], at) as how:
            changing.agree(change=change, council=cast.councils[code], **how)
    refresh_scope(person_id=cast.people[by].pk, on=at.date())
    return change


def show_to(cast, who, at=NOW):
    """The cast's partnership is shown to everybody `who` says, by the word of all its members."""
    return agreed_by_all(cast, at=at, kind="audience", who=who)


def until(cast, ends_on, code="STM"):
    """A membership of the cast's partnership ends on a day, also one long past; as the product itself, because who
    agrees to it is not what is asked there."""
    with as_role("worker"), act(by=cast.people["ada"], at=NOW, verb="released", subject=code, register=True) as this:
        row = Membership.objects.current().get(partnership=cast.partnership, council=cast.councils[code])
        return Membership.objects.create(
            act=this, partnership_id=row.partnership_id, council_id=row.council_id, role=row.role, host=row.host,
            starts_on=row.starts_on, ends_on=ends_on, cost_share_bps=row.cost_share_bps,
            gain_share_bps=row.gain_share_bps, replaces=row,
        )  # fmt: skip


def ended(cast, ended_on, why="It was time."):
    """The cast's partnership and its memberships end on a day, also one long past; written as `until` is."""
    for code in ("NFD", "STM"):
        until(cast, ended_on, code)
    with as_role("worker"), act(by=cast.people["ada"], at=NOW, verb="ended", subject="it", register=True) as this:
        return Ending.objects.create(act=this, partnership=cast.partnership, ended_on=ended_on, why=why)
