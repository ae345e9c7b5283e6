"""Tables of a business case, to the penny."""

from django.utils import timezone

from councils.listing_words import listed
from councils.money import pounds
from councils.years import FinancialYear
from savings.analysis.rolled_baseline import Untold
from savings.cells import Cell, FigureTable
from savings.models.typed import BenefitClass, Kind, Recurrence
from savings.reporting.case_standing import words
from savings.reporting.without_sharing import why

PARTS = ["Cash-releasing savings", "Costs", "Charges", "Net"]


def by_year(promise):
    """One row a year for the whole partnership; charges cancel in it."""
    return FigureTable(
        caption="Year by year",
        headers=["Year", *PARTS],
        rows=[[Cell(FinancialYear(year).label), *_parts(promise.of(year=year))] for year in promise.years],
        footer=[Cell("All years"), *_parts(promise.of())],
        stacked=True,
    )


def by_member(promise):
    """The net of each member in each year; rows and columns add up."""
    return FigureTable(
        caption="Net for each member, year by year",
        headers=["Member", *(FinancialYear(year).label for year in promise.years), "All years"],
        rows=[
            [Cell(member.name), *_nets(promise, council=member), Cell(pounds(promise.of(council=member).net))]
            for member in promise.members
        ],
        footer=[Cell("The partnership"), *_nets(promise), Cell(pounds(promise.of().net))],
    )


def lines(planned):
    """Every line as it was drafted."""
    return FigureTable(
        caption="Every line",
        headers=["Member", "Scheme", "Year", "Kind", "Recurrence", "Amount"],
        rows=[
            [
                Cell(line.council.name), Cell(line.scheme_reference), Cell(FinancialYear(line.year).label),
                Cell(_kind(line)), Cell(Recurrence(line.recurrence).label), Cell(pounds(line.amount_pence)),
            ]
            for line in planned
        ],
        words=5,
    )  # fmt: skip


def baselines(held):
    return FigureTable(
        caption="What the service cost before",
        headers=["Member", "Year", "Where it comes from", "Amount"],
        rows=[
            [
                Cell(each.council.name), Cell(FinancialYear(each.year).label), _source(each),
                Cell(pounds(each.amount_pence)),
            ]
            for each in held
        ],
        stacked=True,
        words=3,
    )  # fmt: skip


def _source(baseline):
    found = getattr(baseline, "from_source", None)
    if found and found.document:
        return Cell(f"{baseline.source}; {found.document.title}", found.document.get_absolute_url())
    return Cell(baseline.source if found else f"{baseline.source}; no document")


def carried(council, rows, case):
    """What the service would have cost `council` without sharing, with all three factors, beside what it cost.

    Where no year has an outturn beside it there are no columns for what it cost: `without_cost` says so in words.
    """
    headers = ["Year", "Before", "Prices", "Volume", "Would have cost", "Cost", "Gross", "Net of one-off costs"]
    shown = len(headers) if any(row.cost is not None for row in rows) else headers.index("Cost")
    return FigureTable(
        caption=council.name,
        headers=headers[:shown],
        rows=[[Cell(FinancialYear(row.year).label), *_carried(row, case)][:shown] for row in rows],
        stacked=True,
    )


def untold(by_council, case):
    """One sentence for the members of whom no year can be told, in place of a table each; empty without any."""
    dark = {council: rows for council, rows in by_council if not any(row.told for row in rows)}
    if not dark:
        return ""
    found = [row.found for rows in dark.values() for row in rows]
    merged = Untold(
        deflator=tuple(sorted({year for each in found for year in each.deflator})),
        volume=tuple(sorted({year for each in found for year in each.volume})),
        nothing_at_first=any(each.nothing_at_first for each in found),
    )
    return f"It cannot be told for {listed([council.short_name for council in dark])}: {why(merged, case)}."


def without_cost(by_council):
    """Of whom it is told what it would have cost and not what it did cost; empty without any."""
    names = [
        council.short_name
        for council, rows in by_council
        if any(row.told for row in rows) and not any(row.cost is not None for row in rows)
    ]
    return (
        f"What it cost {listed(names)} cannot be set beside it: their baseline was not taken from a line of outturn, "
        "or no outturn of that line is published yet."
        if names else ""
    )  # fmt: skip


CANNOT = Cell("cannot be told")


def _carried(row, case):
    if not row.told:
        return [Cell(f"Cannot be told: {why(row.found, case)}"), *[Cell("")] * 3, _or_not(row.cost), CANNOT, CANNOT]
    found = row.found
    forecast = " (forecast)" if found.forecast else ""
    return [
        Cell(pounds(found.baseline_pence)), Cell(f"× {float(found.price):.6f}{forecast}"),
        Cell(f"× {float(found.volume):.6f}"), Cell(pounds(found.pence)), _or_not(row.cost), _or_not(row.gross),
        _or_not(row.net),
    ]  # fmt: skip


def _or_not(pence):
    return CANNOT if pence is None else Cell(pounds(pence))


def volumes(rows):
    """Every volume recorded, with those that a later one replaced."""
    held = {(row.council_id, row.year): row.pk for row in rows}
    return FigureTable(
        caption="Recorded volumes",
        headers=["Member", "Year", "Where it comes from", "Recorded by", "Stands", "How many"],
        rows=[
            [
                Cell(row.council.name), Cell(FinancialYear(row.year).label), Cell(row.source),
                Cell(f"{row.recorded_by.name}, {timezone.localtime(row.recorded_at):%-d %B %Y}"),
                Cell("yes" if held[row.council_id, row.year] == row.pk else "replaced"),
                Cell(f"{row.quantity.normalize():,f} {row.unit}"),
            ]
            for row in rows
        ],
        stacked=True,
        words=5,
    )  # fmt: skip


def versions(found, members):
    """Every version, latest first."""
    return FigureTable(
        caption="Every version",
        headers=["Version", "Status", "Why it differs", "Drafted by", "Promises, net"],
        rows=[
            [
                Cell(f"{one.case.version}: {one.case.title}", one.case.get_absolute_url()),
                Cell(words(one.case.state, one.approved, members)),
                Cell(one.case.get_restated_for_display() if one.case.restated_for else "the first version"),
                Cell(one.case.drafted_by.name), Cell(pounds(one.promise.of().net)),
            ]
            for one in found
        ],
        stacked=True,
        words=4,
    )  # fmt: skip


def delivered(delivery):
    """Promised and delivered scheme by scheme, and beside it what was banked and is no delivery."""
    return FigureTable(
        caption="Promised and delivered, scheme by scheme",
        headers=["Scheme", "Promised", "Delivered", "Short of the promise"],
        rows=[
            [
                Cell(str(row.scheme), row.scheme.get_absolute_url()), Cell(pounds(row.promised)),
                Cell(pounds(row.delivered)), Cell(pounds(row.short)),
            ]
            for row in delivery.rows
        ],
        footer=[
            Cell("The promise"), Cell(pounds(delivery.promised)), Cell(pounds(delivery.delivered)),
            Cell(pounds(delivery.short)),
        ],
        stacked=True,
    )  # fmt: skip


def _parts(promised):
    return [Cell(pounds(pence)) for pence in (promised.saving, -promised.cost, promised.charges, promised.net)]


def _nets(promise, **whose):
    return [Cell(pounds(promise.of(year=year, **whose).net)) for year in promise.years]


def _kind(line):
    kind = Kind(line.kind).label
    return f"{kind}, {BenefitClass(line.benefit_class).label.lower()}" if line.benefit_class else kind
