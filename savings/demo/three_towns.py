"""Three Towns ICT: does not pay. A data centre that cost more than planned, saved less, and was given up.

Everything is signed off and returned in time: the ledger is good, the arrangement was not. It ended with year 4.
"""

from partnerships import changing
from partnerships.models import Change
from savings.models.typed import BenefitClass, Kind

from .arrangement import Arrangement, Charge, Indicator, Line, Member, Scheme, each
from .beginnings import agree
from .councils import EASTMERE, NORTHFORD, WESTHOLME
from .deeds import Deed
from .people import LEAD

SLUG = "three-towns-ict"
ONE_OFF, RUNNING = Kind.ONE_OFF_COST, Kind.RUNNING_COST
UPTIME, FIXED = "Main systems available in working hours", "Calls to the service desk settled in a day"

SCHEMES = (
    Scheme("IT-01", "One data centre in place of three", "Chief Digital Officer", indicator=UPTIME),
    Scheme("IT-02", "One service desk", "Service Desk Manager", indicator=FIXED),
    Scheme(
        "IT-03", "Service desk closes at five", "Service Desk Manager", benefit_class=BenefitClass.SERVICE_REDUCTION
    ),
    Scheme("IT-20", "Set-up: building and moving", "Chief Digital Officer", recurrence="one_off"),
    Scheme("IT-21", "Set-up: redundancy", "Head of People", recurrence="one_off"),
    Scheme("IT-22", "Taking services back", "Chief Digital Officer", recurrence="one_off"),
    Scheme("IT-23", "Running the data centre", "Chief Digital Officer"),
)

LINES = (
    Line("IT-01", WESTHOLME, promised=each(2, 5, 180_000), banked={2: 48_000, 3: 52_000, 4: 51_000}),
    Line("IT-02", WESTHOLME, promised=each(2, 5, 60_000), banked={2: 25_000, 3: 26_500, 4: 27_900}),
    Line(
        "IT-20", WESTHOLME, kind=ONE_OFF, months=(8,), promised={1: 620_000}, banked={1: 940_000, 2: 310_000},
        funded_by="reserves", note="The building contract was let again after the first supplier failed.",
    ),
    Line("IT-21", WESTHOLME, kind=ONE_OFF, months=(10,), promised={1: 80_000}, banked={1: 96_000}),
    Line("IT-22", WESTHOLME, kind=ONE_OFF, months=(11,), banked={4: 65_000}, funded_by="own_budget"),
    Line(
        "IT-23", WESTHOLME, kind=RUNNING, promised=each(1, 5, 100_000),
        banked={1: 110_000, 2: 124_000, 3: 131_000, 4: 128_000}, funded_by="own_budget",
    ),
    Line("IT-01", NORTHFORD, promised=each(2, 5, 210_000), banked={2: 61_000, 3: 64_500, 4: 63_200}),
    Line("IT-02", NORTHFORD, promised=each(2, 5, 70_000), banked={2: 22_000, 3: 31_000, 4: 30_200}),
    Line("IT-03", NORTHFORD, banked={3: 42_000}),
    Line("IT-20", NORTHFORD, kind=ONE_OFF, months=(9,), promised={1: 150_000}, banked={1: 185_000}),
    Line("IT-22", NORTHFORD, kind=ONE_OFF, months=(11,), banked={4: 120_000}, funded_by="reserves"),
    Line("IT-01", EASTMERE, promised=each(2, 5, 150_000), banked={2: 39_000, 3: 41_500, 4: 40_200}),
    Line("IT-02", EASTMERE, promised=each(2, 5, 55_000), banked={2: 16_500, 3: 18_000}),
    Line("IT-20", EASTMERE, kind=ONE_OFF, months=(9,), promised={1: 110_000}, banked={1: 142_000}),
    Line("IT-22", EASTMERE, kind=ONE_OFF, months=(11,), banked={4: 84_000}, funded_by="reserves"),
)  # fmt: skip

CHARGES = (
    Charge(
        NORTHFORD, WESTHOLME, promised=each(1, 5, 60_000), banked={1: 60_000, 2: 72_000, 3: 74_500, 4: 76_000}
    ),
    Charge(
        EASTMERE, WESTHOLME, promised=each(1, 5, 45_000), banked={1: 45_000, 2: 54_000, 3: 55_800, 4: 57_000}
    ),
)  # fmt: skip

MEMBERS = (
    Member(WESTHOLME, "provider", host=True, cost_share_bps=4_400, baseline=3_050_000),
    Member(NORTHFORD, "receiver", cost_share_bps=3_200, baseline=2_480_000),
    Member(EASTMERE, "receiver", cost_share_bps=2_400, baseline=1_710_000),
)

ARRANGEMENT = Arrangement(
    slug=SLUG,
    name="Three Towns ICT",
    summary="One data centre and service desk for Westholme, Northford and Eastmere. Invented for the demonstration.",
    form="lead_authority",
    services=("ict",),
    starts=(1, 4, 1),
    founded=(0, 10, 20),
    members=MEMBERS,
    case_title="One data centre for three towns",
    case_explanation="Three machine rooms become one. Full savings from the second year.",
    horizon=5,
    indicators=(
        Indicator(
            UPTIME, "%", True, "99.2", "0.3",
            {code: {1: "99.1", 2: "99.0", 3: "99.3", 4: "99.2"} for code in (WESTHOLME, NORTHFORD, EASTMERE)},
        ),
        Indicator(
            FIXED, "%", True, "82", "5",
            {
                WESTHOLME: {1: "80", 2: "79", 3: "81", 4: "80"},
                NORTHFORD: {1: "78", 2: "74", 3: "72", 4: "71"},  # worse than tolerated from year 2
                EASTMERE: {1: "79", 2: "78", 3: "78", 4: "77"},
            },
        ),
    ),
    schemes=SCHEMES,
    lines=LINES,
    charges=CHARGES,
    purposes=("save", "resilience"),
    last_return_year={WESTHOLME: 4, NORTHFORD: 4, EASTMERE: 4},
)  # fmt: skip


def turns(dates):
    ended_on = dates.day(5, 4, 1)
    yield Deed(dates.day(4, 12, 8), (LEAD, WESTHOLME), _end(ended_on))
    for day, council in ((10, NORTHFORD), (15, EASTMERE)):
        yield Deed(dates.day(4, 12, day), (LEAD, council), agree(SLUG, council))


def _end(ended_on):
    def end(world, by, at):
        changing.propose(
            partnership=world.partnerships[SLUG], proposing=world.councils[WESTHOLME], by=by, at=at,
            kind=Change.Kind.ENDING, starts_on=ended_on,
            reason="The three cabinets agreed to take their services back: it had cost more than it could ever save.",
        )  # fmt: skip

    return end
