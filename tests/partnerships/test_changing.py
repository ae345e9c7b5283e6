"""What members agreed cannot be changed round the actions, by anybody's own word alone; and how shares are measured."""

import datetime
from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from councils.acts import act
from councils.refusals import Refused
from partnerships import changing
from partnerships.models import Audience, Change, ChangeAnswer, ChangedMember, Ending, Membership, Vehicle
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, agreed_by_all

DAY = datetime.date(2026, 10, 1)
TERMS = {"role": "both", "host": False, "cost_share_bps": 5_000, "gain_share_bps": None}


def row(cast, code):
    with as_role("worker"):
        return Membership.objects.current().get(partnership=cast.partnership, council=cast.councils[code])


def same(held, **changed):
    names = ("partnership_id", "council_id", "role", "host", "starts_on", "ends_on", "cost_share_bps", "gain_share_bps")
    return {name: getattr(held, name) for name in names} | changed


def replaced(this, held, **changed):
    return Membership.objects.create(act=this, replaces=held, **same(held, **changed))


def goes_on(this, held, **changed):
    replaced(this, held, ends_on=DAY)
    Membership.objects.create(act=this, **same(held, starts_on=DAY, **changed))


#: What Ben, Northford's lead, would do to the others by himself.
ALONE = {
    "end another's membership": lambda c, this: replaced(this, row(c, "STM"), ends_on=DAY),
    "take back the end of another's": lambda c, this: replaced(this, row(c, "STM"), ends_on=None),
    "change another's share": lambda c, this: replaced(this, row(c, "STM"), cost_share_bps=9_000),
    "change his own share": lambda c, this: replaced(this, row(c, "NFD"), cost_share_bps=1_000),
    "stop hosting": lambda c, this: replaced(this, row(c, "NFD"), host=False),
    "begin earlier": lambda c, this: replaced(this, row(c, "NFD"), starts_on=datetime.date(2021, 4, 2)),
    "go on with other shares": lambda c, this: goes_on(this, row(c, "NFD"), cost_share_bps=1_000),
    "end the partnership": lambda c, this: Ending.objects.create(
        act=this, partnership=c.partnership, ended_on=DAY, why="No"),
    "change the vehicle": lambda c, this: Vehicle.objects.create(
        act=this, partnership=c.partnership, form="teckal", starts_on=DAY),
    "show it to everybody": lambda c, this: Audience.objects.create(act=this, partnership=c.partnership, who="public"),
    "show it to the sector": lambda c, this: Audience.objects.create(act=this, partnership=c.partnership, who="sector"),
}  # fmt: skip


@pytest.mark.parametrize("what", ALONE)
def test_nobody_does_alone(cast, what):
    with pytest.raises(Error), transaction.atomic(), acting(cast.people["ben"]) as how, act(**how, verb="did") as this:
        ALONE[what](cast, this)


def check_now(constraint):
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {constraint} IMMEDIATE")


@pytest.mark.parametrize("what", ALONE)
def test_without_the_triggers_he_could(cast, what):
    """The control: the tests above fail without the defence."""
    with as_role("owner"), connection.cursor() as cursor:
        for trigger in ("stands_by_agreement", "joins_by_itself"):
            cursor.execute(f"DROP TRIGGER {trigger} ON partnerships_membership")
        for table in ("vehicle", "audience", "ending"):
            cursor.execute(f"DROP TRIGGER arranged_by_agreement ON partnerships_{table}")
    with acting(cast.people["ben"]) as how, act(**how, verb="did") as this:
        ALONE[what](cast, this)


def proposal(cast, this, **changed):
    facts = {"kind": "ending", "starts_on": DAY, "reason": "It is over", "proposing": cast.councils["NFD"], **changed}
    return Change.objects.create(
        act=this, partnership=cast.partnership, proposed_by=this.person, proposed_at=this.at, **facts
    )


def answer(cast, this, change, code, **changed):
    facts = {"outcome": "agreed", "completes": False, **changed}
    return ChangeAnswer.objects.create(
        act=this, change=change, partnership=cast.partnership, council=cast.councils[code], answered_by=this.person,
        answered_at=this.at, **facts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        ("STM", {}, "own finance lead|row-level security"),
        ("NFD", {"completes": True}, "when every member has agreed"),
        ("STM", {"outcome": "withdrawn", "reason": "No"}, "own finance lead|row-level security"),
    ],
)
def test_nobody_answers_for_another_or_says_that_all_agreed(cast, code, said, words):
    with acting(cast.people["ben"]) as how, act(**how, verb="did") as this:
        change = proposal(cast, this)
    with pytest.raises(Error, match=words), transaction.atomic():
        with acting(cast.people["ben"]) as how, act(**how, verb="did") as this:
            answer(cast, this, change, code, **said)


