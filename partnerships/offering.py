"""Offering membership, and answering: a council joins by its own finance lead's word. PostgreSQL holds it again."""

import json
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from councils.rights import rights_of
from councils.scope import refresh_scope

from .models import Audience, Membership, MembershipOffer, OfferAnswer, Purpose, Vehicle

SHOWN = 20
ALREADY = "That council is a member already, or has an offer that waits."


class offer_words:  # a context manager reads as a phrase: with offer_words()
    """Turns a refusal by the database into a `Refused` that a person can read."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if not isinstance(error, IntegrityError):
            return
        said = str(error)
        if "partnerships_offeranswer_offer_id" in said or "offeranswer_offer_id" in said:
            raise Refused("This offer has been answered or withdrawn meanwhile.") from error
        if "two_people" in said:
            raise Refused("You made this offer, so another finance lead of the council accepts it.") from error
        if getattr(error.__cause__, "sqlstate", "") == "23514":
            raise Refused(said.splitlines()[0].capitalize() + ".") from error


@transaction.atomic
def offer(*, partnership, offering, council, role, starts_on, by, at, host=False, cost_share_bps=None,
          gain_share_bps=None, message="", **also):  # fmt: skip
    """The member `offering` asks `council` to join on these terms; returns the `MembershipOffer`. Raises `Refused`."""
    today = timezone.localdate(at)
    if not rights_of(by.pk, on=today).may_sign_off(offering.pk):
        raise Refused(f"Only a finance lead of {offering.short_name} offers membership for it.", field="offering")
    if council.has_ended(today):
        raise Refused(f"{council.name} ended on {council.ends_on:%-d %B %Y}.", field="council")
    if starts_on < partnership.started_on:
        raise Refused("The partnership had not started by then.", field="starts_on")
    belongs = partnership.memberships.current().exclude(ends_on__lte=starts_on).filter(council=council)
    if belongs.exists() or partnership.offers.waiting().filter(council=council).exists():
        raise Refused(ALREADY, field="council")
    subject = f"council:{council.public_id}"
    with offer_words(), act(by=by, at=at, verb="offered membership", subject=subject) as this:
        return write_offer(
            this, partnership=partnership, offering=offering, council=council, role=role, host=host,
            starts_on=starts_on, cost_share_bps=cost_share_bps, gain_share_bps=gain_share_bps, message=message, **also,
        )  # fmt: skip


def write_offer(this, **terms):
    """The row of an offer within the act `this`."""
    return MembershipOffer.objects.create(act=this, offered_by=this.person, offered_at=this.at, **terms)


@transaction.atomic
def accept(*, offer, by, at):
    """The council joins on the terms of `offer`; returns its `Membership`. Raises `Refused`."""
    refuse_others(offer, by, at)
    if by.pk == offer.offered_by_id:
        raise Refused("You made this offer, so another finance lead of your council accepts it.")
    with offer_words(), act(by=by, at=at, verb="joined", subject=f"offer:{offer.public_id}") as this:
        _answer(this, offer, OfferAnswer.Outcome.ACCEPTED, offer.council_id)
        joined = Membership.objects.create(
            act=this, partnership_id=offer.partnership_id, council_id=offer.council_id, role=offer.role,
            host=offer.host, starts_on=offer.starts_on, cost_share_bps=offer.cost_share_bps,
            gain_share_bps=offer.gain_share_bps,
        )  # fmt: skip
    refresh_scope(person_id=by.pk, on=timezone.localdate(at))
    return joined


@transaction.atomic
def decline(*, offer, reason, by, at):
    """The council does not join; whoever offered reads why. Returns the `OfferAnswer`."""
    refuse_others(offer, by, at)
    if not reason.strip():
        raise Refused("Say why: the members read it.", field="reason")
    subject = f"offer:{offer.public_id}"
    with offer_words(), act(by=by, at=at, verb="declined membership", subject=subject, reason=reason) as this:
        return _answer(this, offer, OfferAnswer.Outcome.DECLINED, offer.council_id, reason)


@transaction.atomic
def withdraw(*, offer, speaking, reason, by, at):
    """The member `speaking` takes the offer back before it is answered. Returns the `OfferAnswer`."""
    if not rights_of(by.pk, on=timezone.localdate(at)).may_sign_off(speaking.pk):
        raise Refused(f"Only a finance lead of {speaking.short_name} withdraws an offer for it.")
    if not reason.strip():
        raise Refused("Say why: the council that was asked reads it.", field="reason")
    subject = f"offer:{offer.public_id}"
    with offer_words(), act(by=by, at=at, verb="withdrew an offer", subject=subject, reason=reason) as this:
        return _answer(this, offer, OfferAnswer.Outcome.WITHDRAWN, speaking.pk, reason)


def refuse_others(offer, by, at):
    if not rights_of(by.pk, on=timezone.localdate(at)).may_sign_off(offer.council_id):
        raise Refused(f"Only a finance lead of {offer.council.short_name} answers for it.")


def _answer(this, offer, outcome, speaking, reason=""):
    return OfferAnswer.objects.create(
        act=this, offer=offer, partnership_id=offer.partnership_id, council_id=offer.council_id, speaking_id=speaking,
        outcome=outcome, reason=reason, offered_by_id=offer.offered_by_id, answered_by=this.person, answered_at=this.at,
    )  # fmt: skip


def offers_of(partnership, on):
    """Its latest offers, newest first, at most `SHOWN`, each with `state` and `led`. One query."""
    return partnership.offers.with_state().with_led(on).select_related("council").order_by("-pk")[:SHOWN]


class Offered(NamedTuple):
    """What an offer says of the partnership; empty but for the name once the offer has ended."""

    name: str
    rows: list  # for a summary list
    summary: str


def offered_by_name(offer):
    """The `Offered` of an offer the reader may see. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT offered_partnership(%s)", [offer.public_id])
        said = cursor.fetchone()[0]
    said = said if isinstance(said, dict) else json.loads(said)
    rows = [
        ("Members", "; ".join(said.get("members") or [])),
        ("Services", ", ".join(said.get("services") or [])),
        ("Vehicle", Vehicle.Form(said["vehicle"]).label if said.get("vehicle") else ""),
        ("What it is for", ", ".join(Purpose.What(what).label for what in said.get("purposes") or [])),
        ("Who may see its figures", Audience.Who(said["audience"]).label if said.get("audience") else ""),
    ]
    return Offered(
        said["name"], [{"key": key, "value": value} for key, value in rows if value], said.get("summary", "")
    )
