"""Cover for absence: a deputy holds somebody's role until a date, and it ends by itself.

A deputy acts in their own name: what they recorded they cannot sign off, nor may they approve what the person they
stand in for did. Nobody lends what was lent to them. PostgreSQL holds all of it again.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.models import Role
from councils.refusals import Refused
from savings.models import Cover

from .ledger_words import ledger_words

LENT = (Role.What.FINANCE_LEAD, Role.What.FINANCE_OFFICER)
LONGEST = datetime.timedelta(days=366)


@transaction.atomic
def name_deputy(*, by, at, council, covered, deputy, what, starts_on, until, reason, public_id=None):
    """From `starts_on` to the end of the day `until`, `deputy` is `what` for `council` in place of `covered`.

    Returns the `Cover`. `public_id` is given by a form that may be sent twice: the second time raises IntegrityError.
    Raises `Refused`, naming the field.
    """
    today, ends_on = timezone.localdate(at), until + datetime.timedelta(days=1)
    roles = list(Role.objects.in_force(today).filter(council=council, person__in=[by, covered, deputy]))
    lent = set(Cover.objects.on(today).filter(council=council).values_list("deputy", "what"))
    own = {(role.person_id, role.what) for role in roles} - lent
    if what not in LENT or (covered.pk, what) not in own:
        raise Refused(f"{covered.name} does not hold that role in their own right.", field="covered")
    if not ((by.pk, Role.What.FINANCE_LEAD) in own or by.pk == covered.pk):
        raise Refused("Only a finance lead names a deputy for somebody else, and a deputy names none.", field="covered")
    if deputy.pk == covered.pk:
        raise Refused("Nobody stands in for themselves.", field="deputy")
    if deputy.pk == by.pk:
        raise Refused("Nobody gives a role to themselves. Another finance lead names you.", field="deputy")
    theirs = {role.what for role in roles if role.person_id == deputy.pk}
    if not theirs or Role.What.AUDITOR in theirs:
        raise Refused("A deputy works for the same council and is not its auditor.", field="deputy")
    if what in theirs:
        raise Refused(f"{deputy.name} holds that role already.", field="deputy")
    if starts_on < today:
        raise Refused("Cover begins today or later.", field="starts_on")
    if until < starts_on:
        raise Refused("The last day comes before the first.", field="until")
    if ends_on - starts_on > LONGEST:
        raise Refused("Cover lasts a year at most. For longer, an administrator appoints somebody.", field="until")
    if not reason.strip():
        raise Refused("Say why cover is needed.", field="reason")
    with ledger_words(), act(by=by, at=at, verb="named a deputy", subject=f"person:{deputy.public_id}",
                             reason=reason) as this:  # fmt: skip
        cover = Cover.objects.create(
            act=this, council=council, covered=covered, deputy=deputy, what=what, starts_on=starts_on, ends_on=ends_on,
            reason=reason, named_by=by, public_id=public_id or uuid.uuid4(),
        )  # fmt: skip
        Role.objects.create(act=this, person=deputy, council=council, what=what, starts_on=starts_on, ends_on=ends_on)
    return cover


@transaction.atomic
def end_cover(*, by, at, cover, reason):
    """It holds no longer from now on; returns the `Cover` that says so."""
    today = timezone.localdate(at)
    if not may_end(cover, by, today):
        raise Refused("Whoever is covered, or a finance lead in their own right, ends it.")
    if not reason.strip():
        raise Refused("Say why it ends early.", field="reason")
    ends_on = max(today, cover.starts_on)
    if Cover.objects.filter(replaces=cover).exists() or cover.ends_on <= ends_on:
        raise Refused("This cover has already ended.")
    role = Role.objects.get(
        act=cover.act_id, person=cover.deputy_id, council=cover.council_id, what=cover.what, replaced_by=None
    )
    with ledger_words(), act(by=by, at=at, verb="ended a cover", subject=f"person:{cover.deputy.public_id}",
                             reason=reason) as this:  # fmt: skip
        ended = Cover.objects.create(
            act=this, council_id=cover.council_id, covered_id=cover.covered_id, deputy_id=cover.deputy_id,
            what=cover.what, starts_on=cover.starts_on, ends_on=ends_on, reason=reason, named_by=by, replaces=cover,
        )  # fmt: skip
        Role.objects.create(
            act=this, person_id=cover.deputy_id, council_id=cover.council_id, what=cover.what,
            starts_on=cover.starts_on, ends_on=ends_on, replaces=role,
        )  # fmt: skip
    return ended


def own_lead(person, council_id, today):
    """Whether `person` is a finance lead in their own right. Two queries."""
    roles = Role.objects.in_force(today).filter(council=council_id, person=person, what=Role.What.FINANCE_LEAD).count()
    lent = Cover.objects.on(today).filter(council=council_id, deputy=person, what=Role.What.FINANCE_LEAD).count()
    return roles > lent


def may_end(cover, person, today):
    return cover.covered_id == person.pk or own_lead(person, cover.council_id, today)