@pytest.mark.parametrize("name", ["asha", "erin", "cleo", "ada"])
def test_only_a_members_lead_proposes(cast, name):
    with pytest.raises(Error), transaction.atomic(), acting(cast.people[name]) as how, act(**how, verb="did") as this:
        proposal(cast, this)


def test_nobody_adds_to_a_change_afterwards(cast):
    with acting(cast.people["ben"]) as how:
        change = changing.propose(
            partnership=cast.partnership,
            proposing=cast.councils["NFD"],
            kind="ending",
            starts_on=DAY,
            reason="So",
            **how,
        )
    with pytest.raises(IntegrityError, match="whole"), transaction.atomic():
        with acting(cast.people["ben"]) as how, act(**how, verb="did") as this:
            ChangedMember.objects.create(
                act=this, change=change, partnership=cast.partnership, council=cast.councils["STM"], **TERMS
            )


def named(cast, *codes, **changed):
    return [{"council": cast.councils[code], **TERMS, **changed} for code in codes]


@pytest.mark.parametrize(
    ("members", "words"),
    [(("NFD",), "names every member"), (("NFD", "STM"), "come to 100%")],
)
def test_terms_are_whole(cast, members, words):
    share = {"cost_share_bps": 4_000} if len(members) == 2 else {}
    with pytest.raises(Error, match=words), transaction.atomic(), acting(cast.people["ben"]) as how:
        changing.propose(
            partnership=cast.partnership, proposing=cast.councils["NFD"], kind="terms", cost_key="fixed",
            starts_on=DAY, reason="So", members=named(cast, *members, **share), **how,
        )  # fmt: skip
        check_now("change_is_whole")


def test_what_was_agreed_is_written_and_nothing_else(cast):
    """The last to agree, round the action: other rows than those agreed are refused, and no rows at all as well."""
    with acting(cast.people["ben"]) as how:
        change = changing.propose(
            partnership=cast.partnership, proposing=cast.councils["NFD"], kind="terms", cost_key="fixed",
            starts_on=DAY, reason="So", members=named(cast, "NFD", "STM"), **how,
        )  # fmt: skip
    for greedy in (True, False):
        with pytest.raises(Error, match="agree|offered"), transaction.atomic():
            with acting(cast.people["dev"]) as how, act(**how, verb="did") as this:
                answer(cast, this, change, "STM", completes=True)
                if greedy:
                    goes_on(this, row(cast, "STM"), cost_share_bps=100)
                check_now("change_comes_about")


def test_a_change_from_the_first_day_of_a_row_takes_its_place(cast):
    agreed_by_all(cast, kind="terms", cost_key="fixed", starts_on=DAY, members=named(cast, "NFD", "STM"))
    again = named(cast, "NFD", "STM", role="receiver")
    agreed_by_all(cast, kind="terms", cost_key="fixed", starts_on=DAY, members=again)
    with as_role("worker"):
        rows = Membership.objects.current().filter(partnership=cast.partnership).order_by("council_id", "starts_on")
        assert [(each.starts_on, each.role) for each in rows] == [
            (datetime.date(2021, 4, 1), "provider"), (DAY, "receiver"),
            (datetime.date(2021, 4, 1), "receiver"), (DAY, "receiver"),
        ]  # fmt: skip


def test_earlier_than_terms_already_agreed_is_refused(cast):
    agreed_by_all(cast, kind="terms", cost_key="fixed", starts_on=DAY, members=named(cast, "NFD", "STM"))
    with pytest.raises(Refused, match="agreed already"):
        agreed_by_all(cast, kind="terms", cost_key="fixed", starts_on=NOW.date(), members=named(cast, "NFD", "STM"))


QUANTITIES = st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=12).filter(sum)


@given(QUANTITIES)
def test_measured_shares_come_to_the_whole_and_are_next_to_exact(quantities):
    shares = changing.shared_by(quantities)
    assert sum(shares) == 10_000
    for share, quantity in zip(shares, quantities, strict=True):
        assert abs(share - quantity * 10_000 / sum(quantities)) < 1


def test_measured_shares_by_hand():
    assert changing.shared_by([Decimal(200_000), Decimal(100_001)]) == [6_667, 3_333]
    assert changing.shared_by([Decimal(1), Decimal(1), Decimal(1)]) == [3_334, 3_333, 3_333]
    with pytest.raises(ValueError, match="nothing"):
        changing.shared_by([Decimal(0)])
