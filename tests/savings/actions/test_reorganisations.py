"""Planning what becomes of councils: what two people may do, what comes of it, what PostgreSQL refuses by itself."""

import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from councils import reorganisations as reading
from councils.acts import act
from councils.models import (
    Council,
    PlannedPassing,
    Reorganisation,
    ReorganisationStep,
    ReorganisationVersion,
    Role,
    Succession,
)
from councils.refusals import Refused
from councils.rights import rights_of
from councils.verification import verify
from partnerships.models import Membership
from savings.actions import reorganisations
from savings.models import Mark
from savings.reporting import rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry
from tests.savings.reorganising import NEW, ON_THE_DAY, VESTING, a_plan, drafted, enacted, proposed

THE_DAY_BEFORE = ON_THE_DAY - datetime.timedelta(days=1)


def members(cast, on):
    """(code, role, host, cost share) of the cast's partnership on a day."""
    with as_role("worker"):
        found = Membership.objects.on(on).filter(partnership=cast.partnership).select_related("council")
        return sorted((each.council.code, each.role, each.host, each.cost_share_bps) for each in found)


def test_a_plan_is_drafted_changed_proposed_and_enacted(cast):
    plan = drafted(cast)
    with acting(cast.people["dev"]) as how:
        assert reading.plan_of(plan).state == "draft"
        version = reorganisations.revise(reorganisation=plan, **how, **a_plan(cast, name="Another name"))
        assert (version.number, version.written_by) == (2, cast.people["dev"])
        reorganisations.propose(reorganisation=plan, **how)
        assert reading.plan_of(plan).state == "proposed"
    with acting(cast.people["ada"], ON_THE_DAY) as how:
        reorganisations.enact(reorganisation=plan, **how)
        assert reading.plan_of(plan).state == "enacted"
    new = Council.objects.get(code="SWS")
    assert (new.slug, new.started_on, new.invented) == ("south-west-shire", VESTING, True)
    passed = Succession.objects.filter(predecessor=cast.councils["STM"]).order_by("-share_bps")
    assert [(each.successor.code, each.on, each.share_bps) for each in passed] == [
        ("SWS", VESTING, 6_000), ("WSV", VESTING, 4_000)]  # fmt: skip
    assert not Council.objects.in_being(VESTING).filter(code="STM").exists()
    with as_role("worker"):
        assert verify().problems == []


def test_memberships_go_on_with_the_successors(cast):
    """Worked out by hand: 4,000 of Southmere's basis points as six to four, and Northford is as it was."""
    enacted(cast)
    assert members(cast, VESTING - datetime.timedelta(days=1)) == [
        ("NFD", "provider", True, 6_000), ("STM", "receiver", False, 4_000)]  # fmt: skip
    assert members(cast, VESTING) == [
        ("NFD", "provider", True, 6_000), ("SWS", "receiver", False, 2_400),
        ("WSV", "receiver", False, 1_600)]  # fmt: skip


def test_the_host_is_the_one_that_takes_most_and_parts_are_whole(cast):
    """A third, a third and a third and one: 6,000 is 1,999.8 + 1,999.8 + 2,000.4, so 2,000 each."""
    passings = [("NFD", "STM", 3_333), ("NFD", "WSV", 3_333), ("NFD", "SWS", 3_334)]
    enacted(cast, proposer="ben", passings=passings)
    assert members(cast, VESTING) == [
        ("STM", "both", False, 6_000), ("SWS", "provider", True, 2_000), ("WSV", "provider", False, 2_000)]  # fmt: skip


def test_a_remainder_goes_to_the_largest(cast):
    """6,000 as 3,333 to 6,667 is 1,999.8 and 4,000.2."""
    enacted(cast, proposer="ben", passings=[("NFD", "SWS", 3_333), ("NFD", "WSV", 6_667)])
    assert members(cast, VESTING) == [
        ("STM", "receiver", False, 4_000), ("SWS", "provider", False, 2_000),
        ("WSV", "provider", True, 4_000)]  # fmt: skip


