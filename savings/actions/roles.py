"""Ending somebody's role, or changing when it ends. A role lent by a cover ends with its cover."""

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.models import Role
from councils.refusals import Refused
from savings.models import Cover

from .cover import own_lead
from .ledger_words import ledger_words

FOLLOWS = (
    "You are the last finance lead of {council}. From then on nobody can sign off, close a quarter or invite anybody, "
    "and only an administrator can invite another. Say what follows: who takes over, and when."
)


@transaction.atomic
def set_end(*, by, at, role, ends_on, reason):
    """`role` holds until the day before `ends_on` (None: no end); today ends it at once. Returns the new `Role`.

    By a finance lead in their own right; one's own may only be shortened. Raises `Refused`, naming the field.
    """
    today = timezone.localdate(at)
    if role.council_id is None or not own_lead(by, role.council_id, today):
        raise Refused("Roles are changed by a finance lead of the council in their own right.")
    if not Role.objects.in_force(today).filter(pk=role.pk).exists():
        raise Refused("This role has been changed or ended meanwhile.")
    if lent(role):
        raise Refused("This role was lent by a cover. End the cover instead.")
    if ends_on == role.ends_on:
        raise Refused("That is when it ends already.", field="until")
    if ends_on and ends_on < today:
        raise Refused("A role ends today or later.", field="until")
    if role.person_id == by.pk and (ends_on is None or (role.ends_on and ends_on > role.ends_on)):
        raise Refused("Nobody makes their own role last longer.", field="until")
    if not reason.strip():
        follows = ends_on and last_lead(role)
        raise Refused(
            FOLLOWS.format(council=role.council.short_name) if follows else "Say why it changes.", field="reason"
        )
    verb = "ended a role" if ends_on == today else "changed when a role ends"
    subject = f"person:{role.person.public_id}"
    with ledger_words(), act(by=by, at=at, verb=verb, subject=subject, reason=reason) as this:
        return Role.objects.create(
            act=this, person_id=role.person_id, council_id=role.council_id, what=role.what, starts_on=role.starts_on,
            ends_on=ends_on, replaces=role,
        )  # fmt: skip


def lent(role):
    """Whether the role came with a cover, as against held in one's own right."""
    return Cover.objects.filter(
        act=role.act_id, deputy=role.person_id, council=role.council_id, what=role.what
    ).exists()  # fmt: skip


def last_lead(role):
    """Whether nobody else is a finance lead of the role's council in their own right, without an end."""
    if role.what != Role.What.FINANCE_LEAD:
        return False
    others = Role.objects.filter(
        council=role.council_id, what=role.what, replaced_by__isnull=True, ends_on__isnull=True
    ).exclude(pk=role.pk)  # fmt: skip
    return not others.exists()
