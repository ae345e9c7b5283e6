"""Setting a council's closing days, and choosing whether to be reminded."""

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from savings import locks
from savings.models import ClosingDays, ReminderChoice

from .ledger_words import ledger_words

CLOSING_DAYS = 0x646179  # "day": the class of our advisory locks


@transaction.atomic
def set_days(*, council, days, reason, by, at):
    """From now on `council` closes its quarters by `days` (a `reporting.calendar.Days`); returns the new row."""
    if not reason.strip():
        raise Refused("Say why the days change.", field="reason")
    if not 1 <= days.record <= days.submit <= days.sign_off <= days.close <= 30:
        raise Refused("The days go record, submit, sign off, close, from 1 to 30.", field="record")
    locks.wait(CLOSING_DAYS, council.pk)
    columns = ("record_days", "submit_days", "sign_off_days", "close_days")
    if ClosingDays.objects.filter(council=council).order_by("-pk").values_list(*columns).first() == tuple(days):
        raise Refused(f"{council.short_name} closes by these days already.", field="record")
    subject = f"closing days {days.record}/{days.submit}/{days.sign_off}/{days.close}"
    with act(by=by, at=at, verb="set", subject=subject, reason=reason) as this, ledger_words():
        return ClosingDays.objects.create(
            act=this, council=council, record_days=days.record, submit_days=days.submit, sign_off_days=days.sign_off,
            close_days=days.close, reason=reason, set_by=by, set_at=at,
        )  # fmt: skip


def choose_reminders(*, wanted, by, at):
    """Whether `by` wants reminders by e-mail from now on."""
    ReminderChoice.objects.create(person=by, wanted=wanted, chosen_at=at)
