"""A council joins by its own lead's word: by the actions, and by SQL that goes round them."""

import pytest
from django.db import Error, connection, transaction

from councils.acts import act
from councils.refusals import Refused
from partnerships import offering
from partnerships.models import Membership, MembershipOffer, OfferAnswer, Partnership
from tests.cast import NOW
from tests.factories import acting

TODAY = NOW.date()


@pytest.fixture
def asked(cast):
    with acting(cast.people["ben"]) as how:
        return offering.offer(
            **how, partnership=cast.partnership, offering=cast.councils["NFD"], council=cast.councils["WSV"],
            role="receiver", starts_on=TODAY, cost_share_bps=1_000, message="Join us",
        )  # fmt: skip


def test_until_it_accepts_a_council_sees_the_offer_only(cast, asked):
    with acting(cast.people["cleo"]) as how:
        assert (MembershipOffer.objects.get(), asked.offered_by.name) == (asked, "Ben Carter")
        assert not Partnership.objects.exists()
        assert not Membership.objects.exists()
        said = offering.offered_by_name(asked)
        assert said.name == "North and South Revenues"
        assert "Southmere" in said.rows[0]["value"]
        joined = offering.accept(offer=asked, **how)
        assert (joined.role, joined.cost_share_bps) == ("receiver", 1_000)
        assert Partnership.objects.get() == cast.partnership
        with pytest.raises(Refused):
            offering.decline(offer=asked, reason="Late", **how)


def test_somebody_of_no_side_sees_nothing(cast, asked):
    with acting(cast.people["ada"]):
        assert not MembershipOffer.objects.exists()
    with acting(cast.people["cleo"]) as how:
        offering.decline(offer=asked, reason="Too dear", **how)
        assert offering.offered_by_name(asked).rows == []
    with acting(cast.people["dev"]):
        assert OfferAnswer.objects.get(offer=asked).reason == "Too dear"
        assert OfferAnswer.objects.get(offer=asked).answered_by.name == "Cleo Marsh"


@pytest.mark.parametrize("who", ["ben", "asha", "dev", "gwen"])
def test_nobody_else_accepts_it(cast, asked, who):
    with acting(cast.people[who]) as how, pytest.raises(Refused, match="Westvale answers"):
        offering.accept(offer=asked, **how)


def test_one_offer_waits_and_a_withdrawn_one_is_over(cast, asked):
    with acting(cast.people["dev"]) as how:
        with pytest.raises(Refused, match="already"):
            offering.offer(**how, partnership=cast.partnership, offering=cast.councils["STM"],
                           council=cast.councils["WSV"], role="both", starts_on=TODAY)  # fmt: skip
        with pytest.raises(Refused, match="the member that made it"), transaction.atomic():
            offering.withdraw(offer=asked, speaking=cast.councils["STM"], reason="Not now", **how)
    with acting(cast.people["ben"]) as how:
        offering.withdraw(offer=asked, speaking=cast.councils["NFD"], reason="Not now", **how)
    with acting(cast.people["cleo"]) as how, pytest.raises(Refused, match="meanwhile"):
        offering.accept(offer=asked, **how)


def answer(this, asked, council, **changed):
    return OfferAnswer.objects.create(**{
        "act": this, "offer": asked, "partnership_id": asked.partnership_id, "council_id": asked.council_id,
        "speaking_id": council.pk, "outcome": "accepted", "offered_by_id": asked.offered_by_id,
        "answered_by": this.person, "answered_at": this.at, **changed,
    })  # fmt: skip


def join(this, cast, code, **terms):
    return Membership.objects.create(
        act=this, partnership=cast.partnership, council=cast.councils[code], role="receiver", starts_on=TODAY, **terms
    )


@pytest.mark.parametrize(("who", "code"), [("ben", "WSV"), ("dev", "WSV"), ("cleo", "WSV"), ("ada", "WSV")])
def test_round_the_actions_nobody_is_made_a_member(cast, asked, who, code):
    with acting(cast.people[who]) as how, pytest.raises(Error), transaction.atomic():
        with act(**how, verb="joined") as this:
            join(this, cast, code, cost_share_bps=1_000)


def test_round_the_actions_the_terms_are_those_offered(cast, asked):
    for terms in ({}, {"cost_share_bps": 100}, {"cost_share_bps": 1_000, "host": True}):
        with acting(cast.people["cleo"]) as how, pytest.raises(Error, match="on the terms"), transaction.atomic():
            with act(**how, verb="joined") as this:
                answer(this, asked, cast.councils["WSV"])
                join(this, cast, "WSV", **terms)


def test_round_the_actions_an_answer_is_ones_own(cast, asked):
    for who, changed in (
        ("ben", {}), ("dev", {}), ("asha", {}), ("cleo", {"answered_by": cast.people["ben"]}),
        ("cleo", {"offered_by": cast.people["dev"]}), ("ben", {"outcome": "declined", "reason": "No"}),
        ("cleo", {"outcome": "withdrawn", "reason": "No"}),
    ):  # fmt: skip
        if "offered_by" in changed:
            changed = {**changed, "offered_by_id": changed["offered_by"].pk}
            del changed["offered_by"]
        with acting(cast.people[who]) as how, pytest.raises(Error), transaction.atomic():
            with act(**how, verb="joined") as this:
                answer(this, asked, cast.councils["WSV"], **changed)
                connection.check_constraints()


def test_round_the_actions_accepting_makes_a_member(cast, asked):
    with acting(cast.people["cleo"]) as how, pytest.raises(Error, match="makes a member"), transaction.atomic():
        with act(**how, verb="joined") as this:
            answer(this, asked, cast.councils["WSV"])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(("who", "speaks"), [("asha", "NFD"), ("cleo", "WSV"), ("dev", "NFD")])
def test_round_the_actions_only_a_members_lead_offers(cast, who, speaks):
    with acting(cast.people[who]) as how, pytest.raises(Error), transaction.atomic():
        with act(**how, verb="offered membership") as this:
            MembershipOffer.objects.create(
                act=this, partnership=cast.partnership, offering=cast.councils[speaks],
                council=cast.councils["WSV" if speaks != "WSV" else "STM"], role="both", starts_on=TODAY,
                offered_by=this.person, offered_at=this.at,
            )  # fmt: skip
