"""Tables of figures as plain cells: what a page prints, to the penny, with where each amount opens.

One template prints them all (templates/savings/figures/_table.html), and the numbers are those the headline uses.
"""

from councils.money import pounds
from councils.years import FinancialYear
from savings import addressing
from savings.cells import Cell, FigureTable
from savings.reporting.figures import Figures

NOTHING, NOT_YET = "none recorded", "not yet"


def taken_apart(total: Figures, opens):
    """How each of the four net figures is made: savings, less costs, charges, net."""
    savings = [
        Cell(pounds(total.promised)),
        Cell(pounds(total.claimed), opens["claimed"]),
        Cell(pounds(total.counted)),
        Cell(pounds(total.proven)),
    ]
    cost = Cell(pounds(-total.costs))
    charges = Cell(pounds(total.charges))
    return FigureTable(
        caption="How each figure is made",
        headers=["", "Promised", "Claimed", "Counted", "Proven"],
        rows=[
            [Cell("Cash-releasing savings"), *savings],
            [Cell("Less costs of sharing"), Cell(pounds(-total.promised_cost)), cost, cost, cost],
            [
                Cell("Charges between members, received less paid"),
                Cell(pounds(total.promised_charges)), charges, charges, charges,
            ],
        ],
        footer=[Cell("Net"), *_nets(total)],
        stacked=True,
    )  # fmt: skip


def year_by_year(years, *, through, opens_of):
    """One row a year; `opens_of(year)` says where its amounts open. Years after `through` hold the promise only."""
    headers = [
        "Year",
        "Promised, net",
        "Claimed, gross",
        "Counted, gross",
        "Proven, gross",
        "Costs",
        "Charges",
        "Counted, net",
        "Proven, net",
    ]
    rows = []
    for each in years:
        opens = opens_of(each.year)
        rows.append(
            [
                Cell(each.label), Cell(pounds(each.figures.net_promised)),
                *(_banked(each.figures, opens) if each.year <= through else [Cell(NOT_YET)] * 7),
            ]
        )  # fmt: skip
    total = _added(year.figures for year in years if year.year <= through)
    footer = [
        Cell(f"To the end of {FinancialYear(through).label}"),
        Cell(pounds(total.net_promised)),
        *_banked(total, {}),
    ]
    return FigureTable("Year by year, nominal", headers, rows, footer)


def nets(rows, total: Figures, *, first, caption):
    """Each row's four net figures and what is not signed off; the footer is the four figures of the page."""
    return FigureTable(
        caption=caption,
        headers=[first, "Promised, net", "Claimed, net", "Counted, net", "Proven, net", "Entries not signed off"],
        rows=[
            [
                Cell(row.name, row.url, row.note),
                *(_nets(row.figures) if row.recorded else _only_promised(row.figures)),
                Cell(f"{row.figures.unsigned:,}", row.opens["unsigned"] if row.figures.unsigned else ""),
            ]
            for row in rows
        ],
        footer=[Cell("All together"), *_nets(total), Cell(f"{total.unsigned:,}")],
        stacked=True,
    )  # fmt: skip


def by_member(rows, total: Figures, *, first="Member", caption="Member by member", together="The partnership"):
    """What each gained and bore; they add up to the whole, where charges between them cancel."""
    headers = [
        first,
        "Promised, net",
        "Claimed, gross",
        "Counted, gross",
        "Proven, gross",
        "Costs",
        "Charges",
        "Counted, net",
        "Proven, net",
    ]
    return FigureTable(
        caption=f"{caption}, nominal",
        headers=headers,
        rows=[
            [
                Cell(row.name, row.url, row.note), Cell(pounds(row.figures.net_promised)),
                *(_banked(row.figures, row.opens) if row.recorded else [Cell(NOTHING), *[Cell("")] * 6]),
            ]
            for row in rows
        ],
        footer=[Cell(together), Cell(pounds(total.net_promised)), *_banked(total, {})],
    )  # fmt: skip


def beside(total: Figures, opens):
    """What is recorded beside cash, and is in no headline; only what there is."""
    fields = {
        "non_cash": "Non-cash-releasing savings",
        "avoidance": "Cost avoidance",
        "reduction": "Service reduction",
        "funding_shift": "Funding shift",
        "income": "Income",
    }
    rows = [
        [Cell(name), Cell(pounds(pence), opens[field])]
        for field, name in fields.items()
        if (pence := getattr(total, field))
    ]
    return FigureTable("Beside the savings, and in none of the figures above", ["What", "Amount"], rows)


def costs(total: Figures, opens):
    """What sharing cost and what members charged each other."""
    rows = [
        [Cell("One-off costs"), Cell(pounds(total.one_off_cost), opens["one_off_cost"])],
        [Cell("Running costs"), Cell(pounds(total.running_cost), opens["running_cost"])],
        [Cell("Charges paid to other members"), Cell(pounds(total.charges_paid))],
        [Cell("Charges received from other members"), Cell(pounds(total.charges_received))],
    ]
    if total.charges_unreconciled:
        apart = Cell("Charges on which payer and receiver differ", note="the payer’s figure is used on both sides")
        rows.append([apart, Cell(pounds(total.charges_unreconciled))])
    return FigureTable("Costs and charges, nominal", ["What", "Amount"], rows)


def opens_by_year(**where):
    return lambda year: addressing.opened(**where, year=year)


def _banked(figures, opens):
    return [
        Cell(pounds(figures.claimed), opens.get("claimed", "") if figures.claimed else ""),
        Cell(pounds(figures.counted)),
        Cell(pounds(figures.proven)),
        Cell(pounds(figures.costs)),
        Cell(pounds(figures.charges)),
        Cell(pounds(figures.net_counted)),
        Cell(pounds(figures.net_proven)),
    ]


def _nets(figures):
    return [
        Cell(pounds(pence))
        for pence in (figures.net_promised, figures.net_claimed, figures.net_counted, figures.net_proven)
    ]


def _only_promised(figures):
    return [Cell(pounds(figures.net_promised)), Cell(NOTHING), Cell(""), Cell("")]


def _added(parts):
    return Figures(*map(sum, zip(Figures(), *parts, strict=True)))
