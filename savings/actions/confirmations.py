"""Asking a member whether it agrees with what the others banked, taking that back, and answering."""

import logging
import uuid
from datetime import timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from councils.acts import act
from councils.money import pounds
from councils.refusals import Refused
from councils.rights import LEAD, rights_of
from savings import doorbell, locks
from savings.models import Confirmation, ConfirmationAnswer, ConfirmationRequest, ConfirmationRevocation, Contact
from savings.models.confirmation import Without

from . import rollups
from .ledger_words import ledger_words

GOOD_FOR = timedelta(days=30)
ANSWERS = 0x616E73  # "ans": the class of our advisory locks
Answer = ConfirmationAnswer.Answer
log = logging.getLogger(__name__)


class Said(NamedTuple):
    """What was answered to one line."""

    answer: str  # an `Answer`
    stated_pence: int | None = None  # for another amount
    reason: str = ""


@transaction.atomic
def ask(*, partnership, council, quarter, by, at, public_id=None):
    """Ask `council` about the `quarter` (a `Quarter`); returns the `ConfirmationRequest`, which fixes what is asked.

    It takes the place of an earlier request for the same quarter. Letters go to the council's contacts; its own people
    can answer signed in. `public_id` is given by a form that may be sent twice: the second time raises IntegrityError.
    Raises `Refused`: only a member's finance lead asks, and only about something.
    """
    leads = rights_of(by.pk, on=timezone.localdate(at)).councils(LEAD)
    if not partnership.memberships.current().filter(council__in=leads).exists():
        raise Refused("Only the finance lead of a member can ask for confirmation.")
    if not partnership.memberships.current().filter(council=council).exists():
        raise Refused(f"{council} is not a member of {partnership}.", field="councils")
    if timezone.localdate(at) < quarter.first_day:
        raise Refused(f"{quarter.months_label} has not begun yet.", field="quarter")
    if not claimed(partnership=partnership, council=council, quarter=quarter):
        raise Refused(
            f"The other members have banked nothing for {quarter.months_label}, so there is nothing to ask "
            f"{council.short_name}.", field="quarter",
        )  # fmt: skip
    subject = f"confirmation:{partnership.slug}/{council.code}/{quarter.label}"
    with act(by=by, at=at, verb="asked to confirm", subject=subject) as this, ledger_words():
        asked = ConfirmationRequest.objects.create(
            act=this, partnership=partnership, council=council, quarter=quarter.first_day, asked_by=by, asked_at=at,
            expires_at=at + GOOD_FOR, public_id=public_id or uuid.uuid4(),
        )  # fmt: skip
    ring()
    return asked


def ask_after_return(*, partnership, council, quarter, by, at):
    """When the return of `council` is signed off: ask the other members that have a contact, where what they would be
    asked is not what they were asked before."""
    others = Contact.objects.filter(partnership=partnership, ended=False, replaced_by__isnull=True)
    members = {each.council for each in others.exclude(council=council).select_related("council")}
    for member in sorted(members, key=lambda each: each.name):
        now = claimed(partnership=partnership, council=member, quarter=quarter)
        before = latest(partnership, member, quarter)
        if now and (before is None or _asked(before) != now):
            try:
                ask(partnership=partnership, council=member, quarter=quarter, by=by, at=at)
            except Refused as refusal:  # asked often enough today; the return is signed off all the same
                log.info("a member was not asked", extra={"facts": {"why": str(refusal)}})


def claimed(*, partnership, council, quarter):
    """The entries `council` would be asked about now: a set of ids for each line. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entries FROM confirmation_lines(%s, %s, %s)", [partnership.pk, council.pk, quarter.first_day]
        )
        return {frozenset(entries) for (entries,) in cursor.fetchall()}


def _asked(request):
    return {frozenset(entries) for entries in request.lines.values_list("entries", flat=True)}


def latest(partnership, council, quarter):
    """The request that counts for this member and quarter; None when it was never asked."""
    asked = ConfirmationRequest.objects.filter(partnership=partnership, council=council, quarter=quarter.first_day)
    return asked.order_by("-pk").first()


@transaction.atomic
def revoke(*, request, by, at, reason):
    """Take a request back before it is answered, with a reason: by whoever asked, or the lead of who is asked."""
    if not reason.strip():
        raise Refused("Say why it is taken back.", field="reason")
    lead = rights_of(by.pk, on=timezone.localdate(at)).may_sign_off(request.council_id)
    if not lead and request.asked_by_id != by.pk:
        raise Refused(f"Whoever asked, or a finance lead of {request.council.short_name}, can take this back.")
    if Confirmation.objects.filter(request=request).exists():
        raise Refused("It was answered: there is nothing left to take back.")
    subject = f"confirmation:{request.public_id}"
    with act(by=by, at=at, verb="revoked confirmation", subject=subject, reason=reason) as this, ledger_words():
        return ConfirmationRevocation.objects.create(
            act=this, request=request, partnership_id=request.partnership_id, council_id=request.council_id,
            reason=reason, revoked_by=by, revoked_at=at,
        )  # fmt: skip


@transaction.atomic
def answer(*, request, said, without_sharing, by, at, link=None):
    """The answer of the member that was asked: `said` is `{line id: Said}` for every line; returns the `Confirmation`.

    By the id of a `link` for a contact, else signed in for the council. PostgreSQL disputes what was not agreed, and
    refuses whoever recorded or proved any of it. Raises `Refused`.
    """
    if without_sharing not in Without.values:
        raise Refused("Choose how much would have happened without sharing.", field="without_sharing")
    locks.wait(ANSWERS, request.pk)
    if Confirmation.objects.filter(request=request).exists():
        raise Refused("This has been answered already.")
    lines = list(request.lines.order_by("pk"))
    if {line.pk for line in lines} != set(said):
        raise Refused("Answer every line.")
    for line in lines:
        _refuse_unclear(line, said[line.pk])
    subject = f"confirmation:{request.public_id}"
    with act(by=by, at=at, verb="answered confirmation", subject=subject) as this, ledger_words():
        made = Confirmation.objects.create(
            act=this, request=request, partnership_id=request.partnership_id, council_id=request.council_id,
            quarter=request.quarter, link_id=link, without_sharing=without_sharing, answered_by=by, answered_at=at,
        )  # fmt: skip
        ConfirmationAnswer.objects.bulk_create(
            ConfirmationAnswer(
                act=this, confirmation=made, request=request, line=line, partnership_id=request.partnership_id,
                council_id=request.council_id, **said[line.pk]._asdict(),
            )
            for line in lines
        )  # fmt: skip
    rollups.ring()
    return made


def _refuse_unclear(line, said):
    if said.answer == Answer.DISPUTED and not said.reason.strip():
        raise Refused(f"Say what is wrong with {line.title}.")
    if said.answer == Answer.OTHER_AMOUNT and said.stated_pence is None:
        raise Refused(f"Say which amount it should be for {line.title}.")
    if said.answer == Answer.OTHER_AMOUNT and said.stated_pence == line.amount_pence:
        raise Refused(f"{pounds(line.amount_pence)} is what is claimed for {line.title}. If it is right, agree.")


def ring():
    """Once the transaction has committed, a worker writes the letters; the sweep finds what nobody rang for."""
    doorbell.ring("savings.confirmations.write_letters")
