"""The figures year by year, gross and net, annual and cumulative, and of each member in each year."""

from collections.abc import Iterable, Iterator

from councils.money import pounds
from councils.years import FinancialYear
from savings.reporting import added
from savings.reporting.amounts import Figures, Year

from ..blocks import Column, number, section, table
from ..content import Content
from ..printable import written
from .money import MEASURES


def by_year(content: Content) -> dict:
    """On turned pages, for the width of its tables."""
    every, now = content.figures.years, FinancialYear.containing(content.taken.on).start
    return section(
        "Year by year and member by member",
        table(
            "In each year: in-year amounts, nominal",
            YEARS,
            [_year(each.label, each.figures, each.year <= now) for each in every],
            small=True,
            empty="Nothing is recorded or promised yet.",
        ),
        table(
            "Added up to the end of each year: cumulative amounts, nominal",
            YEARS,
            [_year(label, figures, start <= now) for label, start, figures in _cumulative(every)],
            small=True,
        ),
        table(
            "Each member in each year: in-year amounts, nominal. The members of a year sum to its partnership row",
            MEMBER_YEARS,
            list(_member_years(content, now)),
            small=True,
        )
        if every
        else None,
        wide=True,
    )


GROSS_AND_NET = tuple(number(f"{name}, {how}") for name, *_ in MEASURES for how in ("gross", "net"))
YEARS = (Column("Year", 0.6), *GROSS_AND_NET, number("Costs"))
MEMBER_YEARS = (Column("Year", 0.6), Column("Member", 1.3), *GROSS_AND_NET, number("Costs"), number("Charges"))


def _cumulative(years: Iterable[Year]) -> Iterator[tuple[str, int, Figures]]:
    so_far = Figures()
    for each in years:
        so_far = added(Figures, [so_far, each.figures])
        yield each.label, each.year, so_far


def _year(label: str, figures: Figures, due: bool) -> list[str]:
    """A year that lies ahead has a promise and nothing else."""
    return [label, *_gross_and_net(figures, due), pounds(figures.costs) if due else "–"]


def _gross_and_net(figures: Figures, due: bool) -> list[str]:
    return [
        pounds(getattr(figures, key)) if due or name == "Promised" else "–"
        for name, gross, _, _, net in MEASURES
        for key in (gross, net)
    ]


def _member_years(content: Content, now: int) -> Iterator[list]:
    for each in content.figures.years:
        due = each.year <= now
        for member in content.member_years:
            for found in member.years:
                if found.year == each.year:
                    yield _member_year(each.label, member.name, found.figures, due)
        yield [
            {**cell, "strong": True}
            for cell in map(_plain, _member_year(each.label, "The partnership", each.figures, due))
        ]


def _member_year(label: str, name: str, figures: Figures, due: bool) -> list[str]:
    beside = [pounds(figures.costs), pounds(figures.charges)] if due else ["–", "–"]
    return [label, written(name), *_gross_and_net(figures, due), *beside]


def _plain(words: str) -> dict:
    return {"text": words, "code": "", "under": []}