def test_two_that_come_together_are_one_member_with_both_shares(cast):
    enacted(cast, passings=[("NFD", "SWS", 10_000), ("STM", "SWS", 10_000)])
    assert members(cast, VESTING) == [("SWS", "both", True, 10_000)]


def test_an_unknown_share_makes_the_sum_unknown(cast):
    with as_role("worker"), act(by=cast.people["ada"], at=NOW, verb="changed", subject="it", register=True) as this:
        known = Membership.objects.get(council=cast.councils["STM"], replaced_by=None)
        Membership.objects.create(
            act=this, partnership=cast.partnership, council=known.council, role="receiver", starts_on=known.starts_on,
            replaces=known,
        )  # fmt: skip
    enacted(cast, passings=[("NFD", "SWS", 10_000), ("STM", "SWS", 10_000)])
    assert members(cast, VESTING) == [("SWS", "both", True, None)]


def change_from(cast, day, code, share, *, until=None):
    """As a change that all agreed to is written: what was ends on the day, and a new membership begins."""
    with as_role("worker"), act(by=cast.people["ada"], at=NOW, verb="changed", subject="it", register=True) as this:
        known = Membership.objects.get(council=cast.councils[code], partnership=cast.partnership, replaced_by=None)
        same = {"partnership": cast.partnership, "council": known.council, "role": known.role, "host": known.host}
        Membership.objects.create(
            act=this,
            starts_on=known.starts_on,
            ends_on=day,
            cost_share_bps=known.cost_share_bps,
            replaces=known,
            **same,
        )
        if share is not None:
            Membership.objects.create(act=this, starts_on=day, ends_on=until, cost_share_bps=share, **same)


@pytest.mark.parametrize("later", [0, 92])
def test_a_change_of_shares_that_was_to_come_comes_to_the_successors(cast, later):
    """Southmere's share was to rise from 40% to 50% on the vesting day, or some time after it."""
    day = VESTING + datetime.timedelta(days=later)
    change_from(cast, day, "STM", 5_000)
    enacted(cast)
    if later:
        assert [each for each in members(cast, VESTING) if each[0] != "NFD"] == [
            ("SWS", "receiver", False, 2_400), ("WSV", "receiver", False, 1_600)]  # fmt: skip
    after = [each for each in members(cast, day + datetime.timedelta(days=1)) if each[0] != "NFD"]
    assert after == [("SWS", "receiver", False, 3_000), ("WSV", "receiver", False, 2_000)]
    assert ("STM", "receiver", False, 0) in members(cast, day), "a day of no share, because nothing is taken back"


def test_a_change_to_come_of_who_takes_over_is_kept(cast):
    day = VESTING + datetime.timedelta(days=30)
    change_from(cast, day, "NFD", 5_000)
    enacted(cast, passings=[("STM", "NFD", 10_000)], councils=[])
    assert members(cast, VESTING) == [("NFD", "both", True, 10_000)]
    assert members(cast, day) == [("NFD", "both", True, 9_000)]
    with as_role("worker"):
        assert Membership.objects.filter(council=cast.councils["NFD"], replaced_by=None).count() == 3


def test_who_was_to_leave_leaves_for_the_successors_too(cast):
    leaves = VESTING + datetime.timedelta(days=60)
    change_from(cast, leaves, "STM", None)
    enacted(cast)
    assert len(members(cast, leaves - datetime.timedelta(days=1))) == 3
    assert members(cast, leaves) == [("NFD", "provider", True, 6_000)]


def test_who_had_left_before_brings_nothing(cast):
    change_from(cast, VESTING, "STM", None)
    enacted(cast)
    assert members(cast, VESTING) == [("NFD", "provider", True, 6_000)]


def test_rights_pass_on_the_day_and_figures_are_worked_out_anew(cast):
    an_entry(cast)
    with as_role("worker"):
        rollups.drain()
        assert not Mark.objects.exists()
    enacted(cast)
    with as_role("worker"):
        assert rights_of(cast.people["dev"].pk, on=VESTING).councils() == set()
        assert cast.councils["STM"].pk in rights_of(cast.people["cleo"].pk, on=VESTING).councils(Role.What.FINANCE_LEAD)
        assert Mark.objects.filter(partnership=cast.partnership).exists()


