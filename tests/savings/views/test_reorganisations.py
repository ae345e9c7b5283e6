"""The pages of reorganisations: writing a plan, reading what it does, and moving it on, as each person would."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from councils import reorganisations as reading
from councils.models import Council, Reorganisation
from partnerships.models import Membership
from savings import foreseen
from savings.actions import reorganisations
from savings.reporting import rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, acting
from tests.savings.reorganising import ON_THE_DAY, VESTING, a_plan, drafted, proposed

LIST, NEW = "/reorganisations/", "/reorganisations/new/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def typed(**changed):
    return {
        "name": "South West reorganised", "vesting_on_0": "1", "vesting_on_1": "10", "vesting_on_2": "2026",
        "kind": "unitary", "councils": "SWS; South West Shire Council", "explanation": "",
        "passings": "Southmere; South West Shire; 60%; population\nSouthmere; WSV; 40; population", **changed,
    }  # fmt: skip


def read(client, plan):
    return client.get(plan.get_absolute_url()).content.decode()


def test_from_a_draft_to_two_new_members_without_a_script(cast, sign_in):
    lead, administrator = sign_in("dev"), sign_in("ada")
    assert lead.get(NEW).status_code == 200
    answer = lead.post(NEW, typed(), follow=True)
    said = answer.content.decode()
    assert "Nothing comes of it until" in said
    assert "60.00%" in said
    assert "1 October 2026" in said
    with as_role("worker"):
        plan = Reorganisation.objects.get()
    lead.post(f"{plan.get_absolute_url()}propose/", {"version": "1"})
    said = read(administrator, plan)
    assert "Proposed" in said
    assert "by somebody other than Dev Patel" in said
    assert "Enact version" not in said
    with time_machine.travel(ON_THE_DAY, tick=False):
        administrator = sign_in("ada")  # half a day later nobody is signed in any more
        assert "Enact version 1" not in read(sign_in("dev"), plan)
        assert "Enact version 1" in read(administrator, plan)
        said = administrator.post(f"{plan.get_absolute_url()}enact/", {"version": "1"}, follow=True).content.decode()
    assert "stand in the register" in said
    with as_role("worker"):
        members = (
            Membership.objects.on(VESTING).values_list("council__code", "cost_share_bps").order_by("council__code")
        )
        assert list(members) == [("NFD", 6_000), ("SWS", 2_400), ("WSV", 1_600)]


def test_a_refusal_stands_on_the_page_and_nothing_is_lost(cast, sign_in):
    answer = sign_in("dev").post(
        NEW, typed(passings="Nowhere; South West Shire\nSouthmere; Erewhon\nSouthmere; WSV; 140%")
    )
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 1: “Nowhere” is no council" in said
    assert "Line 2: “Erewhon” is neither" in said
    assert "Line 3: a share is more than nought" in said
    assert "Southmere; Erewhon" in said


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"councils": "South West Shire Council"}, "a code, a semicolon and a name"),
        ({"councils": "Ø!; South West Shire Council"}, "2 to 20 letters"),
        ({"passings": "Northford; Westvale"}, "Only an administrator or the finance lead"),
        ({"passings": "Southmere; Westvale\nSouthmere; WSV"}, "passes to another once"),
        ({"councils": "A1; One Council\nA1; Two Council"}, "the same code"),
    ],
)
def test_what_is_wrong_is_said(cast, sign_in, wrong, words):
    answer = sign_in("dev").post(NEW, typed(**wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_changing_writes_the_next_version_and_shows_what_stood_there(cast, sign_in):
    plan = drafted(cast)
    page = f"{plan.get_absolute_url()}change/"
    said = sign_in("dev").get(page).content.decode()
    assert "Southmere Council; South West Shire; 60.00%; by agreement" in said
    sign_in("dev").post(page, typed(name="Changed", seen="1"))
    assert "Changed" in read(sign_in("ada"), plan)
    assert "version 2" in read(sign_in("ada"), plan)
    late = sign_in("ada").post(page, typed(name="Too late", seen="1"))
    assert "Somebody changed this plan while you were writing" in late.content.decode()


def test_what_is_lacking_is_listed_and_there_is_no_button(cast, sign_in):
    plan = drafted(cast, passings=[("STM", "SWS", 6_000)])
    said = read(sign_in("dev"), plan)
    assert "come to 60.00%, not to 100%" in said
    assert "Propose version" not in said


def test_withdrawing_needs_a_reason(cast, sign_in):
    plan = drafted(cast)
    answer = sign_in("dev").post(f"{plan.get_absolute_url()}withdraw/", {"reason": ""})
    assert answer.status_code == 422
    said = sign_in("dev").post(f"{plan.get_absolute_url()}withdraw/", {"reason": "No order"}, follow=True)
    assert "Withdrawn" in said.content.decode()
    assert "No order" in said.content.decode()


@pytest.mark.parametrize(("who", "status"), [("ben", 404), ("asha", 404), ("gwen", 404), ("omar", 200), ("cleo", 200)])
def test_a_draft_is_nobody_elses(cast, sign_in, who, status):
    plan = drafted(cast)
    assert sign_in(who).get(plan.get_absolute_url()).status_code == status
    listed = sign_in(who).get(LIST).content.decode()
    assert ("South West reorganised" in listed) == (status == 200)


@pytest.mark.parametrize("step", ["propose", "enact", "withdraw", "change"])
def test_whoever_sees_and_may_not_act_is_refused(cast, sign_in, step):
    plan = proposed(cast)
    for who in ("omar", "cleo", "ben"):
        sign_in(who).post(f"{plan.get_absolute_url()}{step}/", typed(version="1", reason="Mine", seen="1"))
    with acting(cast.people["ada"]):
        found = reading.plan_of(plan)
        assert (found.state, found.version.number, len(found.steps)) == ("proposed", 1, 1)


def test_strangers_are_asked_to_sign_in(cast, sign_in):
    for address in (LIST, NEW, reverse("savings:reorganisation", args=[drafted(cast).public_id])):
        assert "login" in sign_in(None).get(address).url


def test_an_officer_drafts_nothing(cast, sign_in):
    assert sign_in("omar").get(NEW).status_code == 403
    assert "Draft a reorganisation" not in sign_in("omar").get(LIST).content.decode()


# What it does -----------------------------------------------------------------------------------------------------


def test_an_administrator_reads_names_and_members_and_no_figure(cast, sign_in):
    a_proven_entry(cast)
    with as_role("worker"):
        rollups.drain()
    plan = drafted(cast)
    said = read(sign_in("ada"), plan)
    assert "North and South Revenues" in said
    assert "Members until then: Northford, Southmere" in said
    assert "Southmere becomes South West Shire (60%) and Westvale (40%)" in said
    assert "Crosses the boundary" in said
    assert "£" not in said
    assert "/partnerships/north-south/" not in said
    said = read(sign_in("dev"), plan)
    assert "Proven so far" in said
    assert "/partnerships/north-south/" in said


def test_a_lead_elsewhere_reads_the_plan_and_no_partnership(cast, sign_in):
    assert "North and South Revenues" not in read(sign_in("cleo"), drafted(cast))


def test_one_that_would_be_left_alone_says_so(cast, sign_in):
    plan = drafted(cast, passings=[("NFD", "SWS", 10_000), ("STM", "SWS", 10_000)])
    said = read(sign_in("dev"), plan)
    assert "One member left" in said
    assert "Crosses the boundary" not in said
    assert "Northford hosts it; South West Shire would." in said


def test_what_falls_to_each_is_what_is_there(cast):
    """Southmere proved £1,000.01: six parts and four of it, to the penny; Northford keeps its £500."""
    a_proven_entry(cast, by="omar", council="STM", signer="dev", code="S1", amount_pence=1_000_01)
    a_proven_entry(cast, scheme="ICT-01", amount_pence=500_00)
    with as_role("worker"):
        rollups.drain()
    plan = drafted(cast)
    with acting(cast.people["dev"]):
        (touched,) = foreseen.touched_by(reading.plan_of(plan), administers=False)
    assert [(each.name, each.proven) for each in touched.shares] == [
        ("Northford", 500_00), ("South West Shire", 600_01), ("Westvale", 400_00)]  # fmt: skip


def test_what_was_foreseen_is_what_comes(cast):
    passings = [("STM", "SWS", 5_000), ("STM", "WSV", 5_000), ("NFD", "SWS", 10_000)]
    plan = proposed(cast, passings=passings)
    with acting(cast.people["dev"]):
        (touched,) = foreseen.touched_by(reading.plan_of(plan), administers=False)
    with acting(cast.people["ada"], ON_THE_DAY) as how:
        (named,) = foreseen.touched_by(reading.plan_of(plan), administers=True)
        reorganisations.enact(reorganisation=plan, **how)
        (after,) = foreseen.touched_by(reading.plan_of(plan), administers=True)
    with as_role("worker"):
        members = Membership.objects.on(VESTING).filter(partnership=cast.partnership)
        came = sorted(members.values_list("council__short_name", flat=True))
    assert touched.after == named.after == after.after == came


def test_looking_costs_the_same_however_much_there_is(cast, sign_in, django_assert_max_num_queries):
    for number in range(3):
        councils = [{**a_plan(cast)["councils"][0], "code": f"SW{number}", "name": f"Shire {number}"}]
        drafted(cast, councils=councils, passings=[("STM", f"SW{number}", 10_000)])
    client = sign_in("dev")
    with django_assert_max_num_queries(20):
        client.get(LIST)


def test_the_list_is_reached_from_the_menu_and_from_the_councils(cast, sign_in):
    link = 'href="/reorganisations/"'
    assert link in sign_in("ada").get("/").content.decode()
    assert link not in sign_in("dev").get("/").content.decode()
    assert link in sign_in("dev").get("/councils/").content.decode()
    assert link not in sign_in(None).get("/councils/").content.decode()


def test_the_new_council_is_on_the_register_page(cast, sign_in):
    plan = proposed(cast)
    with acting(cast.people["ada"], ON_THE_DAY) as how:
        reorganisations.enact(reorganisation=plan, **how)
    with time_machine.travel(ON_THE_DAY + datetime.timedelta(days=1), tick=False):
        assert sign_in(None).get("/councils/south-west-shire/").status_code == 200
        assert not Council.objects.filter(slug="nowhere").exists()
