import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError

from councils.fields import CodeField, DayField, MoneyField, PlainField
from councils.plain_text import skeleton


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


@pytest.mark.parametrize("words", ["Cyngor Sir Ŷnys Môn: tŷ", "Done 🎉 👩‍💻 👍🏽 🏴󠁧󠁢󠁷󠁬󠁳󠁿 ❤️", "قرار المجلس", "節約"])
def test_words_of_any_script_and_emoji_are_taken_as_they_are(words):
    assert PlainField().clean(words) == words


def test_words_are_normalised_however_they_were_typed():
    assert PlainField().clean("Ty\u0302\tGwyn") == "Tŷ Gwyn"
    assert PlainField(widget=forms.Textarea).clean("one\r\ntwo") == "one\ntwo"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("invoice\u202efdp.exe", "U+202E right-to-left override"),
        ("R1\u200b00", "U+200B zero width space"),
        ("a\u2066b", "U+2066 left-to-right isolate"),
        ("a\x07b", "U+0007 a control character"),
        ("a\u200db", "U+200D zero width joiner"),
        ("one\ntwo", "on one line"),
    ],
)
def test_what_cannot_be_seen_is_refused_and_named(words, said):
    assert said in refusal(PlainField(), words)


@pytest.mark.parametrize("code", ["R\u0410100", "R１００", "R–100", "R<100", "R100💷"])
def test_a_code_holds_nothing_that_could_be_taken_for_something_else(code):
    assert "is none of them" in refusal(CodeField(), code)


@pytest.mark.parametrize("code", ["R100", "CC-4410/02 a", "TŶ.01", "F&C (a)"])
def test_codes_as_councils_write_them_are_taken(code):
    assert CodeField().clean(f" {code} ") == code


def test_codes_that_would_be_read_as_the_same_have_one_skeleton():
    assert len({skeleton(each) for each in ("r100", "R100", "R 100", "Ŕ100")}) == 1
    assert skeleton("R100") != skeleton("R101")
