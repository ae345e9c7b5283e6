"""Tables and the sentence of a promise that was restated: from what was promised first to what is promised now."""

from councils.money import pounds, short_pounds
from councils.years import FinancialYear
from partnerships.models import BusinessCase
from savings.cells import Cell, FigureTable
from savings.models.typed import Kind

REASONS = dict(BusinessCase.Restated.choices)
HEADERS = ["Promised originally", *REASONS.values(), "Promised now"]
ONLY = ["Promised"]  # of a promise that nobody restated: five columns of nothing would hide it


def sentence(bridge):
    """One sentence on the whole life, net."""
    total = bridge.of()
    original, now = total.original.net, total.now.net
    if not bridge.restated:
        return f"{short_pounds(now)} net is promised, and that was never restated."
    moved = [
        f"{short_pounds(abs(net))} {'more' if net > 0 else 'less'} for {REASONS[reason].lower()}"
        for reason in REASONS
        if (net := getattr(total, reason).net)
    ]
    begun = f"{short_pounds(original)} net was promised originally and {short_pounds(now)} is promised now"
    return f"{begun}: {', '.join(moved)}." if moved else f"{begun}."


def by_member(bridge):
    """Whole life, net: every row adds up from left to right, and every column downwards."""
    moved = bridge.restated
    return FigureTable(
        caption="From the original promise to the current one, by member" if moved else "The promise, by member",
        headers=["Member", *(HEADERS if moved else ONLY)],
        rows=[[_member(bridge, council), *_cells(bridge.of(council=council.pk), moved)] for council in bridge.members],
        footer=[Cell("The partnership"), *_cells(bridge.of(), moved)],
        stacked=True,
    )


def by_year(bridge, council=None):
    """Net, year by year, of one council or of the partnership."""
    who = council.name if council else "the partnership"
    pk = council.pk if council else None
    moved = bridge.restated
    return FigureTable(
        caption=f"Year by year, {who}",
        headers=["Year", *(HEADERS if moved else ONLY)],
        rows=[
            [Cell(FinancialYear(year).label), *_cells(bridge.of(council=pk, year=year), moved)] for year in bridge.years
        ],
        footer=[Cell("Whole life"), *_cells(bridge.of(council=pk), moved)],
        stacked=True,
    )  # fmt: skip


def changes(bridge):
    """Each line and charge that a restatement added, removed or changed."""
    return FigureTable(
        caption="What each restatement changed",
        headers=["Version", "Member", "What", "Year", "Change", "Before", "After", "Difference"],
        rows=[
            [
                Cell(f"Version {one.version}, {REASONS[one.reason].lower()}"), Cell(one.council.name), Cell(_what(one)),
                Cell(FinancialYear(one.year).label), Cell(_kind_of_change(one)), Cell(pounds(one.before)),
                Cell(pounds(one.after)), Cell(pounds(one.after - one.before)),
            ]
            for one in bridge.changes
        ],
        stacked=True,
        words=5,
    )  # fmt: skip


def _cells(steps, moved):
    if not moved:
        return [Cell(pounds(steps.now.net))]
    nets = [steps.original.net, *(getattr(steps, reason).net for reason in REASONS), steps.now.net]
    return [Cell(pounds(net)) for net in nets]


def _member(bridge, council):
    if council.pk not in bridge.forces:
        return Cell(council.name, note="by what others approved")
    first, now = bridge.originals[council.pk], bridge.forces[council.pk]
    begun = f"version {first}" if first else "came in later"
    return Cell(council.name, note=f"version {now}" if first == now else f"{begun}, now version {now}")


def _what(one):
    return f"Charge paid to {one.what}" if one.kind == "charge" else f"{one.what}, {Kind(one.kind).label.lower()}"


def _kind_of_change(one):
    return "Added" if not one.before else "Removed" if not one.after else "Changed"
