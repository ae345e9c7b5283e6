"""Financial years, quarters and months: they tile the calendar, and what is not a year is refused."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.years import FinancialYear, Quarter, YearError, month_of, quarter_of

days = st.dates(min_value=datetime.date(1900, 4, 1), max_value=datetime.date(2200, 3, 31))
years = st.integers(1900, 2198).map(FinancialYear)


@given(days)
def test_every_day_lies_in_exactly_one_year_and_one_quarter(day):
    year, quarter = FinancialYear.containing(day), Quarter.containing(day)
    assert year.first_day <= day < year.end
    assert quarter.first_day <= day < quarter.end
    assert quarter.year == year
    assert month_of(day) in quarter.months


@given(years)
def test_years_and_quarters_tile_without_overlap(year):
    assert year.end == FinancialYear(year.start + 1).first_day
    assert [quarter.end for quarter in year.quarters[:3]] == [quarter.first_day for quarter in year.quarters[1:]]
    assert (year.quarters[0].first_day, year.quarters[3].end) == (year.first_day, year.end)
    assert year.quarters[3].following == Quarter(FinancialYear(year.start + 1), 1)


@given(years)
def test_a_label_reads_back_as_its_year_written_either_way(year):
    assert FinancialYear.parse(year.label) == FinancialYear.parse(year.label.replace("/", "-")) == year


@given(years, st.integers(1, 12))
def test_a_month_begins_inside_its_own_quarter(year, month):
    first_day = year.month_first_day(month)
    assert first_day.day == 1
    assert month_of(first_day) == month
    assert Quarter.containing(first_day) == Quarter(year, quarter_of(month))


def test_the_last_day_of_march_belongs_to_the_year_before():
    assert FinancialYear.containing(datetime.date(2025, 3, 31)).label == "2024/25"
    assert FinancialYear.containing(datetime.date(2025, 4, 1)).label == "2025/26"


def test_labels():
    year = FinancialYear(2024)
    assert (str(FinancialYear(1999)), str(FinancialYear(2008))) == ("1999/00", "2008/09")
    assert str(Quarter(year, 1)) == "2024/25 quarter 1"
    assert [quarter.months_label for quarter in year.quarters[::3]] == ["April to June 2024", "January to March 2025"]
    assert (year.month_label(1), year.month_label(12)) == ("April 2024", "March 2025")


def test_years_and_quarters_sort_by_time():
    early, late = FinancialYear(2023), FinancialYear(2024)
    assert early < late
    assert Quarter(early, 4) < Quarter(late, 1)


@pytest.mark.parametrize(
    ("due", "expected"), [((6, 30), "2025-06-30"), ((5, 31), "2025-05-31"), ((1, 31), "2026-01-31")]
)
def test_the_fourth_return_falls_due_after_the_year_has_ended(due, expected):
    assert FinancialYear(2024).due_on(due).isoformat() == expected


def test_the_fourth_return_is_due_on_30_june_by_default():
    assert FinancialYear(2024).due_on() == datetime.date(2025, 6, 30)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024/26", "After 2024 write 25"),
        ("2024-2025", "like 2024/25"),
        ("2024", "like 2024/25"),
        ("24/25", "like 2024/25"),
        ("", "like 2024/25"),
        ("٢٠٢٤/٢٥", "like 2024/25"),
        ("1066/67", "from 1900 to 2199"),
    ],
)
def test_what_is_not_one_financial_year_is_refused_with_the_way_to_mend_it(text, words):
    with pytest.raises(YearError, match=words):
        FinancialYear.parse(text)


def test_a_month_of_13_and_a_fifth_quarter_are_refused():
    with pytest.raises(YearError, match="13 is not a month"):
        quarter_of(13)
    with pytest.raises(YearError, match="0 is not a month"):
        FinancialYear(2024).month_first_day(0)
    with pytest.raises(YearError, match="5 is not a quarter"):
        Quarter(FinancialYear(2024), 5)


@pytest.mark.parametrize(
    ("slug", "due"),
    [
        ("2025-26-q1", (2025, 7, 30)),
        ("2025-26-q2", (2025, 10, 30)),
        ("2025-26-q3", (2026, 1, 30)),
        ("2025-26-q4", (2026, 6, 30)),
    ],
)
def test_a_return_is_due_a_month_after_its_quarter_and_the_fourth_in_june(slug, due):
    quarter = Quarter.parse(slug)
    assert quarter.slug == slug
    assert quarter.due_on() == datetime.date(*due)


@pytest.mark.parametrize("text", ["2025-26-q5", "2025-27-q1", "2025/26-q1", "2025-26", ""])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(YearError):
        Quarter.parse(text)
