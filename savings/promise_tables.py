"""Tables of a business case, to the penny."""

from councils.money import pounds
from councils.years import FinancialYear
from savings.cells import Cell, FigureTable
from savings.models.typed import BenefitClass, Kind, Recurrence

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
                Cell(each.council.name), Cell(FinancialYear(each.year).label), Cell(each.source),
                Cell(pounds(each.amount_pence)),
            ]
            for each in held
        ],
        stacked=True,
        words=3,
    )  # fmt: skip


def _parts(promised):
    return [Cell(pounds(pence)) for pence in (promised.saving, -promised.cost, promised.charges, promised.net)]


def _nets(promise, **whose):
    return [Cell(pounds(promise.of(year=year, **whose).net)) for year in promise.years]


def _kind(line):
    kind = Kind(line.kind).label
    return f"{kind}, {BenefitClass(line.benefit_class).label.lower()}" if line.benefit_class else kind
