"""Stepping a business case on: submit it for approval, return it to its drafter, withdraw it, record a volume.

Approving posts a promise and therefore belongs to the ledger (`savings.actions.promise`). What must not be is refused
by PostgreSQL again (migration 0003).
"""

import uuid

from django.db import IntegrityError, transaction

from councils.acts import act
from councils.models import Role
from councils.refusals import Refused
from councils.rights import LEAD, RECORDING

from .drafting import OPEN, Step, drafting_councils, take
from .models import Approval, Volume

SAME_MOMENT = "Somebody took the next step at the same moment. Look at the business case again."
WORDS = {
    "partnerships_casestep_sequence": SAME_MOMENT,
    "a business case goes from draft": SAME_MOMENT,
    "an approved business case stands": "It is approved for a member by now, and stands. A later version restates it.",
    "one driver is counted in one unit": "That driver is already counted in another unit. Use the same unit.",
}


class case_words:  # a context manager reads as a phrase: with case_words()
    """Turns a refusal by the database into a `Refused` that a person can read; anything else goes on as it was."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if isinstance(error, IntegrityError):
            for part, words in WORDS.items():
                if part in str(error):
                    raise Refused(words) from error


@transaction.atomic
def submit(*, case, by, at, reason=""):
    """Ask every member's finance lead to approve `case`; a returned one says in `reason` what the answer is."""
    state, own = _open(case), drafting_councils(case, by, at.date())
    if not own:
        raise Refused("Somebody of the council that drafted it submits it.")
    if state == Step.SUBMITTED:
        raise Refused("This version is already submitted.")
    if state == Step.RETURNED and not reason.strip():
        raise Refused("Say what you answer to the reason it was returned for.", field="reason")
    return _take(case, own[0], Step.SUBMITTED, by, at, reason)


@transaction.atomic
def withdraw(*, case, by, at, reason):
    """Take `case` back before anybody approves it. It stays readable and is never promised."""
    _open(case)
    own = drafting_councils(case, by, at.date())
    if not own:
        raise Refused("Somebody of the council that drafted it withdraws it.")
    if Approval.objects.filter(case=case).exists():
        raise Refused(WORDS["an approved business case stands"])
    if not reason.strip():
        raise Refused("Say why it is withdrawn.", field="reason")
    return _take(case, own[0], Step.WITHDRAWN, by, at, reason)


@transaction.atomic
def send_back(*, case, council, by, at, reason):
    """Return a submitted case to its drafter, for a member that has not approved it."""
    if case.drafted_by_id == by.pk:
        raise Refused("You cannot return a business case that you drafted. Withdraw it instead.")
    if not Role.objects.in_force(at.date()).filter(person=by, council=council, what=LEAD).exists():
        raise Refused(f"A finance lead of {council} returns it for {council}.")
    if _open(case) != Step.SUBMITTED:
        raise Refused("Only a submitted version is returned.")
    if Approval.objects.filter(case=case, council=council).exists():
        raise Refused(f"{council} has already approved this version.")
    if not reason.strip():
        raise Refused("Say what has to be put right.", field="reason")
    return _take(case, council, Step.RETURNED, by, at, reason)


@transaction.atomic
def record_volume(*, case, council, year, quantity, unit, source, by, at, public_id=None):
    """How much work the driver of `case` counted for `council` in `year` (a start year); the latest holds.

    `public_id` is given by a form that may be sent twice: the second time raises IntegrityError.
    """
    if not case.volume_driver:
        raise Refused("This business case names no driver, so no volume is needed.")
    if not Role.objects.in_force(at.date()).filter(person=by, council=council, what__in=RECORDING).exists():
        raise Refused(f"An officer or a finance lead of {council} records its volumes.", field="council")
    subject = f"volume:{case.partnership.slug}/{council.code}/{year}"
    with case_words(), act(by=by, at=at, verb="counted", subject=subject) as this:
        return Volume.objects.create(
            act=this, partnership=case.partnership, council=council, driver=case.volume_driver, unit=unit, year=year,
            quantity=quantity, source=source, recorded_by=by, recorded_at=at, public_id=public_id or uuid.uuid4(),
        )  # fmt: skip


def state_of(case):
    """`draft`, or the step that was taken last."""
    last = case.steps.order_by("-sequence").first()
    return last.step if last else "draft"


def _open(case):
    state = state_of(case)
    if state not in OPEN:
        raise Refused(f"This version was {state}. Draft the next one instead.")
    return state


def _take(case, council, step, by, at, reason):
    subject = f"business case:{case.partnership.slug}/{case.version}"
    with case_words(), act(by=by, at=at, verb=str(step), subject=subject, reason=reason.strip()) as this:
        return take(this, case=case, council=council, step=step, by=by, at=at, reason=reason)
