"""What an amount resembles, said while it is typed and again when it is sent; it never blocks."""

import hashlib

import pytest

from savings.models import Entry, Rollup
from tests.cast import NOW
from tests.database import as_role
from tests.factories import PDF, a_file, an_entry
from tests.savings.actions.test_distinctions import apart, withdrawn
from tests.savings.reporting.ledger import roll_up, southmere_claims, southmere_pays
from tests.savings.reporting.test_double_claims import second_partnership
from tests.savings.views.test_entries import filled, seen_by
from tests.savings.views.test_grid import fields, key

NEW, RADAR = "/entries/new/", "/entries/resembles/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def typed(cast, **changes):
    return {
        "council": "NFD", "scheme": str(cast.schemes["REV-01"].public_id), "series": "banked", "kind": "saving",
        "benefit_class": "cash_releasing", "year": "2025", "amount": "90,000", "document_ref": "", **changes,
    }  # fmt: skip


def test_each_rule_is_said_as_it_is_typed(cast, sign_in):
    southmere_claims(cast, amount_pence=90_500_00)
    asha = sign_in("asha")
    assert "It looks like one saving claimed twice: REV-01" in asha.get(RADAR, typed(cast)).text
    southmere_pays(cast, 70_000_00)
    assert "received £70,000.00 in charges" in asha.get(RADAR, typed(cast, amount="70000")).text
    there = second_partnership(cast)
    an_entry(there, scheme="NW-01", amount_pence=50_000_00)
    assert "NW-01 One manager in North and West Revenues" in asha.get(RADAR, typed(cast, amount="50000")).text


@pytest.mark.parametrize("changes", [{"amount": ""}, {"amount": "20"}, {"series": "forecast"}, {"scheme": "x"}, {}])
def test_it_says_nothing_when_there_is_nothing(cast, sign_in, changes):
    if changes:
        southmere_claims(cast, amount_pence=90_500_00)
    page = sign_in("asha").get(RADAR, typed(cast, **changes))
    assert page.status_code == 200
    assert "inset" not in page.text


def test_a_member_is_not_told_where_another_council_claims(cast, sign_in):
    there = second_partnership(cast)
    an_entry(there, scheme="NW-01", amount_pence=50_000_00)
    assert "inset" not in sign_in("omar").get(RADAR, typed(cast, council="STM", amount="50000")).text


def test_sent_it_has_to_be_seen_and_is_then_recorded(cast, sign_in):
    southmere_claims(cast, amount_pence=90_500_00)
    asha = sign_in("asha")
    form = filled(cast, amount="90000", month="year", ledger_code="", reduction="", file_1="")
    page = asha.post(NEW, form).text
    assert "This may be counted elsewhere already" in page
    assert "It looks like one saving claimed twice" in page
    assert "Recorded: £90,000.00" in asha.post(NEW, {**form, "seen": "on"}, follow=True).text
    with seen_by(cast, "asha"):
        assert Entry.objects.count() == 2


@pytest.mark.parametrize("who", ["gwen", "erin", "farah"])
def test_who_does_not_record_is_refused(sign_in, who):
    assert sign_in(who).get(RADAR).status_code == 403


def test_it_is_said_in_a_counted_ledger_of_any_size_by_as_many_queries(cast, sign_in, django_assert_max_num_queries):
    southmere_claims(cast, amount_pence=90_500_00)
    roll_up()
    with as_role("worker"):
        Rollup.objects.update(entries=2_000_000)
    asha = sign_in("asha")
    asha.get(RADAR, typed(cast))
    with django_assert_max_num_queries(22):
        assert "It looks like one saving claimed twice: REV-01" in asha.get(RADAR, typed(cast)).text


def test_what_was_counted_and_what_waits_are_added_up(cast, sign_in):
    """Half of each line is counted, the other half waits; only the sums are near."""
    southmere_claims(cast, amount_pence=40_000_00, month=1)
    an_entry(cast, amount_pence=10_000_00, month=1)
    roll_up()
    southmere_claims(cast, amount_pence=50_500_00, month=2)
    an_entry(cast, amount_pence=30_000_00, month=2)
    asha = sign_in("asha")
    assert "REV-01" in asha.get(RADAR, typed(cast, amount="50,000")).text
    assert "inset" not in asha.get(RADAR, typed(cast, amount="90,000")).text


