import datetime

import pytest
from django.core.exceptions import ValidationError

from councils.fields import DayField, MoneyField


def refusal(field, value):
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return " ".join(refused.value.messages)


def test_an_amount_cleans_to_pence():
    assert MoneyField().clean("£1,234.50") == 123_450


@pytest.mark.parametrize("written", ["0", "1.234", "1e999", "nan", "ten", "£"])
def test_what_is_no_amount_is_refused_in_words(written):
    assert len(refusal(MoneyField(), written)) > 20


def test_nothing_is_none_where_it_need_not_be_filled_in():
    assert MoneyField(required=False).clean("") is None
    assert DayField(required=False).clean(["", "", ""]) is None


def test_zero_is_taken_where_it_makes_sense():
    assert MoneyField(allow_zero=True).clean("0") == 0


def test_three_boxes_make_a_date():
    assert DayField().clean(["27", "3", "2026"]) == datetime.date(2026, 3, 27)


@pytest.mark.parametrize("parts", [["31", "2", "2026"], ["1", "13", "2026"], ["x", "1", "2026"], ["1", "1", "26"]])
def test_a_day_that_is_not_in_the_calendar_is_refused(parts):
    assert refusal(DayField(), parts) == "Enter a real date, like 27 3 2026."


def test_a_date_with_a_part_missing_says_so():
    assert "a day, a month and a year" in refusal(DayField(), ["27", "", "2026"])
