"""Signing in, signing out and trying to are acts on the access stream (DESIGN 10.14).

They happen where no scope of that person is open yet, so each opens one, inside the transaction of the page: whoever
is signed in has an event that says so, or neither. An attempt that failed is what the product saw, not what its
account's owner did; the owner is its subject.
"""

from django.utils import timezone

from .acts import act
from .models import Person, User
from .scope import scope


def signed_in(user, *, at):
    _note(user.person_id, at=at, verb="signed in")


def signed_out(user, *, at):
    _note(user.person_id, at=at, verb="signed out")


def refused(email, *, at):
    """Note that somebody who gave this address was refused; an address nobody has leaves no trace."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        return
    with scope(person_id=user.person_id, on=timezone.localdate(at)):
        whom = user.person.public_id
    with scope(person_id=None, on=timezone.localdate(at)):
        product = Person.objects.get(system=True)
    _note(product.pk, at=at, verb="was refused a sign-in", subject=f"person:{whom}")


def _note(person_id, *, at, verb, subject=""):
    with scope(person_id=person_id, on=timezone.localdate(at)):
        person = Person.objects.get(pk=person_id)
        with act(by=person, at=at, verb=verb, subject=subject, access=True):
            pass  # the event is all it writes
