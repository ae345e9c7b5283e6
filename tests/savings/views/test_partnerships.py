"""The partnership page: members see all of it, whoever it is shown to sees totals, strangers are told nothing."""

import datetime

import pytest
from django.urls import reverse

from councils.acts import act
from councils.models import Person
from partnerships.models import Audience, Membership, Partnership, PublicClaim
from savings.actions import disputes
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, acting, an_entry, show_to
from tests.savings.reporting.ledger import roll_up, southmere_claims, southmere_pays

PAGE, LIST = "/partnerships/north-south/", "/partnerships/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def ledger(cast):
    a_proven_entry(cast, year=2024, amount_pence=3_000_00, code="R1")
    southmere_claims(cast, amount_pence=70_00)
    southmere_pays(cast, 500_00)
    roll_up()
    return cast


@pytest.fixture
def published(cast):
    """A partnership known from what was published, two of whose claims contradict each other."""
    with as_role("worker"):
        system = Person.objects.get(system=True)
        with act(by=system, at=NOW, verb="loaded", subject="published", register=True) as this:
            found = Partnership.objects.create(
                act=this, slug="two-rivers", name="Two Rivers", summary="Two councils shared staff.",
                started_on=datetime.date(2010, 10, 1), started_precision="month", from_public_record=True,
                founded_by=system,
            )  # fmt: skip
            Audience.objects.create(act=this, partnership=found, who=Audience.Who.PUBLIC)
            Membership.objects.create(
                act=this, partnership=found, council=cast.councils["WSV"], role=Membership.Role.UNKNOWN,
                starts_on=datetime.date(2016, 1, 1), starts_precision="year",
            )  # fmt: skip
            for position, (kind, claimant, pence) in enumerate(
                [("reported_achieved", "Westvale", 43_000_000_00), ("counter_claim", "Eastvale", 200_000_00)], start=1
            ):
                PublicClaim.objects.create(
                    act=this, partnership=found, position=position, kind=kind, claimant=claimant, amount_pence=pence,
                    basis="annual", period="2017", net_or_gross="unstated", statement="as told",
                    source_title="A paper", source_url="https://example.org/paper", checked="excerpt read",
                )  # fmt: skip
    return found


def test_strangers_are_told_nothing(ledger, sign_in):
    for reader in (None, "cleo", "ada"):
        assert sign_in(reader).get(PAGE).status_code == 404
        assert "North and South" not in sign_in(reader).get(LIST).text


def test_members_see_all_of_it(ledger, sign_in):
    entry = an_entry(ledger, month=3)
    with acting(ledger.people["dev"]) as how:
        disputes.dispute(entry=entry, council=ledger.councils["STM"], reason="That was ours", **how)
    page = sign_in("dev").get(PAGE).text
    assert "sharing has saved North and South Revenues £3,000 net since 2024" in page
    assert "Counting what is not yet signed off, 1 of 2 members of North and South Revenues is better off." in page
    assert "Who gains and who loses, counting what is not yet signed off" in page
    assert "Southmere Council is £430 worse off." in page
    assert "That was ours" in page
    assert "REV-01 One revenues manager in place of two" in page
    assert "Draft the business case" in page
    assert "/entries/?partnership=north-south" in page


def test_a_reader_is_offered_no_recording(ledger, sign_in):
    page = sign_in("erin").get(PAGE).text
    assert "Record a saving" not in page
    assert "Draft the business case" not in page


@pytest.mark.parametrize(("who", "reader"), [("public", None), ("sector", "cleo")])
def test_whoever_it_is_shown_to_sees_totals_and_no_row(ledger, sign_in, who, reader):
    show_to(ledger, who)
    roll_up()
    page = sign_in(reader).get(PAGE)
    assert "sharing has saved North and South Revenues" in page.text
    for hidden in ("/entries/?", "REV-01", "Business cases", "Draft"):
        assert hidden not in page.text


def test_what_was_said_in_public_stands_beside_the_ledger(published, client):
    page = client.get(published.get_absolute_url()).text
    assert "<strong>None of this is in the ledger.</strong> No member of Two Rivers has made an entry here" in page
    assert "They are £42.8m apart" in page
    assert '<a class="govuk-link" href="https://example.org/paper" rel="noreferrer external">A paper</a>' in page
    assert "October 2010" in page
    assert "since 2016" in page
    assert "net proven" not in page


def test_the_list_narrows_by_its_address(ledger, published, sign_in):
    client = sign_in("erin")
    both = client.get(LIST).text
    assert "North and South Revenues" in both
    assert "2 published figures" in both
    assert "£3,000 net proven" in both
    for query in ("held=published", "search=westvale", "state=goes-on&search=rivers"):
        page = client.get(f"{LIST}?{query}").text
        assert "Two Rivers" in page
        assert "North and South Revenues" not in page
    assert "Two Rivers" not in client.get(f"{LIST}?service=ict").text


def test_pages_cost_as_many_queries_whatever_the_ledger_holds(ledger, sign_in, django_assert_max_num_queries):
    client = sign_in("asha")
    client.get(PAGE)
    with django_assert_max_num_queries(36):  # of which 12 are session, scope, savepoints and rights
        client.get(PAGE)
    with django_assert_max_num_queries(19):
        client.get(LIST)


def test_the_names_others_link_to():
    assert reverse("partnerships:partnership", args=["lgss"]) == "/partnerships/lgss/"
    assert reverse("partnerships:business-case", args=["lgss", 2]) == "/partnerships/lgss/business-cases/2/"
