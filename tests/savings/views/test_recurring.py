"""Attesting a year on its screen: prefilled, refused beside the field, nothing lost, and only for one's own council."""

import re

import pytest

from savings.models import Entry
from tests.cast import NOW
from tests.factories import a_file, an_entry
from tests.savings.views.test_entries import a_pdf, seen_by

YEARS, THIS, BEFORE = "/recurring/", "/recurring/NFD/2026-27/", "/recurring/NFD/2025-26/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def answered(cast, scheme="REV-01", benefit_class="cash_releasing", **answers):
    """One line of the form as a browser sends it."""
    key = f"{cast.schemes[scheme].public_id}-{benefit_class}"
    usual = {"said": "unknown", "amount": "", "ledger_code": "", "reduction": "", "document": "", "title_1": "",
             "reason": ""}  # fmt: skip
    return {f"{key}-{name}": value for name, value in (usual | answers).items()}


def delivers(cast, scheme="REV-01", **changes):
    return answered(
        cast, scheme,
        **{"said": "delivers", "amount": "900", "ledger_code": "R26", "reduction": "900", "file_1": a_pdf()} | changes,
    )  # fmt: skip


def recorded(cast):
    with seen_by(cast, "asha"):
        return list(Entry.objects.filter(year=2026).order_by("pk").values_list("month", "amount_pence"))


def test_the_screen_lists_last_years_savings_prefilled(cast, sign_in):
    an_entry(cast, year=2025, amount_pence=1_234_00)
    for month in (1, 2, 3, 4):
        an_entry(cast, year=2025, scheme="ICT-01", month=month, amount_pence=100_00, ledger_code="ICT9",
                 reduction_pence=400_00) if month == 1 else an_entry(
            cast, year=2025, scheme="ICT-01", month=month, amount_pence=100_00, ledger_code="ICT9")  # fmt: skip
    assert "2 of 2 to answer" in sign_in("asha").get(YEARS).text
    page = sign_in("asha").get(THIS).text
    assert "Attest recurring savings for 2026/27" in page
    assert "£1,634.00 in all" in page
    assert re.search(r'value="1,?234\.00"', page)
    assert 'value="300.00"' in page  # three months have begun
    assert "April 2026 to June 2026, month by month" in page
    assert 'value="ICT9"' in page


def test_what_goes_on_is_posted_and_then_shown_as_recorded(cast, sign_in):
    an_entry(cast, year=2025)
    asha = sign_in("asha")
    page = asha.post(THIS, delivers(cast), follow=True).text
    assert "Northford, 2026/27: 1 attested, £900.00 in all." in page
    assert recorded(cast) == [(None, 900_00)]
    assert "Record what is answered" not in page
    assert "all 1 answered" in asha.get(YEARS).text
    assert asha.post(THIS, delivers(cast)).status_code == 200  # sent again: nothing is open, so nothing is recorded
    assert recorded(cast) == [(None, 900_00)]


def test_a_refusal_stands_at_its_line_and_nothing_is_lost(cast, sign_in):
    an_entry(cast, year=2025)
    an_entry(cast, year=2025, scheme="ICT-01")
    asha = sign_in("asha")
    form = delivers(cast) | delivers(cast, "ICT-01", ledger_code="", file_1=a_pdf("ict.pdf"), amount="77")
    page = asha.post(THIS, form).text
    assert "Nothing was recorded." in page
    assert "ICT-01: Enter the budget it was taken out of" in page
    assert "Choose “ict.pdf” again" in page
    assert 'value="77"' in page
    assert 'value="900"' in page
    assert recorded(cast) == []
    page = asha.post(THIS, answered(cast) | answered(cast, "ICT-01")).text
    assert "Say of at least one saving that it goes on or has ended." in page
    page = asha.post(THIS, answered(cast, said="ended") | answered(cast, "ICT-01")).text
    assert "REV-01: Say why it has ended." in page


def test_a_kept_document_may_prove_it(cast, sign_in):
    old = an_entry(cast, year=2025, files=[a_file(title="Budget book 2026")])
    with seen_by(cast, "asha"):
        document = old.supports.get().document.public_id
    asha = sign_in("asha")
    assert "Budget book 2026" in asha.get(THIS).text
    form = delivers(cast, document=str(document))
    form.pop(next(name for name in form if name.endswith("file_1")))
    assert "1 attested" in asha.post(THIS, form, follow=True).text


def test_it_is_read_by_its_own_people_and_answered_by_who_records(cast, sign_in):
    an_entry(cast, year=2025)
    for reader in ("erin", "farah", "gwen"):
        client = sign_in(reader)
        page = client.get(THIS).text
        assert "Not yet known" in page
        assert "Record what is answered" not in page
        assert client.post(THIS, delivers(cast)).status_code == 403
    for stranger in ("omar", "dev", "cleo", "ada"):
        assert sign_in(stranger).get(THIS).status_code == 404
        assert sign_in(stranger).post(THIS, delivers(cast)).status_code == 404
    assert sign_in("asha").get("/recurring/NFD/2027-28/").status_code == 404
    assert sign_in("asha").get("/recurring/NFD/2026-28/").status_code == 404
    assert "Nothing was recurring" in sign_in("asha").get("/recurring/NFD/2024-25/").text
    assert "There is nothing to attest" in sign_in("omar").get(YEARS).text


def test_twelve_months_cost_what_one_year_does(cast, sign_in, django_assert_max_num_queries):
    for month in range(1, 13):
        an_entry(cast, year=2025, month=month)
    gwen, asha = sign_in("gwen"), sign_in("asha")
    gwen.get(THIS)
    with django_assert_max_num_queries(20):  # of which 12 are session, scope, savepoints and rights
        gwen.get(THIS)
    with django_assert_max_num_queries(21):  # and the documents to choose from, once for each saving
        asha.get(THIS)
