"""Do the figures follow from the rows handed over with them? Asked anew each time; a report that does not add up fails.

The figures come from roll-up facts, the rows from the ledger: they share nothing but the ledger itself.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from savings.models.typed import BenefitClass, Kind, Series
from savings.reporting import added
from savings.reporting.amounts import Figures

from .content import Content


class DoesNotAddUp(Exception):
    """The figures and the rows of one snapshot differ. Names the control and both amounts."""


class Control(NamedTuple):
    what: str
    figure: int  # pence, or a number where `pence` is False
    rows: int
    pence: bool = True


def controls(content: Content) -> list[Control]:
    """Every control total, all years together; raises `DoesNotAddUp` when one of them, in any year, is not met."""
    years = {year.year: year.figures for year in content.figures.years}
    by_year = _by_year(content)
    for year in sorted({*years, *by_year}):
        _hold(f"{year}", _compared(years.get(year, Figures()), by_year.get(year, Counter())))
    for year, figures in years.items():
        members = added(Figures, (y.figures for m in content.member_years for y in m.years if y.year == year))
        if figures != members:
            raise DoesNotAddUp(f"{year}: the members do not sum to the partnership")
        if figures.charges:
            raise DoesNotAddUp(f"{year}: the charges do not cancel")
    total: Counter[str] = Counter()
    for sums in by_year.values():
        total.update(sums)
    found = _compared(added(Figures, years.values()) if years else Figures(), total)
    _hold("all years", found)
    return found


def _hold(where: str, compared: Iterable[Control]) -> None:
    for control in compared:
        if control.figure != control.rows:
            raise DoesNotAddUp(
                f"{where}: {control.what} is {control.figure} by the figures and {control.rows} by the rows"
            )


def _by_year(content: Content) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    for row in content.entries:
        if row.in_force:
            found.setdefault(row.year, Counter())[_kind(row)] += row.pence
        if row.banked:
            found.setdefault(row.year, Counter())["entries"] += 1
    for each in content.exclusions:
        found.setdefault(each.year, Counter())["excluded"] += each.pence
    for agreed in content.agreed:
        found.setdefault(agreed.year, Counter())["charges"] += agreed.charge.by_payer
    return found


def _kind(row) -> str:
    if row.cost:
        return f"{row.series} cost"
    return f"{row.series} cash" if row.cash else f"{row.series} {row.benefit_class or row.kind}"


def _compared(figures: Figures, rows: Counter[str]) -> list[Control]:
    banked, projected = Series.BANKED.value, Series.PROJECTED.value
    beside = [f"banked {each.value}" for each in BenefitClass if each != BenefitClass.CASH_RELEASING]
    return [
        Control("Banked entries, reversals among them", figures.entries, rows["entries"], pence=False),
        Control("Promised savings", figures.promised, rows[f"{projected} cash"]),
        Control("Promised costs", figures.promised_cost, rows[f"{projected} cost"]),
        Control("Claimed: banked cash-releasing savings", figures.claimed, rows[f"{banked} cash"]),
        Control("Not counted: claimed less counted", figures.excluded, rows["excluded"]),
        Control("Banked costs", figures.costs, rows[f"{banked} cost"]),
        Control("Charges between members, by payers", figures.charges_paid, rows["charges"]),
        Control("Banked, not cash-releasing", _beside(figures), sum(rows[key] for key in beside)),
        Control("Banked income", figures.income, rows[f"{banked} {Kind.INCOME.value}"]),
    ]


def _beside(figures: Figures) -> int:
    return figures.non_cash + figures.avoidance + figures.reduction + figures.funding_shift
