"""The ledger: who sees which rows, how it is narrowed, and that it never counts a whole ledger."""

import pytest

from savings.actions import decision, disputes, entries
from savings.models import Entry
from savings.models.typed import Kind, Series
from savings.reporting import listing
from tests import factories
from tests.savings.views.test_entries import seen_by

LEDGER = "/entries/"


@pytest.fixture
def ledger(cast):
    """Seven entries: documented, bare, a cost, a forecast, Southmere's, and one reversed with its reversal."""
    made = {
        "documented": factories.an_entry(
            cast, month=1, amount_pence=100_00, files=[factories.a_file()], note="Postage"
        ),
        "bare": factories.an_entry(cast, month=2, amount_pence=200_00, ledger_code="Z9", reduction_pence=500_00),
        "cost": factories.an_entry(cast, month=3, amount_pence=50_00, kind=Kind.RUNNING_COST, scheme="ICT-01"),
        "forecast": factories.an_entry(cast, month=4, amount_pence=900_00, series=Series.FORECAST),
        "partner": factories.an_entry(cast, by="omar", council="STM", month=1, amount_pence=7_00, document_ref="J-77"),
        "reversed": factories.an_entry(cast, month=5, amount_pence=33_00),
    }
    with factories.acting(cast.people["asha"]) as how:
        made["reversal"] = entries.reverse(entry=made["reversed"], reason="Wrong", **how)
    with factories.acting(cast.people["ben"]) as how:
        decision.return_to_recorder(entry=made["bare"], reason="Proof?", **how)
    with factories.acting(cast.people["dev"]) as how:
        disputes.dispute(entry=made["documented"], council=cast.councils["STM"], reason="Ours", **how)
    return made


NARROWED = {
    "everything": ("", {"documented", "bare", "cost", "forecast", "partner", "reversed", "reversal"}),
    "title": ("search=contract", {"cost"}),
    "reference": ("search=ict-01", {"cost"}),
    "note": ("search=postage", {"documented"}),
    "ledger code": ("search=z9", {"bare"}),
    "document reference": ("search=J-77", {"partner"}),
    "council": ("council=southmere", {"partner"}),
    "kind": ("kind=running_cost", {"cost"}),
    "series": ("series=forecast", {"forecast"}),
    "class and council": ("benefit_class=cash_releasing&council=southmere", {"partner"}),
    "year": ("year=2024", set()),
    "documented": ("standing=1", {"documented"}),
    "self-declared": ("standing=0&kind=saving&series=banked", {"bare", "partner", "reversed", "reversal"}),
    "unsigned": ("standing=unsigned&series=banked", {"documented", "bare", "cost", "partner"}),
    "returned": ("standing=returned", {"bare"}),
    "disputed": ("standing=disputed", {"documented"}),
    "reversed": ("standing=reversed", {"reversed", "reversal"}),
    "mine": ("mine=me&series=forecast", {"forecast"}),
    "partnership": ("partnership=north-south&kind=running_cost", {"cost"}),
    "nonsense": ("kind=nonsense&council=westvale&search=postage", {"documented"}),
}


@pytest.mark.parametrize(("query", "names"), NARROWED.values(), ids=NARROWED)
def test_the_address_narrows_the_list(sign_in, ledger, query, names):
    page = sign_in("asha").get(f"{LEDGER}?{query}").text
    assert {name for name, entry in ledger.items() if f'href="{entry.get_absolute_url()}"' in page} == names
    if not names:
        assert "No entry matches." in page


def test_it_adds_up_what_it_shows_and_never_adds_forecasts_to_what_is_banked(sign_in, ledger):
    page = sign_in("asha").get(LEDGER).text
    banked = page[page.index(">Banked</th>") :][:600]
    assert [amount for amount in ("£307.00", "£50.00", "£257.00") if amount in banked] == [
        "£307.00", "£50.00", "£257.00",
    ]  # fmt: skip
    assert "£900.00" in page[page.index(">Forecast</th>") :][:300]
    assert "7 entries" in page


def test_each_filter_is_a_chip_that_takes_it_away(sign_in, ledger, cast):
    page = sign_in("asha").get(f"{LEDGER}?kind=saving&standing=returned&scheme={cast.schemes['REV-01'].public_id}").text
    scheme = "Scheme: REV-01 One revenues manager in place of two"
    for words in ("Kind: Saving", "Standing: Returned and not put right", scheme):
        assert words in page
    assert "Clear all" in page


def test_a_stranger_sees_an_empty_ledger_and_no_names_to_filter_by(sign_in, ledger):
    page = sign_in("cleo").get(LEDGER).text
    assert "Nothing is recorded yet" in page
    assert "North and South" not in page
    assert "Nothing here that you may see" in sign_in("ada").get(LEDGER).text
    other = sign_in("cleo").get(f"{LEDGER}?kind=saving").text
    assert "North and South" not in other
    assert "No entry matches." in other


def test_nobody_signed_in_is_asked_to(sign_in):
    assert sign_in(None).get(LEDGER).status_code == 302


def test_a_page_of_rows_costs_what_one_row_does(cast, sign_in, ledger, django_assert_max_num_queries):
    asha = sign_in("asha")
    for month in range(6, 13):
        factories.an_entry(cast, month=month)
    with django_assert_max_num_queries(18):
        asha.get(LEDGER)
    with django_assert_max_num_queries(20):
        asha.get(f"{LEDGER}?search=rev&sort=-amount_pence")


def test_past_the_bound_it_asks_to_be_narrowed(sign_in, ledger, monkeypatch):
    monkeypatch.setattr(listing, "MOST", 3)
    monkeypatch.setattr("savings.views.ledger.MOST", 3)
    page = sign_in("asha").get(LEDGER).text
    assert "More than 3 entries" in page
    assert "Narrow the list to sort it" in page
    assert "add up to</caption>" not in page
    assert "app-sort" not in page


def test_reading_stops_at_the_bound(cast, ledger, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(listing, "MOST", 3)
    with seen_by(cast, "asha"), django_assert_num_queries(1) as seen:
        found = listing.listing(Entry.objects.order_by("-pk"))
    assert (len(found.ids), found.overflows) == (3, True)
    assert "LIMIT 4" in seen.captured_queries[0]["sql"]
    assert "JOIN" not in seen.captured_queries[0]["sql"]


@pytest.mark.parametrize(
    ("sort", "first"), [("-amount_pence", "forecast"), ("amount_pence", "reversal"), ("scheme", "cost")]
)
def test_it_sorts_by_its_headings(sign_in, ledger, sort, first):
    page = sign_in("asha").get(f"{LEDGER}?sort={sort}").text
    shown = sorted((page.index(f'href="{entry.get_absolute_url()}"'), name) for name, entry in ledger.items())
    assert shown[0][1] == first
    assert 'aria-sort="' in page


def test_pages_hold_fifty_and_a_page_past_the_end_is_the_last(cast, sign_in, monkeypatch):
    monkeypatch.setattr("savings.views.ledger.PER_PAGE", 5)
    for month in range(1, 13):
        factories.an_entry(cast, month=month)
    asha = sign_in("asha")
    assert "12 entries" in asha.get(LEDGER, {"page": 2}).text
    assert asha.get(LEDGER, {"page": 99}).status_code == 200
    assert asha.get(LEDGER, {"page": "x"}).status_code == 200
