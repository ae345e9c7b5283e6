"""Schemes as tables: the list of them, and one by year, every amount opening into the entries that add up to it."""

from typing import NamedTuple

from councils.money import pounds
from councils.years import FinancialYear
from savings import addressing
from savings.analysis.rag import Rating
from savings.cells import Cell, FigureTable
from savings.models import Scheme, SchemeStatus
from savings.models.typed import Kind, Series
from savings.reporting.schemes import Sums, by_year, class_words, kinds_of, rated, scheme_years, sums, year_effects

NOTHING, UNPROMISED = "–", "nothing promised"


class Row(NamedTuple):
    """One scheme of the list."""

    scheme: Scheme
    status: str
    benefit_class: str
    rating: Rating
    sums: Sums
    promised_url: str
    banked_url: str
    variance: str


def opened(scheme, **more):
    """The ledger list of a scheme's savings, narrowed by `more`."""
    return addressing.entries(scheme=scheme.public_id, kind=Kind.SAVING, **more)


def scheme_rows(schemes, today):
    """The `Row`s of a page of schemes `as_they_stand`. Two queries."""
    ids = [each.pk for each in schemes]
    years, kinds = scheme_years(ids, today), kinds_of(ids)
    return [_row(each, years.get(each.pk, []), kinds.get(each.pk, set())) for each in schemes]


def _row(scheme, years, kinds):
    found = sums(years)
    return Row(
        scheme=scheme,
        status=SchemeStatus.Status(scheme.now_status).label,
        benefit_class=class_words(scheme.now_class, kinds),
        variance=_variance(found) if found.promised or found.banked else NOTHING,
        rating=rated(scheme.now_status, scheme.now_score, years),
        sums=found,
        promised_url=opened(scheme, series=Series.PROJECTED),
        banked_url=opened(scheme, series=Series.BANKED),
    )


def _variance(found):
    """In words: what nobody promised is neither short nor over."""
    return UNPROMISED if found.variance is None else pounds(found.variance)


def year_table(scheme, years, today):
    """Promised, forecast, banked and variance by year; variance only of years that have begun."""
    this_year = FinancialYear.containing(today).start
    total = sums(years)
    rows = [
        [
            Cell(FinancialYear(year).label),
            _cell(found.promised, opened(scheme, series=Series.PROJECTED, year=year)),
            _cell(found.forecast, opened(scheme, series=Series.FORECAST, year=year)),
            _cell(found.banked, opened(scheme, series=Series.BANKED, year=year)),
            _year_variance(found, total, begun=year <= this_year, running=year == this_year),
        ]
        for year, found in by_year(years)
    ]  # fmt: skip
    footer = [
        Cell("All years"), Cell(pounds(total.promised)), Cell(pounds(total.forecast)),
        Cell(pounds(total.banked), opened(scheme, series=Series.BANKED)), Cell(_variance(total)),
    ]  # fmt: skip
    caption = "Promised, forecast and banked: savings of every class, before costs, nominal, in each year"
    headers = ["Year", "Promised", "Forecast", "Banked", "Banked less promised"]
    return FigureTable(caption, headers, rows, footer) if rows else None


def _year_variance(found, total, *, begun, running):
    """Of a year that has begun; a year without a promise is over only where the scheme promises others."""
    if not begun:
        return Cell(NOTHING)
    if total.variance is None:
        return Cell(UNPROMISED)
    note = f"of {pounds(found.promised_to_date)} promised to date" if running else ""
    return Cell(pounds(found.banked - found.promised_to_date), note=note)


def effect_table(scheme, years, *, live_on, today):
    """New savings apart from the full-year effect of last year's start, which is no new saving."""
    rows = [
        [
            Cell(FinancialYear(each.year).label), _cell(each.new), _cell(each.carried), _cell(each.continuing),
            _cell(each.in_year, opened(scheme, series=Series.BANKED, year=each.year)), _cell(each.run_rate),
            _cell(each.cumulative),
        ]
        for each in year_effects(years, live_on=live_on, today=today)
    ]  # fmt: skip
    headers = [
        "Year", "New in the year", "Full-year effect of last year’s start", "Continuing", "In-year, all three",
        "Full-year effect (run-rate)", "Cumulative",
    ]  # fmt: skip
    caption = "In-year, full-year effect and cumulative: banked, and never added together"
    return FigureTable(caption, headers, rows) if rows else None


def _cell(pence, url=""):
    return Cell(pounds(pence), url) if pence else Cell(NOTHING)
