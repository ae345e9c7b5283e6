"""The search of the ledger says what it looks at; tests/savings/views/test_ledger.py tries each of them."""

from django.urls import reverse


def test_the_search_box_says_what_it_searches(sign_in):
    page = sign_in("asha").get(reverse("savings:ledger") + "?search=postage").text
    hint = '<div id="id_search_helptext" class="govuk-hint">Scheme, note, ledger code or document reference</div>'
    assert hint in page
    assert 'aria-describedby="id_search_helptext"' in page
