"""Inviting people to act for a council, sending that again, revoking it, and accepting.

An administrator invites the finance lead of a council that has none; a finance lead in their own right invites
everybody else. PostgreSQL holds all of it again, and that nobody gives a role to themselves.
"""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone

from councils.acts import act
from councils.models import Invitation, InvitationOutcome, Person, Role, User
from councils.refusals import Refused
from councils.rights import rights_of
from savings import doorbell

from .cover import own_lead
from .ledger_words import ledger_words

GOOD_FOR = timedelta(days=14)


def may_invite(person, council, today):
    """The roles `person` may invite somebody to for `council` on the day: all, or the first lead's, or none."""
    if council.ends_on and council.ends_on <= today:
        return ()
    if own_lead(person, council.pk, today):
        return Invitation.WHATS
    if rights_of(person.pk, on=today).administers and not led(council, today):
        return (Role.What.FINANCE_LEAD,)
    return ()


def led(council, today):
    """Whether somebody is the council's finance lead in their own right, or will be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT council_led(%s, %s)", [council.pk, today])
        return cursor.fetchone()[0]


@transaction.atomic
def invite(*, by, at, council, name, email, what, ends_on=None):
    """Ask somebody to be `what` for `council`, until `ends_on` (the first day it no longer holds; None: no end).

    A letter goes out with a link that is good for fourteen days. Whether the address has an account is not asked, so
    nobody learns it here. Raises `Refused`, naming the field; returns the `Invitation`.
    """
    today = timezone.localdate(at)
    _refuse_unless_may(by, council, what, today)
    name, email = " ".join(name.split()), email.strip().lower()
    if not name:
        raise Refused("Say who it is.", field="name")
    try:
        validate_email(email)
        email.rpartition("@")[2].encode("idna")
    except (ValidationError, UnicodeError):
        raise Refused(f"{email!r} is not an email address.", field="email") from None
    if User.objects.filter(person=by, email__iexact=email).exists():
        raise Refused("Nobody invites themselves.", field="email")
    if ends_on and ends_on <= today:
        raise Refused("The last day has passed already.", field="until")
    waiting = Invitation.objects.waiting().filter(council=council, email=email, what=what)
    if waiting.exists():
        raise Refused("That invitation is waiting already. Send it again from the list.", field="email")
    return _send(by=by, at=at, verb="invited somebody", council=council, name=name, email=email, what=what,
                 ends_on=ends_on)  # fmt: skip


@transaction.atomic
def invite_again(*, by, at, invitation):
    """The same once more, for another fourteen days: the link sent before is no longer good."""
    today = timezone.localdate(at)
    _refuse_unless_may(by, invitation.council, invitation.what, today)
    _refuse_decided(invitation)
    if invitation.ends_on and invitation.ends_on <= today:
        raise Refused("The role it was for has ended meanwhile. Invite them anew.")
    return _send(
        by=by, at=at, verb="invited somebody again", council=invitation.council, name=invitation.name,
        email=invitation.email, what=invitation.what, ends_on=invitation.ends_on, replaces=invitation,
    )  # fmt: skip


def _send(*, by, at, verb, council, **fields):
    with ledger_words(), act(by=by, at=at, verb=verb, subject=f"council:{council.code}") as this:
        made = Invitation.objects.create(
            act=this, council=council, invited_by=by, invited_at=at, expires_at=at + GOOD_FOR, **fields
        )
    ring()
    return made


@transaction.atomic
def revoke(*, by, at, invitation, reason):
    """It can no longer be accepted; returns the `InvitationOutcome`."""
    _refuse_unless_may(by, invitation.council, invitation.what, timezone.localdate(at))
    _refuse_decided(invitation)
    if not reason.strip():
        raise Refused("Say why it is revoked.", field="reason")
    with ledger_words(), act(by=by, at=at, verb="revoked an invitation", subject=f"invitation:{invitation.public_id}",
                             reason=reason) as this:  # fmt: skip
        return InvitationOutcome.objects.create(
            act=this, invitation=invitation, council_id=invitation.council_id, reason=reason, decided_by=by,
            decided_at=at, outcome=InvitationOutcome.What.REVOKED,
        )  # fmt: skip


@transaction.atomic
def accept(*, at, digest, invited, person_id=None, name="", password=""):
    """Take the role of an open invitation (`invited`, an `Invited`): as the person signed in, or as somebody new.

    Somebody new gets an account with the address the letter went to. Returns the id of the person. Raises `Refused`.
    """
    if person_id is None:
        if invited.owner:
            raise Refused("Sign in to accept this.")
        name = " ".join(name.split())
        if not name:
            raise Refused("Enter your name. It stands beside everything you do.", field="name")
        try:
            validate_password(password, User(email=invited.email))
        except ValidationError as problem:
            raise Refused(" ".join(problem.messages), field="password") from None
    elif invited.owner and invited.owner != person_id:
        raise Refused("This was sent to somebody else’s account. Sign in as them to accept it.")
    with ledger_words():
        with connection.cursor() as cursor:
            cursor.execute("SELECT invitation_take(%s, %s, %s, %s)", [digest, at, name, person_id])
            (taker,) = cursor.fetchone()
        _refuse_unfit(taker, invited, at)
        if person_id is None:
            user = User(email=invited.email, person_id=taker)
            user.set_password(password)
            user.save()
        subject = f"invitation:{invited.public_id}"
        taking = act(by=Person(pk=taker), at=at, verb="accepted an invitation", subject=subject)
        with taking as this, connection.cursor() as cursor:
            cursor.execute("SELECT invitation_accept(%s)", [this.pk])
    return taker


def _refuse_unfit(taker, invited, at):
    held = rights_of(taker, on=timezone.localdate(at))
    if held.administers:
        raise Refused("An administrator does no council’s work. Accept it as somebody else.")
    roles = Role.objects.in_force(timezone.localdate(at)).filter(person=taker, council=invited.council_id)
    if roles.filter(what=invited.what, ends_on__isnull=True).exists():
        raise Refused("You have that role already.")


def _refuse_unless_may(by, council, what, today):
    if council.ends_on and council.ends_on <= today:
        raise Refused(f"{council.name} ended on {council.ends_on:%-d %B %Y}.")
    allowed = may_invite(by, council, today)
    if not allowed:
        raise Refused(
            f"People of {council.short_name} are invited by its finance lead in their own right, and its first finance "
            "lead by an administrator. A deputy invites nobody."
        )
    if what not in allowed:
        raise Refused("That is not a role you can invite somebody to.", field="what")


def _refuse_decided(invitation):
    if not Invitation.objects.waiting().filter(pk=invitation.pk).exists():
        raise Refused("It was accepted, revoked or sent again meanwhile.")


def ring():
    """Once the transaction has committed, a worker writes the letters; the sweep finds what nobody rang for."""
    doorbell.ring("savings.invitations.write_letters")
