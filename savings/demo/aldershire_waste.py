"""Aldershire Waste: too young to tell. Begun on 1 October of year 4; Stonebeck has said nothing: not even nil."""

from partnerships import actions as arrangements
from savings.models.typed import BenefitClass, Kind

from .arrangement import (
    CSV,
    MONTHS,
    NEVER,
    NOTHING,
    QUARTERS,
    Arrangement,
    Charge,
    Indicator,
    Line,
    Member,
    Scheme,
    each,
)
from .councils import ALDERSHIRE, MILLHAVEN, STONEBECK
from .deeds import Deed
from .people import OFFICER

SLUG = "aldershire-waste"
AS_PLANNED = (
    "council_id", "scheme_reference", "kind", "benefit_class", "recurrence", "year", "month", "amount_pence",
    "funded_by",
)  # fmt: skip
AS_CHARGED = ("payer_id", "receiver_id", "year", "amount_pence")
ONE_OFF, RUNNING = Kind.ONE_OFF_COST, Kind.RUNNING_COST
MISSED = "Bins missed"

ARRANGEMENT = Arrangement(
    slug=SLUG,
    name="Aldershire Waste",
    summary=(
        "Millhaven collects household waste for Stonebeck too, and Aldershire takes it at one depot. "
        "Invented for the demonstration."
    ),
    form="delegation",
    services=("waste-collection", "waste-disposal"),
    starts=(4, 10, 1),
    founded=(4, 5, 12),
    members=(
        Member(MILLHAVEN, "provider", host=True, cost_share_bps=4_500, baseline=2_660_000),
        Member(STONEBECK, "receiver", cost_share_bps=3_500, baseline=2_140_000),
        Member(ALDERSHIRE, "receiver", cost_share_bps=2_000, baseline=1_380_000),
    ),
    case_title="Rounds that ignore the boundary",
    case_explanation="Vehicles and a depot first; rounds are redrawn in the second year.",
    horizon=8,
    indicators=(
        Indicator(
            MISSED, "for each 100,000 collected", False, "48", "10", {MILLHAVEN: {4: "55"}, ALDERSHIRE: {4: "47"}}
        ),
    ),
    schemes=(
        Scheme("WC-01", "Rounds redrawn across the boundary", "Head of Environment", indicator=MISSED),
        Scheme("WC-02", "One depot", "Head of Environment", service="waste-disposal", indicator=MISSED),
        Scheme(
            "WC-03", "Grant moved to the joint depot", "Head of Waste", benefit_class=BenefitClass.FUNDING_SHIFT,
            recurrence="one_off", service="waste-disposal",
        ),
        Scheme("WC-20", "Set-up: vehicles and depot", "Head of Environment", recurrence="one_off"),
        Scheme("WC-21", "Running the joint rounds", "Head of Environment"),
    ),
    lines=(
        Line("WC-01", MILLHAVEN, months=(10, 11, 12), banked={4: 12_000}, promised={4: 20_000}, signed=NEVER),
        Line(
            "WC-01", MILLHAVEN, months=MONTHS, proof=NOTHING, banked={5: 114_000},
            promised={5: 140_000, **each(6, 8, 220_000)},
        ),
        Line("WC-01", STONEBECK, promised={5: 110_000, **each(6, 8, 180_000)}),
        Line(
            "WC-02", ALDERSHIRE, months=QUARTERS, proof=CSV, banked={5: 48_000},
            promised={5: 60_000, **each(6, 8, 95_000)},
        ),
        Line("WC-03", ALDERSHIRE, months=(11,), banked={4: 30_000}),
        Line(
            "WC-20", MILLHAVEN, kind=ONE_OFF, months=(9,), promised={4: 260_000}, banked={4: 238_000},
            funded_by="reserves", note="Four vehicles.",
        ),
        Line("WC-20", STONEBECK, kind=ONE_OFF, promised={4: 120_000}, funded_by="grant"),
        Line(
            "WC-21", MILLHAVEN, kind=RUNNING, months=(9, 12), promised={4: 22_000, **each(5, 8, 45_000)},
            banked={4: 24_000}, funded_by="own_budget",
        ),
    ),
    charges=(
        Charge(STONEBECK, MILLHAVEN, promised=each(5, 8, 50_000), banked={5: 50_000}, payer_silent=True),
    ),
    audience="sector",
    purposes=("save", "quality"),
    silent=frozenset({(STONEBECK, 4, 3), (STONEBECK, 4, 4), *((STONEBECK, 5, quarter) for quarter in (1, 2, 3, 4))}),
)  # fmt: skip


def turns(dates):
    """The third year of the promise begins dearer than was thought, and Millhaven drafts it anew; nobody has it yet."""
    yield Deed(dates.day(4, 2, 16), (OFFICER, MILLHAVEN), _restate(dates.year(6)))


def _restate(from_year):
    """The same lines, those from `from_year` on three in a hundred higher: a draft of version 2, not yet submitted."""

    def restate(world, by, at):
        approved = world.cases[SLUG]
        arrangements.draft(
            by=by, at=at, partnership=world.partnerships[SLUG], title="Rounds that ignore the boundary, at new prices",
            explanation="Pay and fuel went up by 3% more than the promise had allowed for.", restated_for="price",
            horizon_year=approved.horizon_year, submit=False,
            lines=[_dearer(row, from_year) for row in approved.lines.order_by("pk").values(*AS_PLANNED)],
            charges=[_dearer(row, from_year) for row in approved.charges.order_by("pk").values(*AS_CHARGED)],
        )  # fmt: skip

    return restate


def _dearer(row, from_year):
    later = row["year"] >= from_year.start
    return row | {"amount_pence": row["amount_pence"] * 103 // 100 if later else row["amount_pence"]}
