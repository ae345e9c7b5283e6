"""Five Rivers Revenues and Benefits: pays. Northford collects council tax and pays benefits for three neighbours.

Money goes out in year 1, comes back from year 2, and is signed off. What goes wrong even in a good partnership stands
in `five_rivers_turns.py`, and a post is claimed from both sides. docs/demo.md works the figures out by hand.
"""

from savings.models.typed import BenefitClass, Kind, Recurrence

from .arrangement import (
    CSV,
    MONTHS,
    NOTHING,
    QUARTERS,
    YEAR_END,
    Arrangement,
    Charge,
    Indicator,
    Line,
    Member,
    Scheme,
    each,
)
from .councils import EASTMERE, MILLHAVEN, NORTHFORD, STONEBECK
from .five_rivers_turns import SLUG, turns

__all__ = ["ARRANGEMENT", "turns"]

ONE_OFF, RUNNING, INCOME = Kind.ONE_OFF_COST, Kind.RUNNING_COST, Kind.INCOME
COLLECTED, CLAIM_DAYS = "Council tax collected in the year", "Days to decide a new benefit claim"

SCHEMES = (
    Scheme("RB-01", "One management team", "Head of Revenues and Benefits", indicator=COLLECTED),
    Scheme("RB-02", "Delete posts that two councils both had", "Head of Revenues and Benefits", indicator=CLAIM_DAYS),
    Scheme("RB-03", "One revenues and benefits system", "Head of Digital", indicator=CLAIM_DAYS),
    Scheme(
        "RB-04", "Vacancies held until the teams joined", "Head of Revenues and Benefits",
        recurrence=Recurrence.TIME_LIMITED, last_year=2, indicator=CLAIM_DAYS,
    ),
    Scheme("RB-05", "Share one head of revenues", "Director of Resources", indicator=COLLECTED),
    Scheme(
        "RB-06", "Enforcement agents retendered", "Head of Revenues and Benefits",
        recurrence=Recurrence.ONE_OFF, indicator=COLLECTED,
    ),
    Scheme(
        "RB-07", "Scanning contract ended early", "Customer Services Manager",
        recurrence=Recurrence.ONE_OFF, indicator=CLAIM_DAYS,
    ),
    Scheme("RB-08", "Postage and printing contract", "Customer Services Manager", indicator=CLAIM_DAYS),
    Scheme(
        "RB-09", "Single-person discounts reviewed", "Head of Revenues and Benefits",
        recurrence=Recurrence.ONE_OFF, indicator=COLLECTED,
    ),
    Scheme(
        "RB-10", "Advisers' hours freed by online forms", "Customer Services Manager",
        benefit_class=BenefitClass.NON_CASH_RELEASING, service="customer-contact",
    ),
    Scheme("RB-11", "Court costs recovered", "Head of Revenues and Benefits"),
    Scheme("RB-20", "Set-up: system and project team", "Head of Digital", recurrence=Recurrence.ONE_OFF),
    Scheme("RB-21", "Set-up: redundancy and pension strain", "Head of People", recurrence=Recurrence.ONE_OFF),
    Scheme("RB-22", "Cost of leaving", "Director of Resources", recurrence=Recurrence.ONE_OFF),
    Scheme("RB-23", "Running the shared service", "Head of Revenues and Benefits"),
    Scheme("RB-24", "Client side kept", "Director of Resources"),
)  # fmt: skip

