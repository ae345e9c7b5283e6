"""The figures of the whole partnership, each with its basis: by grade, by member, and what it cost."""

from collections import Counter
from collections.abc import Sequence

from councils.money import pounds
from councils.years import FinancialYear
from savings.models.typed import FundedBy, Kind
from savings.reporting import added
from savings.reporting.amounts import Figures, Named, Year
from savings.words import GRADES

from ..blocks import Column, heading, number, section, table, text
from ..content import Content
from ..printable import written
from .spoken import share, year

MEASURES = (
    ("Promised", "promised", "promised_cost", "promised_charges", "net_promised"),
    ("Claimed", "claimed", "costs", "charges", "net_claimed"),
    ("Counted", "counted", "costs", "charges", "net_counted"),
    ("Proven", "proven", "costs", "charges", "net_proven"),
)
BESIDE = (
    ("Non-cash-releasing", "non_cash"),
    ("Cost avoidance", "avoidance"),
    ("Service reduction", "reduction"),
    ("Funding shift", "funding_shift"),
    ("Income", "income"),
)


def totals(content: Content) -> dict:
    """Portrait: the partnership as a whole, what it cost, and each member's sum."""
    total, due = content.figures.total, _due(content)
    return section(
        "Figures",
        text(
            f"Cash-releasing savings only, cumulative to the end of {_through(content)}, nominal. Gross is before "
            "costs; net is gross less costs, and for a member less charges paid and plus charges received. Claimed is "
            "all that members banked; counted leaves out transfers and double claims; proven is the part of counted "
            "that is signed off or audited. Costs count in full in every net figure."
        ),
        table("The partnership in total, cumulative", TOTAL, [_measure(total, *each) for each in MEASURES]),
        table(
            "What is counted, by grade of evidence, cumulative",
            (Column("Grade", 2), number("Counted, gross"), number("Share")),
            [*_grades(total), ["All grades", pounds(total.counted), share(total.counted, total.counted)]],
            sums=1,
        ),
        table(
            "Each member, cumulative. Members sum to the partnership",
            MEMBER,
            [*map(_member, content.figures.members), _member(Named(0, "The partnership", "", total))],
            sums=1,
            small=True,
        ),
        heading("Costs and charges"),
        table(
            "Costs in each year, in-year",
            COSTS,
            _summed(due, lambda f: [f.one_off_cost, f.running_cost, f.costs]),
            sums=1,
            empty="No cost is recorded.",
        ),
        table(
            "Who bore the costs, cumulative",
            (Column("Funded by", 2), number("One-off"), number("Running"), number("Both")),
            _funded(content),
            sums=1,
            empty="No cost is recorded.",
        ),
        table(
            "Charges between members, in-year. The payer's figure is used on both sides",
            CHARGES,
            [_charge(content, each) for each in content.agreed],
            empty="No charge between members is recorded.",
        ),
        heading("Beside the cash"),
        table(
            "Banked but not cash-releasing, in-year, never added to the figures above",
            (Column("Year"), *(number(name) for name, _ in BESIDE)),
            _summed(
                [y for y in due if any(getattr(y.figures, key) for _, key in BESIDE)],
                lambda f: [getattr(f, key) for _, key in BESIDE],
            ),
            sums=1,
            empty="Nothing is recorded beside cash-releasing savings.",
        ),
    )


TOTAL = (Column("Measure"), number("Gross"), number("Costs"), number("Charges"), number("Net"))
MEMBER = (
    Column("Member", 1.5),
    number("Claimed, gross"),
    number("Counted, gross"),
    number("Proven, gross"),
    number("Costs"),
    number("Charges, received less paid"),
    number("Counted, net"),
    number("Proven, net"),
)
COSTS = (Column("Year"), number("One-off"), number("Running"), number("All costs"))
CHARGES = (
    Column("Year", 0.7),
    Column("Payer", 1.6),
    Column("Receiver", 1.6),
    number("As the payer reports"),
    number("As the receiver reports"),
    number("Difference"),
)


def _through(content: Content) -> str:
    return FinancialYear.containing(content.taken.on).label


def _due(content: Content) -> list[Year]:
    now = FinancialYear.containing(content.taken.on).start
    return [each for each in content.figures.years if each.year <= now]


def _measure(total: Figures, name: str, *keys: str) -> list[str]:
    return [name, *(pounds(getattr(total, key)) for key in keys)]


def _grades(total: Figures) -> list[list[str]]:
    amounts = (total.grade_0, total.grade_1, total.grade_2, total.grade_3)
    return [
        [f"{grade} {GRADES[grade].lower()}", pounds(amounts[grade]), share(amounts[grade], total.counted)]
        for grade in (3, 2, 1, 0)
    ]


def _member(named: Named) -> list[str]:
    f = named.figures
    amounts = (f.claimed, f.counted, f.proven, f.costs, f.charges, f.net_counted, f.net_proven)
    return [written(named.name), *map(pounds, amounts)]


def _summed(years: Sequence[Year], amounts) -> list[list[str]]:
    """One row a year and their sum; nothing of nothing."""
    if not any(any(amounts(each.figures)) for each in years):
        return []
    total = amounts(added(Figures, [each.figures for each in years]))
    return [[each.label, *map(pounds, amounts(each.figures))] for each in years] + [["All years", *map(pounds, total)]]


def _funded(content: Content) -> list[list[str]]:
    """Costs of the years due, by who bore them."""
    now = FinancialYear.containing(content.taken.on).start
    sums: Counter[tuple[str, str]] = Counter()
    for row in content.banked:
        if row.cost and row.year <= now:
            sums[row.funded_by, row.kind] += row.pence
    sources = [*FundedBy.values, ""]
    lines = [(each, sums[each, Kind.ONE_OFF_COST], sums[each, Kind.RUNNING_COST]) for each in sources]
    lines = [line for line in lines if any(line[1:])]
    words = dict(FundedBy.choices) | {"": "Not stated"}
    shown = [
        [str(words[source]), pounds(one_off), pounds(running), pounds(one_off + running)]
        for source, one_off, running in lines
    ]
    if not shown:
        return []
    first, second = sum(line[1] for line in lines), sum(line[2] for line in lines)
    return [*shown, ["All", pounds(first), pounds(second), pounds(first + second)]]


def _charge(content: Content, agreed) -> list[str]:
    charge = agreed.charge
    payer, receiver = (written(content.names[each]) for each in (charge.payer, charge.receiver))
    amounts = (charge.by_payer, charge.by_receiver, charge.by_receiver - charge.by_payer)
    return [year(agreed.year), payer, receiver, *map(pounds, amounts)]
