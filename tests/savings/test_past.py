"""Any page can be read as it was: the prefix stays on every link, nothing can be done there, and figures follow."""

import datetime

import pytest
from django.utils import timezone

from savings.actions import decision
from savings.past import read_moment
from savings.reporting import rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, a_proven_entry, acting, an_entry

THEN = NOW + datetime.timedelta(minutes=30)
LATER = NOW + datetime.timedelta(hours=1)
PREFIX = f"/as-at/{THEN:%Y-%m-%dT%H:%M}"


@pytest.fixture
def two(cast):
    """£1,000 proven by NOW, £300 more claimed an hour later; the facts are up to date."""
    first = a_proven_entry(cast)
    second = an_entry(cast, at=LATER, scheme="ICT-01", amount_pence=300_00)
    with as_role("worker"):
        rollups.drain()
    return first, second


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_moment_is_read_in_london(settings):
    assert read_moment("2026-07-01T17:00").utctimetuple()[:5] == (2026, 7, 1, 16, 0)
    assert timezone.localdate(read_moment("2026-09-30")) == datetime.date(2026, 9, 30)
    for nonsense in ("", "yesterday", "2026-13-01", "1066-10-14", "2026-09-30T25:00", "20260930"):
        with pytest.raises(ValueError, match=r"is no moment|is before|must be in|month"):
            read_moment(nonsense)


def test_the_ledger_shows_what_was_there_and_links_stay_in_the_moment(sign_in, two):
    first, second = two
    page = text_of(sign_in("asha"), f"{PREFIX}/entries/")
    assert str(first.public_id) in page
    assert str(second.public_id) not in page
    assert f'href="{PREFIX}{first.get_absolute_url()}"' in page
    assert "As it was at 15 June 2026, 10:30" in page
    assert "/static/app/app.css" in page


def test_a_row_of_later_is_not_found(sign_in, two):
    first, second = two
    client = sign_in("asha")
    assert client.get(PREFIX + first.get_absolute_url()).status_code == 200
    assert client.get(PREFIX + second.get_absolute_url()).status_code == 404
    assert client.get(second.get_absolute_url()).status_code == 200


def test_figures_are_those_of_then(sign_in, two, cast):
    client = sign_in("erin")
    address = cast.councils["NFD"].get_absolute_url()
    assert "£1,300" in text_of(client, address)
    page = text_of(client, PREFIX + address)
    assert "£1,000" in page
    assert "£1,300" not in page


def test_the_grade_is_that_of_then(sign_in, cast):
    entry = an_entry(cast, ledger_code="R100", reduction_pence=1_000_00, files=[a_file()])
    with acting(cast.people["ben"], LATER) as how:
        decision.sign_off(entry=entry, **how)
    with as_role("worker"):
        rollups.drain()
    client, address = sign_in("asha"), cast.councils["NFD"].get_absolute_url()
    assert "Signed off" in text_of(client, entry.get_absolute_url())
    assert "Signed off" not in text_of(client, PREFIX + entry.get_absolute_url())
    erin = sign_in("erin")
    assert "sharing has saved Northford £1,000" in text_of(erin, address)
    assert "sharing has saved Northford £1,000" not in text_of(erin, PREFIX + address)


@pytest.mark.parametrize("name", ["asha", "ben", "erin", "farah"])
def test_every_page_of_the_menu_can_be_read_then(sign_in, two, name):
    client = sign_in(name)
    menu = client.get(f"{PREFIX}/").wsgi_request.nav
    assert len(menu) > 3
    for item in menu:
        assert item["url"].startswith(PREFIX)
        assert client.get(item["url"]).status_code == 200, item


def test_nothing_can_be_done_there(sign_in, two):
    first, _ = two
    client = sign_in("ben")
    answer = client.post(f"{PREFIX}{first.get_absolute_url()}reverse/", {"reason": "No"})
    assert answer.status_code == 405
    assert "Nothing can be done in the past" in answer.content.decode()
    assert "Reverse" not in text_of(client, PREFIX + first.get_absolute_url())


def test_a_stranger_signs_in_first_and_comes_back(client, two):
    answer = client.get(f"{PREFIX}/entries/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/as-at/")


def test_a_moment_to_come_is_the_present(sign_in, two):
    answer = sign_in("asha").get("/as-at/2999-01-01/entries/?kind=saving")
    assert answer["Location"] == "/entries/?kind=saving"


def test_choosing_a_moment_leads_to_the_same_page(sign_in, two):
    client = sign_in("asha")
    day = {"day_0": "15", "day_1": "6", "day_2": "2026", "time": "10:30"}
    assert client.get("/as-at/", day | {"page": "/entries/?kind=saving"})["Location"] == (
        f"{PREFIX}/entries/?kind=saving"
    )
    for elsewhere in ("//evil.example/", "https://evil.example/", "/as-at/2020-01-01/"):
        assert client.get("/as-at/", day | {"page": elsewhere})["Location"] == f"{PREFIX}/"
    assert "Choose a day that has been" in text_of(client, "/as-at/?day_0=1&day_1=1&day_2=2999&page=/")


def test_a_file_is_taken_away_now_because_taking_it_is_an_act(sign_in, cast):
    entry = an_entry(cast, files=[a_file()])
    with as_role("worker"):
        document = entry.supports.get().document
    address = f"/documents/{document.public_id}/"
    assert sign_in("asha").get(PREFIX + address)["Location"] == address