# Who --------------------------------------------------------------------------------------------------------------


def test_nobody_enacts_their_own_proposal(cast):
    plan = proposed(cast, by="ada")
    with acting(cast.people["ada"], ON_THE_DAY) as how, pytest.raises(Refused, match="somebody else"):
        reorganisations.enact(reorganisation=plan, **how)


def test_one_of_the_two_is_an_administrator(cast):
    plan = proposed(cast, passings=[("STM", "SWS", 10_000), ("NFD", "SWS", 10_000)])
    with acting(cast.people["ben"], ON_THE_DAY) as how, pytest.raises(Refused, match="administrator"):
        reorganisations.enact(reorganisation=plan, **how)


@pytest.mark.parametrize("who", ["omar", "erin", "cleo", "ben"])
def test_who_neither_administers_nor_leads_a_council_that_passes_moves_nothing(cast, who):
    """Cleo leads Westvale, which only takes over; Ben leads a fellow member; Omar records for Southmere."""
    plan = proposed(cast)
    with acting(cast.people[who], ON_THE_DAY) as how:
        for action in (reorganisations.propose, reorganisations.enact):
            with pytest.raises(Refused, match="Only an administrator|proposed already"):
                action(reorganisation=plan, **how)
        with pytest.raises(Refused, match="Only an administrator"):
            reorganisations.withdraw(reorganisation=plan, reason="No", **how)
        with pytest.raises(Refused, match="Only an administrator"):
            reorganisations.draft(**how, **a_plan(cast))


def test_the_day_before_is_too_early(cast):
    plan = proposed(cast)
    with acting(cast.people["ada"], THE_DAY_BEFORE) as how, pytest.raises(Refused, match="1 October 2026 or later"):
        reorganisations.enact(reorganisation=plan, **how)


def test_a_plan_is_enacted_once(cast):
    plan = enacted(cast)
    with acting(cast.people["ada"], ON_THE_DAY) as how:
        for again in (reorganisations.enact, reorganisations.propose):
            with pytest.raises(Refused, match="the end of it"):
                again(reorganisation=plan, **how)
        with pytest.raises(Refused, match="the end of it"):
            reorganisations.revise(reorganisation=plan, **how, **a_plan(cast))


def test_what_was_changed_is_proposed_anew(cast):
    plan = proposed(cast)
    with acting(cast.people["dev"]) as how:
        reorganisations.revise(reorganisation=plan, **how, **a_plan(cast))
    with acting(cast.people["ada"], ON_THE_DAY) as how, pytest.raises(Refused, match="not proposed as it now stands"):
        reorganisations.enact(reorganisation=plan, **how)


def test_two_who_write_at_once_do_not_overwrite_each_other(cast):
    plan = drafted(cast)
    with acting(cast.people["dev"]) as how:
        reorganisations.revise(reorganisation=plan, seen=1, **how, **a_plan(cast))
        with pytest.raises(Refused, match="Somebody changed"):
            reorganisations.revise(reorganisation=plan, seen=1, **how, **a_plan(cast))
        with pytest.raises(Refused, match="since you read it"):
            reorganisations.propose(reorganisation=plan, version=1, **how)


def test_a_withdrawn_plan_is_at_an_end(cast):
    plan = proposed(cast)
    with acting(cast.people["dev"]) as how:
        with pytest.raises(Refused, match="Say why"):
            reorganisations.withdraw(reorganisation=plan, reason=" ", **how)
        reorganisations.withdraw(reorganisation=plan, reason="The order was not made", **how)
        assert reading.plan_of(plan).state == "withdrawn"
    with acting(cast.people["ada"], ON_THE_DAY) as how, pytest.raises(Refused, match="the end of it"):
        reorganisations.enact(reorganisation=plan, **how)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"passings": [("STM", "SWS", 6_000), ("STM", "WSV", 3_999)]}, "come to 99.99%"),
        ({"passings": [("STM", "WSV", 10_000)]}, "Nothing passes to South West Shire"),
        ({"councils": [NEW | {"code": "NFD"}], "passings": [("STM", "WSV", 10_000)]}, "in the register already"),
        ({"councils": [NEW | {"name": "Northford"}]}, "in the register already"),
        ({"passings": [("STM", "SWS", 10_000), ("NFD", "STM", 10_000)]}, "not there on 1 October 2026"),
        ({"vesting_on": datetime.date(2009, 4, 1)}, "does not exist before"),
    ],
)
def test_what_is_lacking_is_said_and_nothing_is_proposed(cast, changed, words):
    plan = drafted(cast, **changed)
    with acting(cast.people["ada"]) as how, pytest.raises(Refused, match=words):
        reorganisations.propose(reorganisation=plan, **how)


