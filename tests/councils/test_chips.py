from django import forms
from django.test import RequestFactory

from councils.chips import chips


class Filters(forms.Form):
    search = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("", "Any"), ("cost", "Cost")], required=False)
    years = forms.TypedMultipleChoiceField(
        label="Years", choices=[(2023, "2023/24"), (2024, "2024/25")], coerce=int, required=False
    )


def chips_at(address):
    request = RequestFactory().get(address)
    return chips(Filters(request.GET), request)


def test_each_filter_in_use_has_a_chip_in_the_forms_own_words():
    found = chips_at("/?search=ict&kind=cost&years=2023&years=2024")
    assert [chip.label for chip in found] == ["Search: ict", "Kind: Cost", "Years: 2023/24, 2024/25"]


def test_a_chip_leads_to_the_first_page_of_the_list_without_it():
    assert chips_at("/?search=ict&kind=cost&page=4&sort=name")[1].url == "?search=ict&sort=name"


def test_no_filter_no_chip():
    assert chips_at("/?search=&page=2") == []


def test_a_value_the_list_does_not_know_has_no_chip():
    assert chips_at("/?kind=nonsense") == []
