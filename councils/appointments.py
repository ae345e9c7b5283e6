"""Accounts and their roles, until people can be invited: who may act for which council, and on whose word.

Both write people and accounts that nobody's scope can see yet, so they run as the worker's database role, from the
shell of the machine (`manage.py add_administrator`, `manage.py appoint`). What they did is on the register's stream.
"""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from .acts import act
from .models import Person, Role, User
from .refusals import Refused
from .rights import rights_of


@transaction.atomic
def add_administrator(*, at, email, name, password=None):
    """The account of a new administrator. Nobody who is in can appoint the first one, so the product itself does.

    Raises `Refused`, for an address that is taken too. Without a password nobody can sign in until one is set.
    """
    user = _new_account(email=email, name=name, password=password)
    with act(by=Person.objects.get(system=True), at=at, verb="appointed", subject=_person(user), register=True) as this:
        _give(this, user, council=None, what=Role.What.ADMINISTRATOR)
    return user


@transaction.atomic
def appoint(*, by, at, email, name, council, what, password=None):
    """The account of somebody who from today is `what` for `council`, on the word of the administrator `by`.

    An address that is known keeps its person, name and password and gets one role more. Raises `Refused`.
    """
    today = timezone.localdate(at)
    if not rights_of(by.pk, on=today).administers:
        raise Refused("Only an administrator can appoint somebody.", field="by")
    if council.has_ended(today):
        raise Refused(f"{council.name} ended on {council.ends_on:%-d %B %Y}.", field="council")
    user = _account(email) or _new_account(email=email, name=name, password=password)
    if user.person_id == by.pk:
        raise Refused("An administrator cannot appoint themselves to a council.", field="email")
    held = rights_of(user.person_id, on=today)
    if held.administers:
        raise Refused("That is an administrator's account. Use another person's for a council's work.", field="email")
    if council.pk in held.councils(what):
        raise Refused(f"{user.person.name} already has that role for {council.name}.", field="email")
    with act(by=by, at=at, verb="appointed", subject=_person(user), register=True) as this:
        _give(this, user, council=council, what=what)
    return user


def _give(this, user, *, council, what):
    starts_on = timezone.localdate(this.at)
    Role.objects.create(act=this, person=user.person, council=council, what=what, starts_on=starts_on)


def _new_account(*, email, name, password):
    email, name = email.strip().lower(), " ".join(name.split())
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(f"{email!r} is not an email address.", field="email") from None
    if not name:
        raise Refused("Say who it is: the name stands beside everything they do.", field="name")
    if _account(email):
        raise Refused(f"There is an account for {email} already.", field="email")
    if password is not None:
        try:
            validate_password(password, User(email=email))
        except ValidationError as problem:
            raise Refused(" ".join(problem.messages), field="password") from None
    return User.objects.create_user(email=email, password=password, person=Person.objects.create(name=name))


def _account(email):
    return User.objects.select_related("person").filter(email__iexact=email.strip()).first()


def _person(user):
    """Acts name people by their public id only, so that a leaver can be forgotten (DESIGN 10.16)."""
    return f"person:{user.person.public_id}"
