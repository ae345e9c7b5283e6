"""Aldershire Legal Partnership: pays when everything claimed is counted, and is unproven.

Most of what Northford claims has papers and no signature, what Westholme claims has neither, and Aldershire booked the
charges it received as a saving of its own. One entry went back to its recorder. Began in year 2.
"""

from savings.actions import decision
from savings.models.typed import BenefitClass, Kind

from .arrangement import (
    CSV,
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
from .councils import ALDERSHIRE, NORTHFORD, WESTHOLME
from .deeds import Deed
from .people import LEAD

SLUG = "aldershire-legal"
ONE_OFF, RUNNING = Kind.ONE_OFF_COST, Kind.RUNNING_COST
TURNAROUND = "Contracts turned round within ten days"

SCHEMES = (
    Scheme("LG-01", "Pooled lawyers in place of agency staff", "Monitoring Officer", indicator=TURNAROUND),
    Scheme("LG-02", "Counsel's fees", "Monitoring Officer", indicator=TURNAROUND),
    Scheme("LG-03", "One law library and case system", "Practice Manager", indicator=TURNAROUND),
    Scheme("LG-05", "Partners' contributions", "Practice Manager", indicator=TURNAROUND),
    Scheme(
        "LG-06", "Posts not recruited to", "Monitoring Officer", benefit_class=BenefitClass.COST_AVOIDANCE,
        description="Growth that was planned before the partnership and then not needed.",
    ),
    Scheme("LG-07", "Work sold to parish councils", "Practice Manager"),
    Scheme("LG-20", "Set-up", "Practice Manager", recurrence="one_off"),
    Scheme("LG-21", "Running the practice", "Practice Manager"),
)  # fmt: skip

LINES = (
    Line(
        "LG-01", ALDERSHIRE, promised=each(2, 5, 120_000), banked={2: 86_000, 3: 112_000, 4: 113_500}, signed=(2,),
    ),
    Line("LG-02", ALDERSHIRE, promised=each(3, 5, 30_000), banked={3: 31_000}, signed=NEVER, coded=False),
    Line("LG-03", ALDERSHIRE, promised=each(2, 5, 20_000), banked={2: 22_000, 3: 22_400, 4: 22_900}, signed=(2,)),
    Line("LG-05", ALDERSHIRE, banked={3: 58_000}, signed=NEVER),  # near to the £58,400 of charges it received
    Line("LG-07", ALDERSHIRE, kind=Kind.INCOME, banked={3: 12_450, 4: 14_900}),
    Line(
        "LG-20", ALDERSHIRE, kind=ONE_OFF, months=(3,), promised={2: 60_000}, banked={2: 74_000},
        funded_by="own_budget", note="Case management system.",
    ),
    Line(
        "LG-21", ALDERSHIRE, kind=RUNNING, promised=each(2, 5, 85_000), banked={2: 88_000, 3: 92_000, 4: 94_500},
        funded_by="own_budget",
    ),
    Line(
        "LG-01", NORTHFORD, months=QUARTERS, proof=CSV, promised=each(2, 5, 150_000), forecast={5: 142_000},
        banked={2: 96_000, 3: 134_000, 4: 140_000, 5: 142_000}, signed=NEVER,
    ),
    Line("LG-02", NORTHFORD, promised=each(3, 5, 25_000), banked={3: 24_600, 4: 27_300}, signed=NEVER),
    Line("LG-06", NORTHFORD, banked={3: 38_000, 4: 39_500}, signed=NEVER),
    Line(
        "LG-20", NORTHFORD, kind=ONE_OFF, months=(4,), promised={2: 40_000}, banked={2: 36_000}, funded_by="reserves",
        note="One redundancy.",
    ),
    Line(
        "LG-01", WESTHOLME, promised=each(2, 5, 90_000), banked={2: 58_000, 3: 79_000, 4: 81_500}, proof=NOTHING,
        coded=False,
    ),
    Line("LG-02", WESTHOLME, promised=each(3, 5, 20_000), banked={3: 19_800}, proof=NOTHING, coded=False),
    Line(
        "LG-20", WESTHOLME, kind=ONE_OFF, months=(4,), promised={2: 10_000}, banked={2: 12_000}, funded_by="own_budget",
    ),
)  # fmt: skip

CHARGES = (
    Charge(
        NORTHFORD, ALDERSHIRE, promised=each(2, 5, 32_000), banked={2: 26_000, 3: 33_000, 4: 34_000, 5: 35_000},
    ),
    Charge(
        WESTHOLME, ALDERSHIRE, promised=each(2, 5, 25_000), banked={2: 20_000, 3: 25_400, 4: 26_200, 5: 27_000},
    ),
)  # fmt: skip

ARRANGEMENT = Arrangement(
    slug=SLUG,
    name="Aldershire Legal Partnership",
    summary="Aldershire's lawyers also act for Northford and Westholme. Invented for the demonstration.",
    form="joint_committee",
    services=("legal",),
    starts=(2, 4, 1),
    founded=(1, 10, 13),
    members=(
        Member(ALDERSHIRE, "provider", host=True, cost_share_bps=5_000, baseline=2_310_000),
        Member(NORTHFORD, "receiver", cost_share_bps=2_800, baseline=1_085_000),
        Member(WESTHOLME, "receiver", cost_share_bps=2_200, baseline=940_000),
    ),
    case_title="A shared legal practice",
    case_explanation="Agency lawyers are replaced by pooled staff, and counsel is instructed less often.",
    horizon=5,
    indicators=(
        Indicator(
            TURNAROUND, "%", True, "71", "5",
            {
                ALDERSHIRE: {2: "70", 3: "74", 4: "76"},
                NORTHFORD: {2: "69", 3: "72", 4: "75"},
                WESTHOLME: {2: "71", 3: "73"},
            },
        ),
    ),
    schemes=SCHEMES,
    lines=LINES,
    charges=CHARGES,
    purposes=("save", "resilience", "quality"),
    silent=frozenset({(WESTHOLME, 4, 3), (WESTHOLME, 4, 4)}),
)  # fmt: skip


def turns(dates):
    yield Deed(dates.day(4, 6, 3), (LEAD, NORTHFORD), _send_back)


def _send_back(world, by, at):
    decision.return_to_recorder(
        entry=world.entries[SLUG, "LG-02", NORTHFORD, 3, None], by=by, at=at,
        reason="The invoices attached are for two partnerships. Send only those for legal work, and the sum of them.",
    )  # fmt: skip
