"""The real files, loaded whole into a database that already holds the cast."""

import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from councils.models import Council, CouncilAlias, Event, Outturn, Succession
from councils.scope import scope
from partnerships.models import Ending, MapTotal, Membership, Partnership, PublicClaim, Service
from savings.models import Deflator, DiscountRate, OptimismBias, Study
from tests.database import as_role


def load(*arguments):
    output = io.StringIO()
    with as_role("worker"):
        call_command("load_reference", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker):
    """What the first run printed; everything it loaded is taken back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def worker(said):
    with as_role("worker"):
        yield


def test_it_says_what_it_added_in_words(said):
    lines = [" ".join(line.split()) for line in said.splitlines()]
    for line in ("councils 470 added 0 unchanged", "successions 75 added 0 unchanged", "claims 74 added 0 unchanged"):
        assert line in lines
    assert "outturn 2,665 added 0 unchanged" in lines


def test_it_is_safe_to_repeat_and_tells_programs_so(said):
    report = json.loads(load("--json"))
    assert set(report) == {"added", "unchanged", "differing"}
    assert set(report["added"].values()) == {0}
    assert (report["unchanged"]["councils"], report["unchanged"]["outturn"]) == (470, 2665)


def test_a_row_that_stood_before_is_left_as_it_was_and_reported(said):
    """The cast has its own ICT service; the file calls it otherwise."""
    assert "Differs, left as it is: services, “ict”: name is “Information technology” here" in said
    with as_role("worker"):
        assert Service.objects.get(slug="ict").name == "Information technology"


def test_everything_is_there(worker):
    real = Council.objects.filter(invented=False)
    assert (real.exclude(code__startswith="X-").count(), real.filter(code__startswith="X-").count()) == (470, 9)
    assert (CouncilAlias.objects.count(), Succession.objects.count(), Service.objects.count()) == (1283, 75, 49)
    assert Outturn.objects.values("ecode", "year").distinct().count() == 2665
    assert Partnership.objects.filter(from_public_record=True).count() == 25
    assert (PublicClaim.objects.count(), MapTotal.objects.count(), Study.objects.count()) == (74, 4, 16)
    assert (Deflator.objects.count(), DiscountRate.objects.count(), OptimismBias.objects.count()) == (35, 6, 6)


def test_a_district_knows_its_county_and_a_county_its_combined_authority(worker):
    assert Council.objects.get(code="TAU").county.code == "SOM"
    assert Council.objects.get(code="CAM").combined_authority.code == "CPCA"


def test_lgss_began_with_two_and_ended_with_three(worker):
    members = Membership.objects.filter(partnership__slug="lgss").order_by("starts_on", "council__code")
    assert [(member.council.code, member.starts_on, member.starts_precision) for member in members] == [
        ("CAM", date(2010, 10, 1), "month"),
        ("NTH", date(2010, 10, 1), "month"),
        ("MIK", date(2016, 1, 1), "year"),
    ]
    assert {member.ends_on for member in members} == {date(2020, 12, 1)}
    assert Ending.objects.get(partnership__slug="lgss").ended_precision == "day"
    claims = PublicClaim.objects.filter(partnership__slug="lgss")
    assert (claims[0].amount_pence, claims[0].amount_as_published) == (11_000_000_00, "£11 million")
    assert (claims[7].amount_pence, claims[7].kind) == (None, "counter_claim")


def test_no_member_is_said_to_provide_or_host_where_nobody_published_it(worker):
    members = Membership.objects.filter(partnership__from_public_record=True)
    assert set(members.values_list("role", "host")) == {("unknown", False)}


def test_a_stranger_reads_what_was_published(said):
    with scope(person_id=None, on=date(2026, 6, 15)):
        assert Partnership.objects.filter(from_public_record=True).count() == 25
        assert Membership.objects.filter(partnership__slug="tri-borough").count() == 3
        assert PublicClaim.objects.filter(partnership__slug="tri-borough").count() == 5


def test_the_act_is_sealed_on_the_register(worker):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # would raise now what would be refused on commit
    assert Event.objects.filter(stream__key="register", act__subject="reference tables").count() == 1
