"""The area page: both tiers once, charges within it cancel, others remain, and nothing that the reader may not see."""

import datetime
import re
from html import unescape

import pytest

from councils.acts import act
from councils.models import Council, Person
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, an_entry, show_to, succeed
from tests.savings.reporting.ledger import roll_up, southmere_claims, southmere_pays

AREA = "/councils/midshire/area/"
DAY = datetime.date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW + datetime.timedelta(hours=1), tick=False)


@pytest.fixture
def midshire(cast):
    """A county with two districts, the new ones in the place of the cast's: members come from outside it."""
    a_proven_entry(cast, amount_pence=3_000_01)
    an_entry(cast, amount_pence=400_00, scheme="ICT-01")
    southmere_claims(cast, amount_pence=70_00)
    southmere_pays(cast, 500_00)
    roll_up()
    with as_role("worker"), act(by=Person.objects.get(system=True), at=NOW, verb="loaded", register=True) as this:

        def body(code, name, kind, county=None):
            return Council.objects.create(
                act=this, code=code, name=name, short_name=name.split()[0], slug=name.split()[0].lower(), kind=kind,
                nation="England", region="South West", county=county,
            )  # fmt: skip

        cast.councils["MID"] = body("MID", "Midshire County Council", "county")
        for code in ("Upby", "Downby"):
            cast.councils[code] = body(code.upper(), f"{code} District Council", "district", cast.councils["MID"])
        cast.councils["OUT"] = body("OUT", "Outby Council", "unitary")
    return cast


def words(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def passed(cast, southmere_to, northford_to="Upby"):
    """The partnership is public; Northford and Southmere, which paid it, passed to others."""
    show_to(cast, "public")
    roll_up()
    with as_role("worker"):
        succeed(cast, "NFD", {northford_to: 10_000}, on=DAY)
        succeed(cast, "STM", {southmere_to: 10_000}, on=DAY)


def test_both_tiers_add_up_and_charges_between_them_cancel(midshire, sign_in):
    """Claimed 3,000.01 + 400 + 70. The 400 is so near to the 500 received that it is taken for charge income, not
    counted. Upby received the 500 that Downby paid, so nothing is left of it in the total."""
    passed(midshire, "Downby")
    page = words(sign_in(None), f"/carried{AREA}")
    assert "All of them together £0.00 £3,470.01 £3,070.01 £3,000.01 £0.00 £0.00 £3,070.01 £3,000.01" in page
    assert "Upby District Council District council £0.00 £3,400.01 £3,000.01 £3,000.01 £0.00 £500.00 £3,500.01" in page
    assert "no more was paid to councils outside it than was received from them" in page
    left_out = page.partition("What is left out")[2].partition("Its districts")[0]
    assert "Midshire County Council" in left_out
    assert "£" not in left_out


def test_charges_to_councils_outside_the_area_remain(midshire, sign_in):
    passed(midshire, "OUT")
    page = words(sign_in(None), f"/carried{AREA}")
    assert "All of them together £0.00 £3,400.01 £3,000.01 £3,000.01 £0.00 £500.00 £3,500.01 £3,500.01" in page
    assert "What remains is £500.00 received from councils outside it" in page
    assert "Outby" not in page


def test_what_was_paid_to_councils_outside_is_said_without_a_sign(midshire, sign_in):
    passed(midshire, "Downby", northford_to="OUT")
    page = words(sign_in(None), f"/carried{AREA}")
    assert "What remains, £500.00, was paid to councils outside it" in page


def test_as_it_was_the_area_has_none_of_it(midshire, sign_in):
    passed(midshire, "Downby")
    page = words(sign_in(None), AREA)
    assert "Nothing that you may see is recorded for the councils of Midshire" in page
    for name in ("Midshire County Council", "Upby District Council", "Downby District Council"):
        assert name in page.partition("What is left out")[2]


def test_a_stranger_reads_no_figure_that_is_not_public(midshire, sign_in):
    for reader in (None, "cleo", "ada"):
        assert "£" not in words(sign_in(reader), AREA)


def test_one_council_is_no_area(cast, sign_in):
    assert sign_in("ben").get("/councils/northford/area/").status_code == 404


def test_at_a_past_moment_it_says_what_is_still_being_worked_out(midshire, sign_in, monkeypatch):
    """Until the worker has done it, the figures that are only shown to a reader are missing, and the page says so."""
    client = sign_in("cleo")
    past = f"/as-at/2026-06-14{AREA}"
    monkeypatch.setattr("savings.reporting.then.waiting", lambda partnerships: set())
    assert "still being worked out" not in words(client, past)
    monkeypatch.setattr("savings.reporting.then.waiting", lambda partnerships: {1})
    assert "still being worked out as they were then" in words(client, past)
    assert "still being worked out" not in words(client, AREA)


def test_it_costs_few_queries(midshire, sign_in, django_assert_max_num_queries):
    passed(midshire, "Downby")
    client = sign_in("cleo")
    for address in ("/councils/midshire/area/", "/carried/councils/midshire/area/"):
        with django_assert_max_num_queries(24):
            assert client.get(address).status_code == 200
