"""A partnership known from what was published is kept by a council once an administrator has checked its claim."""

import datetime
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear, Quarter
from partnerships import actions as arrangement
from partnerships import changing, claiming, offering
from partnerships.models import Audience, Claiming, ClaimingAnswer, Membership, Partnership
from savings.actions import quality, returns, schemes
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting

TODAY, DAY, BEGUN = NOW.date(), datetime.date(2027, 4, 1), datetime.date(2026, 1, 5)


@pytest.fixture
def published(cast):
    return a_published_one(cast)


def a_published_one(cast):
    """One that the register knows: Northfield is named as a member, Westvale is not."""
    person = cast.people["ben"]
    with as_role("worker"), act(by=person, at=NOW, verb="founded", subject="partnership:known") as this:
        found = Partnership.objects.create(
            act=this, slug="known", name="Known Services", started_on=BEGUN, from_public_record=True, founded_by=person
        )
        Membership.objects.create(
            act=this, partnership=found, council=cast.councils["NFD"], role="unknown", starts_on=BEGUN
        )
        Audience.objects.create(act=this, partnership=found, who="public")
    return found


def claimed(cast, published, who="cleo", council="WSV"):
    with acting(cast.people[who]) as how:
        return claiming.claim(
            partnership=published, council=cast.councils[council], role="receiver", starts_on=TODAY,
            evidence="Cabinet minutes, item 4", **how,
        )  # fmt: skip


def test_an_accepted_claim_makes_a_member_and_a_ledger_of_its_members(cast, published):
    asked = claimed(cast, published)
    with acting(cast.people["ada"]) as how:
        claiming.accept(claiming=asked, reason="The minutes say so", **how)
    with acting(cast.people["cleo"]):
        joined = Membership.objects.get(partnership=published, council=cast.councils["WSV"])
        assert (joined.role, joined.starts_on) == ("receiver", TODAY)
        assert [each.who for each in published.audiences.order_by("pk")] == ["public", "members"]


def test_a_member_that_the_register_names_is_no_member_twice(cast, published):
    asked = claimed(cast, published, "ben", "NFD")
    with acting(cast.people["ada"]) as how:
        claiming.accept(claiming=asked, reason="Known", **how)
    with acting(cast.people["ben"]):
        assert Membership.objects.filter(partnership=published).count() == 1


def test_a_refused_or_withdrawn_claim_changes_nothing_and_may_be_made_again(cast, published):
    with acting(cast.people["ada"]) as how:
        claiming.refuse(claiming=claimed(cast, published), reason="No minutes", **how)
    with acting(cast.people["cleo"]) as how:
        again = claimed(cast, published)
        claiming.withdraw(claiming=again, reason="A mistake", **how)
        with pytest.raises(Refused, match="meanwhile"):
            claiming.withdraw(claiming=again, reason="Twice", **how)
        assert not Membership.objects.filter(council=cast.councils["WSV"], partnership=published).exists()


def test_one_claim_waits_and_only_a_lead_makes_it(cast, published):
    claimed(cast, published)
    with pytest.raises(Refused, match="already"):
        claimed(cast, published)
    with pytest.raises(Refused, match="Only a finance lead"):
        claimed(cast, published, "ben", "WSV")


def test_a_partnership_founded_here_is_not_claimed(cast):
    with pytest.raises(Refused, match="founded here"):
        claimed(cast, cast.partnership)


def test_only_an_administrator_checks_also_by_sql(cast, published):
    asked = claimed(cast, published)
    with acting(cast.people["cleo"]) as how, pytest.raises(Refused, match="Only an administrator"):
        claiming.accept(claiming=asked, reason="Ours", **how)
    with acting(cast.people["cleo"]) as how, pytest.raises(Error), transaction.atomic():
        with act(**how, verb="accepted a claim", subject="claim:x") as this:
            ClaimingAnswer.objects.create(
                act=this, claiming=asked, partnership=published, council=asked.council, outcome="accepted", reason="Me",
                claimed_by=asked.claimed_by, answered_by=cast.people["cleo"], answered_at=NOW,
            )  # fmt: skip


def test_nothing_is_written_there_before_a_claim(cast, published):
    with acting(cast.people["ben"]) as how, pytest.raises(Refused, match="claim it first"):
        offering.offer(
            **how, partnership=published, offering=cast.councils["NFD"], council=cast.councils["WSV"],
            role="receiver", starts_on=TODAY,
        )  # fmt: skip
    assert not Claiming.objects.filter(partnership=published).exists()


#: What Ben, whose council the published record names, would write there before any claim.
BEFORE = {
    "a scheme": lambda c, p, how: schemes.propose(
        **how, partnership=p, service=c.schemes["REV-01"].service, reference="X-01", title="X", owner="Head",
        benefit_class="cash_releasing", recurrence="recurring"),
    "a return": lambda c, p, how: returns.step(
        **how, partnership=p, council=c.councils["NFD"], quarter=Quarter(FinancialYear(2025), 4), step="submitted",
        nil_savings=True, nil_costs=True),
    "a change": lambda c, p, how: changing.propose(
        **how, partnership=p, proposing=c.councils["NFD"], kind="ending", starts_on=DAY, reason="Over"),
    "its audience": lambda c, p, how: arrangement.show_to(**how, partnership=p, who="members"),
    "an indicator": lambda c, p, how: quality.agree(
        **how, partnership=p, name="Days", unit="days", higher_is_better=False, baseline=Decimal(2),
        tolerance=Decimal(1)),
    "a business case": lambda c, p, how: arrangement.draft(
        **how, partnership=p, title="X", horizon_year=2027, lines=[
            {"council": c.councils["NFD"], "scheme_reference": "X-01", "year": 2026, "kind": "saving",
             "benefit_class": "cash_releasing", "recurrence": "recurring", "amount_pence": 100}]),
}  # fmt: skip


@pytest.mark.parametrize("what", BEFORE)
def test_round_the_pages_nothing_is_written_there_before_a_claim(cast, published, what):
    with pytest.raises((Error, Refused), match="claim it first"), transaction.atomic():
        with acting(cast.people["ben"]) as how:
            BEFORE[what](cast, published, how)


@pytest.mark.parametrize("what", BEFORE)
def test_and_after_it_the_same_is(cast, published, what):
    asked = claimed(cast, published, "ben", "NFD")
    with acting(cast.people["ada"]) as how:
        claiming.accept(claiming=asked, reason="Known", **how)
    with acting(cast.people["ben"]) as how:
        BEFORE[what](cast, published, how)


def test_without_the_trigger_it_would_be_written(cast, published):
    """The control."""
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER kept_here ON savings_scheme")
    with acting(cast.people["ben"]) as how:
        BEFORE["a scheme"](cast, published, how)
