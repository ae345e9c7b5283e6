"""What did not go to plan in Five Rivers: each turn is over before year 5 begins."""

from councils.years import FinancialYear
from partnerships import leaving
from savings.actions import decision, disputes, distinctions, entries, returns
from savings.models import Return
from savings.models.typed import BenefitClass, Kind

from .councils import EASTMERE, MILLHAVEN, NORTHFORD, STONEBECK
from .deeds import Deed
from .documents import keep, pdf
from .people import LEAD, OFFICER

SLUG = "five-rivers-revenues"


def turns(dates):
    """What did not go to plan."""
    yield Deed(dates.day(2, 9, 24), (LEAD, NORTHFORD), _close(NORTHFORD, dates.year(1)))
    yield Deed(dates.day(2, 9, 25), (LEAD, MILLHAVEN), _close(MILLHAVEN, dates.year(1)))
    yield Deed(dates.day(3, 7, 9), (LEAD, MILLHAVEN), _two_contracts(dates.year(2)))
    yield Deed(dates.day(3, 10, 14), (OFFICER, MILLHAVEN), _adjust_year_one(dates.year(1)))
    yield Deed(dates.day(3, 10, 20), (LEAD, MILLHAVEN), _sign_adjustment)
    yield Deed(dates.day(3, 11, 10), (LEAD, EASTMERE), _leave(dates.day(4, 4, 1)))
    yield Deed(dates.day(4, 6, 4), (LEAD, MILLHAVEN), _dispute)
    yield Deed(dates.day(4, 2, 11), (OFFICER, STONEBECK), _reverse)


def _close(council, year):
    def close(world, by, at):
        for quarter in year.quarters:
            returns.step(
                partnership=world.partnerships[SLUG], council=world.councils[council], quarter=quarter,
                step=Return.Step.CLOSED, by=by, at=at,
            )  # fmt: skip

    return close


def _two_contracts(year):
    def find_distinct(world, by, at):
        distinctions.find_distinct(
            partnership=world.partnerships[SLUG], year=year,
            council=world.councils[NORTHFORD], scheme=world.schemes[SLUG, "RB-06"],
            other_council=world.councils[STONEBECK], other_scheme=world.schemes[SLUG, "RB-07"], by=by, at=at,
            reason="Two contracts with two suppliers: Northford's enforcement agents and Stonebeck's scanning.",
        )  # fmt: skip

    return find_distinct


def _adjust_year_one(year):
    """Year 1 is closed for Millhaven, so what was found wrong comes as an adjustment, dated now."""
    finding = "One deleted post was still paid in the first week of March. Found by internal audit."

    def adjust(world, by, at):
        title = "Internal audit memorandum: leavers' last pay"
        world.entries[SLUG, "RB-02", MILLHAVEN, 1, "adjustment"] = entries.record(
            by=by, at=at, council=world.councils[MILLHAVEN], partnership=world.partnerships[SLUG],
            scheme=world.schemes[SLUG, "RB-02"], kind=Kind.SAVING, benefit_class=BenefitClass.CASH_RELEASING,
            year=year, month=12, amount_pence=-3_200_00, ledger_code="M-RB02", note=finding,
            files=[keep(pdf(title, [finding, "Amount: £3,200.00"]), name="internal-audit-memorandum.pdf", title=title)],
        )  # fmt: skip

    return adjust


def _sign_adjustment(world, by, at):
    decision.sign_off(entry=world.entries[SLUG, "RB-02", MILLHAVEN, 1, "adjustment"], by=by, at=at)


def _leave(on):
    def leave(world, by, at):
        membership = world.partnerships[SLUG].memberships.current().get(council=world.councils[EASTMERE])
        leaving.set_terms(
            partnership=world.partnerships[SLUG], council=world.councils[EASTMERE], by=by, at=at, notice_months=4,
            exit_terms="Whoever leaves pays for its own way out. What the others go on paying for is theirs.",
        )  # fmt: skip
        leaving.give_notice(
            membership=membership, by=by, at=at, leaves_on=on, minute_reference="Cabinet minute 118",
            reason="Eastmere will run its own service again.",
            costs=[
                {
                    "council": world.councils[EASTMERE], "scheme_reference": "RB-22", "what": "exit",
                    "year": FinancialYear.containing(at.date()).start, "amount_pence": 90_000_00,
                }
            ],
        )  # fmt: skip

    return leave


def _dispute(world, by, at):
    disputes.dispute(
        entry=world.entries[SLUG, "RB-09", NORTHFORD, 3, None], council=world.councils[MILLHAVEN], by=by, at=at,
        reason="A third of the accounts reviewed were Millhaven's. Northford claims the whole of it.",
    )  # fmt: skip


def _reverse(world, by, at):
    entries.reverse(
        entry=world.entries[SLUG, "RB-08", STONEBECK, 3, None], by=by, at=at,
        reason="The contract price had fallen before sharing began, so sharing did not save it.",
    )  # fmt: skip
