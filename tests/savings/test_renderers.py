"""Forms print as GOV.UK markup. Whether people can use it is asked of the browser (tests/browser)."""

import re

import pytest
from django import forms

from councils.fields import DayField, MoneyField
from councils.widgets import HintedRadios


class Asking(forms.Form):
    amount = MoneyField(label="How much", help_text="In pounds.")
    on = DayField(label="When")
    kind = forms.ChoiceField(
        choices=[("saving", "Saving"), ("cost", "Cost")], widget=HintedRadios(hints={"cost": "Ours."})
    )
    year = forms.ChoiceField(choices=[("", ""), ("2024", "2024/25")])
    proof = forms.FileField(label="Evidence")
    note = forms.CharField(widget=forms.Textarea, max_length=200, required=False)
    secret = forms.CharField(widget=forms.PasswordInput(attrs={"placeholder": "Secret", "class": "app-short"}))
    seen = forms.BooleanField(label="I have seen it")
    token = forms.CharField(widget=forms.HiddenInput, initial="kept")


def tag_of(html, name):
    """The opening tag of the control called `name`."""
    return re.search(rf'<\w+[^>]*name="{name}"[^>]*>', html).group()


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("amount", "govuk-input govuk-input--width-10"),
        ("year", "govuk-select"),
        ("proof", "govuk-file-upload"),
        ("note", "govuk-textarea govuk-js-character-count"),
        ("secret", "govuk-input govuk-password-input__input govuk-js-password-input-input app-short"),
        ("seen", "govuk-checkboxes__input"),
        ("kind", "govuk-radios__input"),
        ("on_2", "govuk-input govuk-date-input__input govuk-input--width-4"),
    ],
)
def test_a_control_carries_its_govuk_class_and_keeps_its_own(name, classes):
    assert f'class="{classes}"' in tag_of(str(Asking()), name)


def test_an_error_stands_at_the_field_and_is_read_with_it():
    html = str(Asking({"amount": "1.234"}))
    assert "govuk-input--error" in tag_of(html, "amount")
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in tag_of(html, "amount")
    assert 'id="id_amount_error"' in html


def test_what_was_typed_comes_back_as_it_was_typed():
    assert 'value="1e999"' in tag_of(str(Asking({"amount": "1e999"})), "amount")


def test_an_amount_of_pence_is_shown_in_pounds():
    assert 'value="1234.50"' in tag_of(str(Asking(initial={"amount": 123_450})), "amount")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("year", "Choose year"),
        ("proof", "Choose evidence"),
        ("secret", "Enter secret"),
        ("seen", "Tick “I have seen it”"),
        ("amount", "Enter an amount in pounds, like 1234.50."),
    ],
)
def test_a_field_left_empty_is_asked_for_by_name(name, words):
    assert Asking({})[name].complaints == [words]


def test_a_question_left_open_is_quoted():
    field = forms.ChoiceField(label="Does it come back?", widget=forms.RadioSelect)
    form = type("Open", (forms.Form,), {"again": field})({})
    assert form["again"].complaints == ["Answer “Does it come back?”"]


@pytest.mark.parametrize(("name", "target"), [("kind", "id_kind_0"), ("on", "id_on_0"), ("amount", "id_amount")])
def test_the_summary_leads_to_the_first_control(name, target):
    form = Asking({})
    assert form[name].error_target == target
    assert f'id="{target}"' in str(form)


def test_only_what_may_be_left_empty_says_so():
    html = str(Asking())
    assert html.count("(optional)") == 1


def test_a_hint_under_a_choice_is_read_with_it():
    html = str(Asking())
    assert 'aria-describedby="id_kind_1-hint"' in html
    assert 'aria-describedby="id_kind_0-hint"' not in html


def test_a_placeholder_is_not_printed():
    """It vanishes when typing starts; the label stays."""
    assert "placeholder" not in str(Asking())


def test_hidden_fields_are_kept_and_have_no_label():
    html = str(Asking())
    assert 'value="kept"' in tag_of(html, "token")
    assert "id_token_helptext" not in html


def test_nothing_inline_that_the_policy_would_refuse():
    html = str(Asking({}))
    assert not re.search(r"\sstyle=|\son\w+=|<script|<style", html)


def test_a_label_is_never_taken_as_markup():
    form = type("Odd", (forms.Form,), {"x": forms.CharField(label="<b>x</b>")})({"x": '"><i>'})
    assert "<b>" not in str(form)
    assert "<i>" not in str(form)
