"""Claiming a partnership known from what was published, and checking a claim. PostgreSQL holds it again."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from councils.rights import rights_of

from .models import Claiming, ClaimingAnswer


class claiming_words:  # a context manager reads as a phrase: with claiming_words()
    """Turns a refusal by the database into a `Refused` that a person can read."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if not isinstance(error, IntegrityError):
            return
        if "claiming_id" in str(error) and getattr(error.__cause__, "sqlstate", "") == "23505":
            raise Refused("This claim has been answered or withdrawn meanwhile.") from error
        if "two_people" in str(error):
            raise Refused("Somebody else checks what you claim.") from error
        if getattr(error.__cause__, "sqlstate", "") == "23514":
            raise Refused(str(error).splitlines()[0].capitalize() + ".") from error


@transaction.atomic
def claim(*, partnership, council, role, starts_on, evidence, by, at, host=False):
    """`council` asks to keep the ledger of `partnership`; returns the `Claiming`. Raises `Refused`."""
    if not rights_of(by.pk, on=timezone.localdate(at)).may_sign_off(council.pk):
        raise Refused(f"Only a finance lead of {council.short_name} claims for it.", field="council")
    if not partnership.from_public_record:
        raise Refused("This partnership was founded here, so nobody needs to claim it.")
    if starts_on < partnership.started_on:
        raise Refused("The partnership had not started by then.", field="starts_on")
    if not evidence.strip():
        raise Refused("Say how an administrator can check this.", field="evidence")
    subject = f"council:{council.public_id}"
    with claiming_words(), act(by=by, at=at, verb="claimed a partnership", subject=subject) as this:
        return Claiming.objects.create(
            act=this, partnership=partnership, council=council, role=role, host=host, starts_on=starts_on,
            evidence=evidence, claimed_by=by, claimed_at=at,
        )  # fmt: skip


@transaction.atomic
def accept(*, claiming, reason, by, at):
    """The council keeps the ledger from now on, and is a member. Returns the `ClaimingAnswer`."""
    _refuse_unless_administrator(by, at)
    return _answer(claiming, ClaimingAnswer.Outcome.ACCEPTED, reason, by, at, verb="accepted a claim")


@transaction.atomic
def refuse(*, claiming, reason, by, at):
    """Nothing changes; whoever asked reads why. Returns the `ClaimingAnswer`."""
    _refuse_unless_administrator(by, at)
    return _answer(claiming, ClaimingAnswer.Outcome.REFUSED, reason, by, at, verb="refused a claim")


@transaction.atomic
def withdraw(*, claiming, reason, by, at):
    """The council takes its claim back before it is answered. Returns the `ClaimingAnswer`."""
    if not rights_of(by.pk, on=timezone.localdate(at)).may_sign_off(claiming.council_id):
        raise Refused(f"Only a finance lead of {claiming.council.short_name} withdraws its claim.")
    return _answer(claiming, ClaimingAnswer.Outcome.WITHDRAWN, reason, by, at, verb="withdrew a claim")


def _refuse_unless_administrator(by, at):
    if not rights_of(by.pk, on=timezone.localdate(at)).administers:
        raise Refused("Only an administrator checks a claim.")


def _answer(claiming, outcome, reason, by, at, *, verb):
    if not reason.strip():
        raise Refused("Say why: the council that asked reads it.", field="reason")
    subject = f"claim:{claiming.public_id}"
    with claiming_words(), act(by=by, at=at, verb=verb, subject=subject, reason=reason) as this:
        return ClaimingAnswer.objects.create(
            act=this, claiming=claiming, partnership_id=claiming.partnership_id, council_id=claiming.council_id,
            outcome=outcome, reason=reason, claimed_by_id=claiming.claimed_by_id, answered_by=by, answered_at=at,
        )  # fmt: skip
