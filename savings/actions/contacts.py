"""Whom a council lets others ask: its finance contacts for a partnership, set and ended by its own finance lead."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from councils.rights import rights_of
from savings import locks
from savings.models import Contact

from . import confirmations
from .ledger_words import ledger_words

CONTACTS = 0x636F6E  # "con": the class of our advisory locks


@transaction.atomic
def set_contact(*, partnership, council, name, email, by, at, replaces=None):
    """A contact of `council`, in place of the contact `replaces` when one is given; returns the `Contact`.

    The person is whoever has an account with that address, or had it as a contact before; else somebody new, who can
    never sign in. Requests that still wait are sent to them too. Raises `Refused`, naming the field.
    """
    _refuse_others(council, by, at)
    name, email = " ".join(name.split()), email.strip().lower()
    if not name:
        raise Refused("Say who it is.", field="name")
    try:
        validate_email(email)
        email.rpartition("@")[2].encode("idna")  # as it is written on an envelope
    except (ValidationError, UnicodeError):
        raise Refused(f"{email!r} is not an email address.", field="email") from None
    locks.wait(CONTACTS, council.pk)
    known = contacts_of(partnership).filter(council=council, email=email)
    if known.exclude(pk=replaces.pk if replaces else None).exists():
        raise Refused(f"{email} is a contact of {council.short_name} already.", field="email")
    subject = f"contact:{partnership.slug}/{council.code}"
    with act(by=by, at=at, verb="set contact", subject=subject) as this, ledger_words():
        made = Contact.objects.create(
            act=this, partnership=partnership, council=council, person_id=_person(email, name, council), name=name,
            email=email, replaces=replaces, set_by=by, set_at=at,
        )  # fmt: skip
    confirmations.ring()
    return made


@transaction.atomic
def end_contact(*, contact, by, at):
    """Nobody asks this contact any more, and the links they were sent no longer open."""
    _refuse_others(contact.council, by, at)
    if contact.ended or Contact.objects.filter(replaces=contact).exists():
        raise Refused("That contact has been changed or ended meanwhile.")
    with act(by=by, at=at, verb="ended contact", subject=f"contact:{contact.public_id}") as this, ledger_words():
        return Contact.objects.create(
            act=this, partnership_id=contact.partnership_id, council_id=contact.council_id, ended=True,
            person_id=contact.person_id, name=contact.name, email=contact.email, replaces=contact, set_by=by, set_at=at,
        )  # fmt: skip


def contacts_of(partnership):
    """Contacts of its members that can be asked now, in order of council and name."""
    return (
        Contact.objects.filter(partnership=partnership, ended=False, replaced_by__isnull=True)
        .select_related("council")
        .order_by("council__name", "name")
    )


def _refuse_others(council, by, at):
    if not rights_of(by.pk, on=timezone.localdate(at)).may_sign_off(council.pk):
        raise Refused(f"Contacts of {council.short_name} are set by its own finance lead.")


def _person(email, name, council):
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_person(%s, %s, %s)", [email, name, council.pk])
        return cursor.fetchone()[0]
