"""Who ends a dispute: the side that raised it withdraws, the side of the entry upholds, neither dismisses."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from councils.acts import act
from councils.models import Person, Role
from councils.refusals import Refused
from partnerships.models import Membership
from savings.actions import disputes
from savings.models import Dispute, DisputeOutcome
from tests.adversary.test_one_person import give
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry

JOINED = datetime.date(2021, 4, 1)


@pytest.fixture
def raised(cast):
    """Omar disputes Asha's entry for Southmere."""
    entry = an_entry(cast)
    with acting(cast.people["omar"]) as how:
        return disputes.dispute(entry=entry, council=cast.councils["STM"], reason="Ours", **how)


@pytest.fixture
def three(cast):
    """Westvale is a member too, so that Cleo leads a council of neither side."""
    with as_role("worker"), act(by=Person.objects.get(system=True), at=NOW, verb="joined") as this:
        Membership.objects.create(
            act=this, partnership=cast.partnership, council=cast.councils["WSV"], role="receiver", starts_on=JOINED
        )


def end(cast, dispute, who, outcome):
    with acting(cast.people[who]) as how:
        found = Dispute.objects.select_related("entry", "raised_by").get(pk=dispute.pk)
        return disputes.end_dispute(dispute=found, outcome=outcome, reason="Looked at", **how)


def written_past_the_action(cast, dispute, who, outcome, council):
    """The row itself, as the application and then as the worker, whom no policy holds."""
    for role in ("app", "worker"):
        with as_role(role), acting(cast.people[who]) as how, transaction.atomic():
            with act(**how, verb="ended") as this:
                DisputeOutcome.objects.create(
                    act=this, dispute=dispute, entry_id=dispute.entry_id, partnership=cast.partnership,
                    council=cast.councils[council], outcome=outcome, reason="x", decided_by=cast.people[who],
                    decided_at=NOW,
                )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "outcome"),
    [("omar", "withdrawn"), ("dev", "withdrawn"), ("ben", "upheld"), ("farah", "dismissed"), ("cleo", "dismissed")],
)
def test_those_who_may(cast, three, raised, who, outcome):
    assert end(cast, raised, who, outcome).outcome == outcome


@pytest.mark.parametrize(
    ("who", "outcome", "council"),
    [
        ("ben", "dismissed", "NFD"), ("dev", "dismissed", "STM"), ("omar", "dismissed", "STM"),
        ("asha", "dismissed", "NFD"), ("ben", "withdrawn", "STM"), ("ben", "withdrawn", "NFD"),
        ("dev", "upheld", "STM"), ("dev", "upheld", "NFD"), ("asha", "upheld", "NFD"), ("cleo", "upheld", "WSV"),
        ("farah", "upheld", "NFD"), ("farah", "withdrawn", "STM"), ("erin", "dismissed", "NFD"),
        ("gwen", "dismissed", "NFD"), ("cleo", "withdrawn", "STM"),
    ],
)  # fmt: skip
def test_those_who_may_not_by_action_nor_round_it(cast, three, raised, who, outcome, council):
    with pytest.raises(Refused):
        end(cast, raised, who, outcome)
    for role in ("app", "worker"):
        with as_role(role), acting(cast.people[who]) as how, pytest.raises(DatabaseError), transaction.atomic():
            with act(**how, verb="ended") as this:
                DisputeOutcome.objects.create(
                    act=this, dispute=raised, entry_id=raised.entry_id, partnership=cast.partnership,
                    council=cast.councils[council], outcome=outcome, reason="x", decided_by=cast.people[who],
                    decided_at=NOW,
                )  # fmt: skip


@pytest.mark.parametrize(("who", "council"), [("cleo", "NFD"), ("cleo", "STM"), ("farah", "STM")])
def test_who_is_on_a_side_as_well_dismisses_nothing(cast, three, raised, who, council):
    give(cast.people[who], cast.councils[council], Role.What.FINANCE_OFFICER)
    with pytest.raises(Refused, match="neither side"):
        end(cast, raised, who, "dismissed")
    with pytest.raises(DatabaseError):
        written_past_the_action(cast, raised, who, "dismissed", "WSV" if who == "cleo" else "NFD")


def test_a_lead_elsewhere_dismisses_nothing(cast, raised):
    with as_role("worker"), acting(cast.people["cleo"]) as how, pytest.raises(DatabaseError, match="by neither"):
        with transaction.atomic(), act(**how, verb="ended") as this:
            DisputeOutcome.objects.create(
                act=this, dispute=raised, entry_id=raised.entry_id, partnership=cast.partnership,
                council=cast.councils["WSV"], outcome="dismissed", reason="x", decided_by=cast.people["cleo"],
                decided_at=NOW,
            )  # fmt: skip


def test_what_the_product_raised_the_entrys_own_lead_may_dismiss_unless_they_recorded_it(cast):
    def by_the_product(entry):
        with as_role("worker"):
            system = Person.objects.get(system=True)
            with act(by=system, at=NOW, verb="disputed") as this:
                return Dispute.objects.create(
                    act=this, entry=entry, partnership=cast.partnership, council=cast.councils["NFD"],
                    reason="Worse than tolerance", raised_by=system, raised_at=NOW,
                )  # fmt: skip

    assert end(cast, by_the_product(an_entry(cast)), "ben", "dismissed")
    own = by_the_product(an_entry(cast, by="ben", scheme="ICT-01"))
    for outcome in ("dismissed", "withdrawn"):
        with pytest.raises(Refused):
            end(cast, own, "ben", outcome)


@pytest.mark.parametrize("role", ["app", "worker"])
def test_a_council_does_not_dispute_its_own_amount_and_a_stranger_none(cast, role):
    entry = an_entry(cast)
    for who, council in (("asha", "NFD"), ("cleo", "WSV")):
        with as_role(role), acting(cast.people[who]) as how, pytest.raises(DatabaseError), transaction.atomic():
            with act(**how, verb="disputed") as this:
                Dispute.objects.create(
                    act=this, entry=entry, partnership=cast.partnership, council=cast.councils[council], reason="x",
                    raised_by=cast.people[who], raised_at=NOW,
                )  # fmt: skip


def test_with_the_rule_dropped_the_tests_above_would_notice(cast, raised):
    """The control: without the trigger the database lets Northford's lead dismiss what Southmere disputes."""
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE savings_disputeoutcome DISABLE TRIGGER dispute_outcome_check")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with acting(cast.people["ben"]) as how, act(**how, verb="ended") as this:
        DisputeOutcome.objects.create(
            act=this, dispute=raised, entry_id=raised.entry_id, partnership=cast.partnership,
            council=cast.councils["NFD"], outcome="dismissed", reason="x", decided_by=cast.people["ben"],
            decided_at=NOW,
        )  # fmt: skip
