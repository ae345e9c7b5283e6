"""Reading, printing and sharing out money: every penny is kept, and what is unclear is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.money import LARGEST, MoneyError, parse_pounds, pounds, short_pounds, split, to_pence, to_pounds
from councils.templatetags import money as filters
from councils.years import FinancialYear

amounts = st.integers(-LARGEST, LARGEST)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1,234.50", 123450),
        ("£1,234", 123400),
        ("1234567.8", 123456780),
        (".5", 50),
        ("£0.05", 5),
        ("(500)", -50000),
        ("(£1,234.50)", -123450),
        ("£(500)", -50000),
        ("-£3", -300),
        ("£-3", -300),
        ("\u2212£3.10", -310),
        ("- 3", -300),
        ("+12", 1200),
        (" £ 1,234.50\u00a0\t", 123450),
        ("10,000,000,000", LARGEST),
        ("-10000000000.00", -LARGEST),
    ],
)
def test_clear_amounts_are_read(text, pence):
    assert parse_pounds(text) == pence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter an amount"),
        ("  ", "Enter an amount"),
        ("£", "Enter pounds and pence"),
        (".", "no pence after it"),
        ("5.", "no pence after it"),
        ("1.234", "more than two figures after the point"),
        ("1234.500", "more than two figures after the point"),
        ("1.234,56", "comma after its point"),
        ("1.234.567", "more than one point"),
        ("1,23", "comma out of place"),
        ("12,34,567", "comma out of place"),
        ("1234,567", "comma out of place"),
        (",123", "comma out of place"),
        ("1 234", "blank between its figures"),
        ("1e999", "shortened by a spreadsheet"),
        ("1.2E+05", "shortened by a spreadsheet"),
        ("1.2m", "Write it in full"),
        ("42k", "Write it in full"),
        ("NaN", "not an amount in figures"),
        ("Infinity", "not an amount in figures"),
        ("-inf", "not an amount in figures"),
        ("0x1F", "not an amount in figures"),
        ("1_000", "not an amount in figures"),
        ("12 pounds", "not an amount in figures"),
        ("50%", "not an amount in figures"),
        ("$5", "not in pounds"),
        ("€5", "not in pounds"),
        ("٣٤", "figures 0 to 9"),
        ("\uff11\uff12", "figures 0 to 9"),
        ("500-", "minus sign at the end"),
        ("--5", "more than one sign"),
        ("-(5)", "more than one sign"),
        ("££5", "more than one sign"),
        ("(5", "one bracket"),
        ("5)", "one bracket"),
        ("007", "may be a code"),
        ("00.50", "may be a code"),
        ("1" * 30, "more than £10 billion"),
        ("10000000000.01", "more than £10 billion"),
        ("-10000000000.01", "more than £10 billion"),
        ("9" * 5000, "too long"),
        ("0", "cannot be £0"),
        ("(0.00)", "cannot be £0"),
    ],
)
def test_unclear_or_impossible_amounts_are_refused_with_the_way_to_mend_them(text, words):
    with pytest.raises(MoneyError, match=words):
        parse_pounds(text)


@pytest.mark.parametrize("text", ["0", "£0.00", "-0"])
def test_zero_is_read_only_where_it_is_allowed(text):
    assert parse_pounds(text, allow_zero=True) == 0


@given(amounts)
def test_what_is_printed_reads_back_to_the_penny(pence):
    assert parse_pounds(pounds(pence), allow_zero=True) == pence
    assert to_pence(to_pounds(pence)) == pence


@given(st.text(max_size=60))
def test_any_text_is_either_read_or_refused_in_words(text):
    try:
        outcome = parse_pounds(text)
    except MoneyError as refusal:
        outcome = str(refusal)
    assert outcome.endswith(".") if isinstance(outcome, str) else 0 < abs(outcome) <= LARGEST


@pytest.mark.parametrize(
    ("pence", "printed"), [(123450, "£1,234.50"), (-123450, "\u2212£1,234.50"), (0, "£0.00"), (-5, "\u2212£0.05")]
)
def test_pounds(pence, printed):
    assert pounds(pence) == printed


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("1234567", "£1.23m"),
        ("11000000", "£11m"),
        ("42349.99", "£42,300"),
        ("42350", "£42,400"),
        ("950", "£950"),
        ("999.50", "£1,000"),
        ("999499", "£999,000"),
        ("999500", "£1m"),
        ("1340000000", "£1.34bn"),
        ("999600000", "£1bn"),
        ("200000", "£200,000"),
        ("12.34", "£12.34"),
        ("12", "£12"),
        ("0", "£0"),
        ("-42800000", "\u2212£42.8m"),
        ("10000000000", "£10bn"),
    ],
)
def test_short_pounds_has_three_significant_figures(amount, printed):
    assert short_pounds(to_pence(Decimal(amount))) == printed


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "1e999", "10000000000.01"])
def test_decimals_that_are_no_amount_of_pence_are_refused(amount):
    with pytest.raises(MoneyError):
        to_pence(Decimal(amount))


@given(amounts, weights)
def test_sharing_out_loses_no_penny_and_is_never_a_penny_off(pence, weights):
    shares = split(pence, weights)
    assert sum(shares) == pence
    assert all(
        abs(share * sum(weights) - pence * weight) < sum(weights) for share, weight in zip(shares, weights, strict=True)
    )


@given(amounts, weights)
def test_a_reversal_is_shared_as_what_it_reverses(pence, weights):
    assert split(-pence, weights) == [-share for share in split(pence, weights)]


@pytest.mark.parametrize(
    ("pence", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [5490, 4510], [55, 45]),
        (2, [1, 1, 1], [1, 1, 0]),
        (5, [0, 1], [0, 5]),
        (10, [1, 4, 4], [1, 5, 4]),
        (-100, [1, 1, 1], [-34, -33, -33]),
    ],
)
def test_spare_pence_go_to_the_largest_fractions_then_to_the_earliest(pence, weights, shares):
    assert split(pence, weights) == shares


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1], [0.5, 0.5]])
def test_weights_that_share_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="not all zero"):
        split(100, weights)


def test_filters_print_money_and_years_and_nothing_for_what_is_missing():
    assert filters.pounds(-123450) == "\u2212£1,234.50"
    assert filters.short_pounds(123456700) == "£1.23m"
    assert filters.financial_year(2024) == filters.financial_year(FinancialYear(2024)) == "2024/25"
    assert filters.pounds(None) == filters.short_pounds("") == filters.financial_year(None) == ""
