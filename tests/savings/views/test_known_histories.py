"""What really happened, told by the pages on the shipped register."""

import datetime
import io
import re
from html import unescape

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from councils.models import Council
from tests.cast import NOW
from tests.database import as_role


@pytest.fixture(scope="module", autouse=True)
def _register(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with as_role("worker"):
            call_command("load_reference", stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def text_of(address):
    """The words of a page, without its markup."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return " ".join(re.sub(r"\s+([.,;:)])", r"\1", unescape(re.sub(r"<[^>]+>", " ", answer.text))).split())


#: One line a telling: the address, a bar, the words.
KNOWN = """
/partnerships/lgss/ | Northamptonshire County Council abolished 1 April 2021; its area is now North
    Northamptonshire (46.28%) and West Northamptonshire (53.72%) (shares: 2020 population of the successor)
/partnerships/lgss/ | £11m
/partnerships/taunton-deane-and-west-somerset/ | Taunton Deane Borough Council abolished 1 April 2019; its area
    passed to Somerset West and Taunton (abolished 1 April 2023) and is now Somerset
/partnerships/taunton-deane-and-west-somerset/ | West Somerset District Council abolished 1 April 2019; its area
    passed to Somerset West and Taunton (abolished 1 April 2023) and is now Somerset
/partnerships/taunton-deane-and-west-somerset/ | £6.35m
/partnerships/taunton-deane-and-west-somerset/ | £3.7m
/partnerships/southwest-one/ | Somerset County Council abolished 1 April 2023; its area is now Somerset Council
/partnerships/dorset-councils-partnership/ | West Dorset District Council abolished 1 April 2019; its area is
    now Dorset Council
/partnerships/five-councils/ | Mendip District Council abolished 1 April 2023; its area is now Somerset
/partnerships/cherwell-and-south-northamptonshire/ | abolished 1 April 2021; its area is now West
    Northamptonshire
/councils/northamptonshire/ | North Northamptonshire Council, from 1 April 2021: 46.28%
/councils/northamptonshire/ | West Northamptonshire Council, from 1 April 2021: 53.72%
/councils/taunton-deane/ | Somerset West and Taunton Council, from 1 April 2019: all of it; abolished 1 April
    2023; its area is now Somerset
/councils/somerset/ | Somerset West and Taunton Council, on 1 April 2023: all of it; which followed Taunton
    Deane and West Somerset on 1 April 2019
/councils/dorset-county/ | Not all of its districts went the same way: Christchurch went to Bournemouth,
    Christchurch and Poole.
/councils/cumbria/ | Cumberland Council, from 1 April 2023: 54.90%
/councils/cumbria/ | Westmorland and Furness Council, from 1 April 2023: 45.10%
/councils/cumberland/ | 274,396
/councils/westmorland-and-furness/ | 225,385
/councils/north-northamptonshire/ | 350,448
/councils/west-northamptonshire/ | 406,733
/councils/carlisle/ | Cumbria County Council, until 1 April 2023. See the whole area
/councils/cambridge/ | Cambridgeshire and Peterborough Combined Authority. See the whole area
/councils/cumbria/ | Carlisle City Council (until 1 April 2023)
/councils/somerset-county/ | Taunton Deane Borough Council (until 1 April 2019)
"""


def known():
    """(address, words) of each; a line that goes on is set in."""
    return [tuple(line.split(" | ")) for line in KNOWN.replace("\n    ", " ").strip().splitlines()]


@pytest.mark.parametrize(("address", "told"), known())
def test_it_is_told_as_a_person_would(address, told):
    assert told in text_of(address)


def test_shares_are_the_populations_of_those_that_came_after():
    with as_role("worker"):
        people = dict(Council.objects.filter(invented=False).values_list("code", "population_2020"))
        assert people["NNT"] + people["WNT"] == 757_181
        assert round(10_000 * people["NNT"] / 757_181) == 4_628
        west = [people[code] for code in ("ALL", "CAR", "COP")]
        east = [people[code] for code in ("BAR", "EDN", "SLA")]
        assert (sum(west), sum(east)) == (people["CBD"], people["WAF"]) == (274_396, 225_385)
        assert round(10_000 * sum(west) / people["CMA"]) == 5_490


def test_before_the_day_nothing_is_told_of_what_came_after(time_machine):
    time_machine.move_to(datetime.datetime(2021, 3, 31, 12, tzinfo=NOW.tzinfo), tick=False)
    assert "abolished" not in text_of("/partnerships/lgss/")
    page = text_of("/partnerships/taunton-deane-and-west-somerset/")
    assert "its area is now Somerset West and Taunton" in page


@pytest.mark.parametrize("slug", ["northamptonshire", "surrey", "greater-manchester", "east-midlands-cca", "cumbria"])
def test_an_area_without_figures_names_its_councils_and_claims_nothing(slug):
    page = text_of(f"/councils/{slug}/area/")
    assert "Nothing that you may see is recorded" in page
    assert "£" not in page
    carried = text_of(f"/carried/councils/{slug}/area/")
    assert "£" not in carried


def test_the_areas_of_constituent_counties_are_a_step_away():
    page = Client().get("/councils/east-midlands-cca/area/").text
    assert 'href="/councils/derbyshire/area/"' in page
    assert Client().get("/councils/cumberland/area/").status_code == 404