def test_the_same_bytes_are_told_before_and_when_they_are_sent(cast, sign_in):
    digest = hashlib.sha256(PDF).hexdigest()
    an_entry(cast, scheme="ICT-01", amount_pence=1_200_00, files=[a_file("Theirs.pdf")], document_ref="J-1")
    for counted in (False, True):
        if counted:
            roll_up()
        asha = sign_in("asha")
        said = asha.get(RADAR, typed(cast, amount="1200", digests=f"{digest} nonsense")).text
        assert "It looks like one saving claimed twice: ICT-01" in said
        assert "inset" not in asha.get(RADAR, typed(cast, amount="1200", digests="0" * 64)).text
        page = asha.post(NEW, filled(cast, ledger_code="", reduction="")).text
        assert "It looks like one saving claimed twice: ICT-01" in page


def test_found_distinct_it_is_said_no_more_and_again_when_withdrawn(cast, sign_in):
    one, other = an_entry(cast, amount_pence=40_000_00, month=1), southmere_claims(cast, amount_pence=40_000_00)
    said = apart(cast, one, other)
    asha = sign_in("asha")
    assert "inset" not in asha.get(RADAR, typed(cast, amount="100")).text
    withdrawn(cast, said)
    assert "claimed twice" in asha.get(RADAR, typed(cast, amount="100")).text


GRID = "?council=NFD&partnership=north-south&year=2025"


def test_the_grid_says_it_as_it_is_typed_and_before_it_is_saved(cast, sign_in):
    southmere_claims(cast, amount_pence=90_500_00)
    roll_up()
    asha = sign_in("asha")
    page = asha.get(f"/entries/grid/{GRID}")
    assert 'hx-post="/entries/grid/resembles/?council=NFD' in page.text
    sent = fields(page) | {
        f"v.{key(cast)}.1": "40,000",
        f"v.{key(cast)}.2": "50,000",
        f"v.{key(cast, 'ICT-01')}.1": "7",
    }
    for said in (
        asha.post(f"/entries/grid/resembles/{GRID}", sent).text,
        asha.post(f"/entries/grid/{GRID}", sent | {"do": "check"}).text,
    ):
        assert said.count("It looks like one saving claimed twice") == 1
        assert "<strong>REV-01</strong>" in said
    with seen_by(cast, "asha"):
        assert Entry.objects.count() == 1
    asha.post(f"/entries/grid/{GRID}", sent | {"do": "save"})
    with seen_by(cast, "asha"):
        assert Entry.objects.count() == 4


def test_the_grid_compares_what_a_line_would_come_to(cast, sign_in):
    """A changed month counts by its difference, an emptied one by what goes."""
    southmere_claims(cast, amount_pence=90_500_00)
    an_entry(cast, month=1, amount_pence=100_000_00)
    asha = sign_in("asha")
    page = asha.get(f"/entries/grid/{GRID}")
    for value, expected in (("90,000", 1), ("100,000", 0), ("", 0), ("abc", 0)):
        sent = fields(page) | {f"v.{key(cast)}.1": value}
        assert asha.post(f"/entries/grid/resembles/{GRID}", sent).text.count("claimed twice") == expected, value


@pytest.mark.parametrize(("who", "status"), [("gwen", 403), ("erin", 403), ("cleo", 404)])
def test_the_grids_warnings_are_for_who_records_there(cast, sign_in, who, status):
    southmere_claims(cast, amount_pence=90_500_00)
    sent = {f"w.{key(cast)}": "," * 12, f"v.{key(cast)}.1": "90000"}
    answer = sign_in(who).post(f"/entries/grid/resembles/{GRID}", sent)
    assert answer.status_code == status
    assert "claimed twice" not in answer.text