def test_of_two_plans_for_one_council_the_second_has_nothing_left(cast):
    second = proposed(cast, councils=[NEW | {"code": "OTH", "name": "Other Shire"}], passings=[("STM", "OTH", 10_000)])
    enacted(cast)
    with acting(cast.people["ada"], ON_THE_DAY) as how, pytest.raises(Refused, match="ends on 1 October 2026 already"):
        reorganisations.enact(reorganisation=second, **how)


# Who sees ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "draft", "later"),
    [("ada", 1, 1), ("dev", 1, 1), ("omar", 1, 1), ("cleo", 1, 1), ("ben", 0, 1), ("gwen", 0, 1)],
)
def test_a_draft_is_for_those_it_names_and_a_proposal_for_their_partners_too(cast, who, draft, later):
    """Cleo's Westvale would take over; Ben's Northford shares a partnership with Southmere."""
    plan = drafted(cast)
    with acting(cast.people[who]):
        assert (Reorganisation.objects.count(), ReorganisationVersion.objects.count()) == (draft, draft)
        assert PlannedPassing.objects.count() == 2 * draft
    with acting(cast.people["dev"]) as how:
        reorganisations.propose(reorganisation=plan, **how)
    with acting(cast.people[who]):
        assert (Reorganisation.objects.count(), ReorganisationStep.objects.count()) == (later, later)
        assert len(reading.plans()) == later


def test_a_plan_for_others_is_not_seen(cast):
    proposed(cast, by="ada", passings=[("WSV", "SWS", 10_000)])
    for who in ("ben", "dev", "omar"):
        with acting(cast.people[who]):
            assert not Reorganisation.objects.exists()
            assert not ReorganisationStep.objects.exists()


# By raw SQL -------------------------------------------------------------------------------------------------------


def step_by(cast, who, plan, step, at=ON_THE_DAY, **fields):
    """A step written round the action, as the application's role with the person's scope."""
    with acting(cast.people[who], at), transaction.atomic(), act(by=cast.people[who], at=at, verb="tried") as this:
        latest = ReorganisationVersion.objects.filter(reorganisation=plan).latest("number")
        fields = {"version": latest, "stepped_by": cast.people[who], "stepped_at": at} | fields
        return ReorganisationStep.objects.create(act=this, reorganisation=plan, step=step, **fields)


def proposal_of(cast, plan):
    with as_role("worker"):
        return ReorganisationStep.objects.select_related("version").filter(reorganisation=plan).latest("pk")


@pytest.mark.parametrize(
    ("who", "at", "copied", "words"),
    [
        ("dev", ON_THE_DAY, "dev", "councils_reorganisation_two_people"),
        ("dev", ON_THE_DAY, "ada", "foreign key"),
        ("ada", THE_DAY_BEFORE, "dev", "vesting day or later"),
        ("ben", ON_THE_DAY, "dev", "administrator or by the finance lead"),
        ("cleo", ON_THE_DAY, "dev", "administrator or by the finance lead"),
    ],
)
def test_the_database_holds_who_enacts_and_when(cast, who, at, copied, words):
    plan = proposed(cast)
    with pytest.raises(IntegrityError, match=words):
        step_by(cast, who, plan, "enacted", at, proposal=proposal_of(cast, plan), proposed_by=cast.people[copied])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_wants_one_administrator(cast):
    plan = proposed(cast, passings=[("STM", "SWS", 10_000), ("NFD", "SWS", 10_000)])
    with pytest.raises(IntegrityError, match="one is an administrator"):
        step_by(cast, "ben", plan, "enacted", proposal=proposal_of(cast, plan), proposed_by=cast.people["dev"])