LINES = (
    # Northford, the provider
    Line(
        "RB-01", NORTHFORD, months=MONTHS, proof=YEAR_END, promised=each(1, 5, 144_000), forecast={5: 144_000},
        banked={1: 72_000, 2: 138_000, 3: 138_000, 4: 144_000, 5: 144_000},
    ),
    Line("RB-03", NORTHFORD, promised=each(2, 5, 90_000), banked={2: 81_500, 3: 86_300, 4: 88_900}),
    Line("RB-04", NORTHFORD, promised={1: 50_000, 2: 25_000}, banked={1: 54_000, 2: 27_000}),
    Line("RB-05", NORTHFORD, promised=each(3, 5, 60_000), banked={3: 62_000}),  # Millhaven claims the same post
    Line("RB-06", NORTHFORD, banked={2: 36_000}),
    Line("RB-09", NORTHFORD, banked={3: 48_000}),
    Line("RB-10", NORTHFORD, banked={3: 41_000, 4: 43_500}),
    Line("RB-11", NORTHFORD, kind=INCOME, banked={2: 64_300, 3: 58_900, 4: 61_200}),
    Line(
        "RB-20", NORTHFORD, kind=ONE_OFF, months=(5,), promised={1: 475_000}, banked={1: 525_000, 2: 40_000},
        funded_by="reserves", note="System £430,000 and project team £95,000 in the first year.",
    ),
    Line(
        "RB-23", NORTHFORD, kind=RUNNING, months=QUARTERS, proof=CSV, promised=each(1, 5, 300_000),
        forecast={5: 288_000},
        banked={1: 240_000, 2: 316_000, 3: 318_000, 4: 286_000, 5: 288_000}, funded_by="own_budget",
    ),
    # Millhaven
    Line(
        "RB-02", MILLHAVEN, months=QUARTERS, proof=CSV, promised={1: 150_000, **each(2, 5, 320_000)},
        forecast={5: 336_000}, banked={1: 120_000, 2: 280_000, 3: 324_000, 4: 332_000, 5: 336_000},
    ),
    Line("RB-03", MILLHAVEN, promised=each(2, 5, 48_000), banked={2: 44_200, 3: 45_100, 4: 46_800}),
    Line("RB-05", MILLHAVEN, banked={3: 61_600, 4: 62_400}),
    Line(
        "RB-21", MILLHAVEN, kind=ONE_OFF, months=(7,), promised={1: 150_000}, banked={1: 164_000},
        funded_by="reserves", note="Five people; pension strain £61,000 of it.",
    ),
    Line(
        "RB-24", MILLHAVEN, kind=RUNNING, promised=each(1, 5, 12_000),
        banked={1: 18_000, 2: 18_400, 3: 18_900, 4: 19_300}, funded_by="own_budget",
    ),
    # Stonebeck
    Line(
        "RB-02", STONEBECK, months=QUARTERS, proof=CSV, promised={1: 130_000, **each(2, 5, 270_000)},
        forecast={5: 278_000}, banked={1: 100_000, 2: 240_000, 3: 272_000, 4: 276_000, 5: 278_000},
    ),
    Line("RB-03", STONEBECK, promised=each(2, 5, 40_000), banked={2: 37_900, 3: 38_600, 4: 39_700}),
    Line("RB-07", STONEBECK, banked={2: 35_500}),
    Line("RB-08", STONEBECK, banked={3: 18_400}),  # signed off, then reversed
    Line(
        "RB-21", STONEBECK, kind=ONE_OFF, months=(7,), promised={1: 120_000}, banked={1: 131_500},
        funded_by="capital_receipts", note="Four people. Paid from receipts under a flexible use direction.",
    ),
    # Eastmere, until the end of year 3
    Line(
        "RB-02", EASTMERE, months=QUARTERS, proof=CSV, promised={1: 100_000, **each(2, 5, 210_000)},
        banked={1: 60_000, 2: 150_000, 3: 168_000},
    ),
    Line("RB-03", EASTMERE, promised=each(2, 5, 35_000), banked={2: 31_700, 3: 32_400}),
    Line("RB-04", EASTMERE, promised={1: 20_000}, banked={1: 22_000}, proof=NOTHING),
    Line(
        "RB-21", EASTMERE, kind=ONE_OFF, months=(7,), promised={1: 80_000}, banked={1: 88_000}, funded_by="reserves",
    ),
    Line(
        "RB-22", EASTMERE, kind=ONE_OFF, months=(12,), banked={3: 95_000}, funded_by="reserves",
        note="Notice period and copying its records out of the shared system.",
    ),
)  # fmt: skip

CHARGES = (
    Charge(
        MILLHAVEN, NORTHFORD, promised={1: 90_000, **each(2, 5, 150_000)},
        banked={1: 96_000, 2: 150_000, 3: 154_000, 4: 158_000, 5: 160_000},
    ),
    Charge(
        STONEBECK, NORTHFORD, promised={1: 75_000, **each(2, 5, 125_000)},
        banked={1: 80_000, 2: 126_000, 3: 129_500, 4: 133_000, 5: 135_000},
    ),
    Charge(
        EASTMERE, NORTHFORD, promised={1: 70_000, **each(2, 5, 110_000)},
        banked={1: 72_000, 2: 112_000, 3: 115_000}, receiver_says={2: 400},
    ),
)  # fmt: skip

ARRANGEMENT = Arrangement(
    slug=SLUG,
    name="Five Rivers Revenues and Benefits",
    summary=(
        "Northford collects council tax and pays housing benefit for Millhaven and Stonebeck, and did for Eastmere "
        "until it left. Invented for the demonstration."
    ),
    form="delegation",
    services=("revenues-and-benefits", "customer-contact"),
    starts=(1, 4, 1),
    founded=(0, 10, 6),
    members=(
        Member(NORTHFORD, "provider", host=True, cost_share_bps=4_000, baseline=1_940_000),
        Member(MILLHAVEN, "receiver", cost_share_bps=2_400, baseline=1_120_000),
        Member(STONEBECK, "receiver", cost_share_bps=2_000, baseline=905_000),
        Member(EASTMERE, "receiver", cost_share_bps=1_600, baseline=870_000),
    ),
    case_title="One revenues and benefits service for four councils",
    case_explanation="Set-up in the first year, full savings from the second. Charges follow caseload.",
    horizon=5,
    indicators=(
        Indicator(
            COLLECTED, "% of what was due", True, "97.1", "0.3",
            {
                NORTHFORD: {1: "97.0", 2: "97.2", 3: "97.4", 4: "97.5"},
                MILLHAVEN: {1: "96.9", 2: "97.1", 3: "97.3", 4: "97.3"},
                STONEBECK: {1: "97.0", 2: "97.3", 3: "97.2", 4: "97.4"},
                EASTMERE: {1: "96.8", 2: "96.9", 3: "97.0"},
            },
        ),
        Indicator(
            CLAIM_DAYS, "days", False, "24", "3",
            {
                NORTHFORD: {1: "26", 2: "23", 3: "21", 4: "20"},
                MILLHAVEN: {1: "27", 2: "24", 3: "22", 4: "21"},
                STONEBECK: {1: "26", 2: "24", 3: "22", 4: "21"},
                EASTMERE: {1: "27", 2: "26", 3: "25"},
            },
        ),
    ),
    schemes=SCHEMES,
    lines=LINES,
    charges=CHARGES,
    audience="public",
    purposes=("save", "resilience"),
    last_return_year={EASTMERE: 3},
)  # fmt: skip
