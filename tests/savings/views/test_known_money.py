"""Pounds of known histories on pages, as they were and carried; worked out by hand in `tests.savings.known_money`."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from councils.carrying import carrying
from councils.models import Council
from savings.reporting import figures
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting
from tests.savings.known_money import bank_what_is_known

#: (pence counted, net) of each council, as it was and carried; None where the page says who has it now.
KNOWN = {
    "taunton-deane": ((100_01, 100_01), None),
    "west-somerset": ((50_02, 40_02), None),
    "somerset-west-and-taunton": ((1_000_03, 1_000_03), None),
    "somerset": ((0, 0), (1_150_06, 1_140_06)),
    "cumbria": ((100_01, 100_01), None),
    "allerdale": ((20_00, 20_00), None),
    "cumberland": ((0, 0), (74_91, 74_91)),
    "westmorland-and-furness": ((0, 0), (75_10, 75_10)),
    "northamptonshire": ((100_01, 100_01), None),
    "north-northamptonshire": ((0, 0), (46_28, 46_28)),
    "west-northamptonshire": ((0, 0), (53_73, 53_73)),
    "dorset-county": ((70_00, 70_00), None),
    "christchurch": ((3_03, 3_03), None),
    "dorset-council": ((0, 0), (75_05, 75_05)),
    "bournemouth-christchurch-and-poole": ((0, 0), (3_03, 3_03)),
}
WHOLE = {"somerset-money": 1_150_06, "cumbria-money": 150_01, "northamptonshire-money": 100_01, "dorset-money": 78_08}


@pytest.fixture(scope="module", autouse=True)
def una(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with as_role("worker"):
            call_command("load_reference", stdout=io.StringIO())
            user = bank_what_is_known()
        yield user
        transaction.set_rollback(True)


@pytest.fixture
def reader(una, time_machine):
    time_machine.move_to(NOW + datetime.timedelta(hours=1), tick=False)
    client = Client()
    client.force_login(una)
    return client


@pytest.mark.parametrize("slug", KNOWN)
def test_a_council_has_what_is_worked_out(reader, slug):
    was, carried = KNOWN[slug]
    total = reader.get(f"/councils/{slug}/").context["figures"].total
    assert (total.counted, total.net_counted) == was
    page = reader.get(f"/carried/councils/{slug}/")
    if carried is None:
        assert "everything it saved, paid and promised stands with" in page.text
        assert "£" not in page.text
    else:
        total = page.context["figures"].total
        assert (total.counted, total.net_counted) == carried


@pytest.mark.parametrize("slug", WHOLE)
def test_a_partnership_is_the_same_to_the_penny_either_way(reader, slug):
    was, carried = (reader.get(f"{reading}/partnerships/{slug}/").context["figures"] for reading in ("", "/carried"))
    assert was.total.counted == carried.total.counted == WHOLE[slug]
    assert sum(each.figures.counted for each in carried.members) == WHOLE[slug]
    assert {each.name for each in was.members}.isdisjoint(each.name for each in carried.members)


def test_in_between_the_one_in_between_has_it(una):
    with acting(una.person), carrying(on=datetime.date(2020, 1, 1)):
        found = figures.council_figures(Council.objects.get(code="SWT"), NOW.date())
    assert {year.year: year.figures.counted for year in found.years if year.figures.counted} == {
        2017: 100_01,
        2018: 50_02,
        2021: 1_000_03,
    }