def test_the_database_enacts_once_and_nothing_unproposed(cast):
    plan = proposed(cast)
    proposal = proposal_of(cast, plan)
    with acting(cast.people["ada"], ON_THE_DAY) as how:
        reorganisations.enact(reorganisation=plan, **how)
    with pytest.raises(IntegrityError, match="the end of it|ends_once"):
        step_by(cast, "ada", plan, "enacted", proposal=proposal, proposed_by=cast.people["dev"])
    with pytest.raises(IntegrityError, match="the end of it|proposed_once"):
        step_by(cast, "ada", plan, "proposed")


def test_the_database_enacts_no_older_version(cast):
    plan = proposed(cast)
    proposal = proposal_of(cast, plan)
    with acting(cast.people["dev"]) as how:
        reorganisations.revise(reorganisation=plan, **how, **a_plan(cast))
    with pytest.raises(IntegrityError, match="changed since"):
        step_by(
            cast, "ada", plan, "enacted", version=proposal.version, proposal=proposal, proposed_by=cast.people["dev"]
        )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"passings": [("STM", "SWS", 6_000), ("STM", "WSV", 3_999)]}, "come to 100%"),
        ({"passings": [("STM", "WSV", 10_000)]}, "comes after one"),
        ({"councils": [NEW | {"code": "NFD"}], "passings": [("STM", "NFD", 10_000)]}, "comes after one"),
        ({"councils": [NEW | {"name": "Northford"}]}, "are free"),
        ({"passings": [("STM", "SWS", 10_000), ("NFD", "STM", 10_000)]}, "stays"),
        ({"vesting_on": datetime.date(2009, 4, 1)}, "there until the vesting day"),
    ],
)
def test_the_database_holds_that_a_plan_is_whole(cast, changed, words):
    plan = drafted(cast, **changed)
    with pytest.raises(IntegrityError, match=words):
        step_by(cast, "ada", plan, "proposed")


def test_nobody_adds_to_what_was_proposed(cast):
    plan = proposed(cast)
    with as_role("worker"):
        version = ReorganisationVersion.objects.get(reorganisation=plan)
    with (
        acting(cast.people["ada"]),
        pytest.raises(IntegrityError, match="councils_plannedpassing_with_version"),
        transaction.atomic(),
    ):
        with act(by=cast.people["ada"], at=NOW, verb="tried", register=True) as this:
            PlannedPassing.objects.create(
                act=this, version=version, predecessor=cast.councils["NFD"], successor=cast.councils["WSV"],
                share_bps=10_000, share_basis="tried",
            )  # fmt: skip


@pytest.mark.parametrize("who", ["omar", "ben", "cleo"])
def test_the_database_holds_who_writes_a_version(cast, who):
    """Cleo sees the draft, and Ben and Omar record or lead elsewhere."""
    plan = drafted(cast)
    with (
        acting(cast.people[who]),
        pytest.raises(
            (IntegrityError, ProgrammingError), match="row-level security|finance lead of a council it names"
        ),
        transaction.atomic(),
        act(by=cast.people[who], at=NOW, verb="tried", register=True) as this,
    ):
        ReorganisationVersion.objects.create(
            act=this,
            reorganisation_id=plan.pk,
            number=2,
            name="Mine",
            vesting_on=VESTING,
            written_by=cast.people[who],
            written_at=NOW,
        )


def test_no_administrator_alone_lets_a_council_pass(cast):
    """Nor by the function, which only the step calls."""
    with acting(cast.people["ada"]), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        with act(by=cast.people["ada"], at=NOW, verb="tried", register=True) as this:
            Succession.objects.create(
                act=this, predecessor=cast.councils["STM"], successor=cast.councils["NFD"], on=VESTING,
                share_bps=10_000, share_basis="tried",
            )  # fmt: skip
    with acting(cast.people["ada"]), connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('reorganise(councils_reorganisationversion, bigint)', 'execute')")
        assert cursor.fetchone() == (False,)
