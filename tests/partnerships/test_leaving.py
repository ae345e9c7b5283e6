"""Notice round the actions: on the terms, by the council's own lead, with the end of its membership and no other."""

import datetime

import pytest
from django.db import Error, connection, transaction

from councils.acts import act
from partnerships import leaving
from partnerships.models import LeavingCost, LeavingNotice, LeavingTerms, Membership
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting

DAY = datetime.date(2026, 10, 1)  # with three months' notice from 15 June: 15 September or later


@pytest.fixture
def on_terms(cast):
    with acting(cast.people["ben"]) as how:
        leaving.set_terms(
            partnership=cast.partnership,
            council=cast.councils["NFD"],
            notice_months=3,
            exit_terms="Own way out.",
            **how,
        )
    return cast


def notice(cast, this, code="STM", **changed):
    facts = {"leaves_on": DAY, "reason": "A service of its own", **changed}
    return LeavingNotice.objects.create(
        act=this, partnership=cast.partnership, council=cast.councils[code], given_by=this.person, given_at=this.at,
        **facts,
    )  # fmt: skip


def until(cast, this, ends_on, code="STM"):
    row = Membership.objects.current().get(partnership=cast.partnership, council=cast.councils[code])
    names = ("partnership_id", "council_id", "role", "host", "starts_on", "cost_share_bps", "gain_share_bps")
    return Membership.objects.create(act=this, replaces=row, ends_on=ends_on, **{n: getattr(row, n) for n in names})


def given(cast):
    with acting(cast.people["dev"]) as how:
        row = Membership.objects.current().get(partnership=cast.partnership, council=cast.councils["STM"])
        return leaving.give_notice(membership=row, leaves_on=DAY, reason="A service of its own", **how)


def cost(cast, this, of, **changed):
    facts = {"scheme_reference": "REV-01", "what": "exit", "year": 2026, "amount_pence": 100, **changed}
    council = facts.pop("council", "NFD")
    return LeavingCost.objects.create(
        act=this, notice=of, partnership=cast.partnership, council=cast.councils[council], **facts
    )


#: (who, what they do, the words that refuse it); `c` is the cast and `t` the act.
REFUSED = {
    "leaves without notice": ("dev", lambda c, t: until(c, t, DAY), "each of them agrees"),
    "leaves on another day": (
        "dev", lambda c, t: (notice(c, t), until(c, t, DAY + datetime.timedelta(days=1))), "each of them agrees"),
    "gives notice for another": ("ben", lambda c, t: notice(c, t), "own finance lead|row-level"),
    "an officer gives notice": ("omar", lambda c, t: notice(c, t), "own finance lead|row-level"),
    "a stranger gives notice": ("cleo", lambda c, t: notice(c, t, "WSV"), "own finance lead|row-level"),
    "leaves too early": ("dev", lambda c, t: notice(c, t, leaves_on=datetime.date(2026, 9, 14)), "as long as"),
    "says nothing": ("dev", lambda c, t: notice(c, t, reason=" "), "partnerships_leavingnotice_reason"),
    "other terms by one": (
        "dev",
        lambda c, t: LeavingTerms.objects.create(
            act=t, partnership=c.partnership, council=c.councils["STM"], starts_on=DAY, notice_months=0,
            exit_terms="None", set_by=t.person),
        "until every member agrees"),
    "a cost without a scheme": (
        "dev", lambda c, t: cost(c, t, notice(c, t), scheme_reference="NO-01"), "under a scheme"),
    "a cost of a year it is no member": (
        "dev", lambda c, t: cost(c, t, notice(c, t), council="WSV"), "borne by a member"),
    "a cost of nothing": ("dev", lambda c, t: cost(c, t, notice(c, t), amount_pence=0), "positive"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_round_the_action_it_is_refused(on_terms, what):
    who, does, words = REFUSED[what]
    with pytest.raises(Error, match=words), transaction.atomic():
        with acting(on_terms.people[who]) as how, act(**how, verb="did") as this:
            does(on_terms, this)


def test_a_notice_and_the_end_stand_together(on_terms):
    with pytest.raises(Error, match="ends the membership in the same act"), transaction.atomic():
        with acting(on_terms.people["dev"]) as how, act(**how, verb="did") as this:
            notice(on_terms, this)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS notice_ends_membership IMMEDIATE")


def test_one_notice_at_a_time_and_nothing_is_added_to_it(on_terms):
    first = given(on_terms)
    for does, words in (
        (lambda t: notice(on_terms, t), "one notice at a time"),
        (lambda t: cost(on_terms, t, first), "with_notice"),
    ):
        with pytest.raises(Error, match=words), transaction.atomic():
            with acting(on_terms.people["dev"]) as how, act(**how, verb="did") as this:
                does(this)


def test_it_is_withdrawn_before_the_day_and_not_after(on_terms):
    first = given(on_terms)
    with pytest.raises(Error, match="before the council has left"), transaction.atomic():
        late = NOW.replace(month=10, day=2)
        with acting(on_terms.people["dev"], late) as how, act(**how, verb="did") as this:
            notice(on_terms, this, withdraws=first)
    with acting(on_terms.people["dev"]) as how:
        leaving.withdraw(notice=first, reason="It stays", **how)
    with as_role("worker"):
        row = Membership.objects.current().get(partnership=on_terms.partnership, council=on_terms.councils["STM"])
        assert row.ends_on is None


def test_without_the_trigger_they_would(on_terms):
    """The control."""
    who, does, _ = REFUSED["leaves without notice"]
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER stands_by_agreement ON partnerships_membership")
    with acting(on_terms.people[who]) as how, act(**how, verb="did") as this:
        does(on_terms, this)
