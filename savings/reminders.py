"""Reminders by e-mail of quarterly returns: who has to act, once for each step, and once for each silent member.

Rows say what was sent. A mail that fails is tried again with the next round, at most five times. Only one round runs at
a time; a worker that dies between a mail and its note may send that one mail twice, and never leaves one out.
"""

import datetime
import logging
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from councils.holders import holders
from councils.models import Person, User
from councils.rights import LEAD, RECORDING
from partnerships.models import Membership
from savings import locks
from savings.models import Reminder, ReminderChoice, Return
from savings.reporting.calendar import Dates, dates_of, days_of
from savings.reporting.quarters import OPEN, MemberQuarter, quarters_of

log = logging.getLogger(__name__)

AHEAD = datetime.timedelta(days=5)  # a reminder goes out so long before its date
BEHIND = datetime.timedelta(days=14)  # and no longer than so much after the last date: old quarters stay quiet
SINCE = datetime.timedelta(days=200)  # quarters that begin earlier are past all of it
ATTEMPTS = 5
LOCK = 0x72656D  # "rem": one round at a time
What, Step = Reminder.What, Return.Step


class Wanted(NamedTuple):
    """Somebody to be reminded of a step of a return."""

    person: int
    what: str
    one: MemberQuarter
    by: datetime.date

    @property
    def key(self) -> tuple:
        return self.person, self.one.partnership.pk, self.one.council.pk, self.one.quarter.first_day, self.what


def remind(now: datetime.datetime) -> int:
    """Send what is to be sent now; returns how many mails went out. As the worker, who sees everybody."""
    with locks.taken(LOCK) as mine:
        if not mine:
            return 0
        found = wanted(timezone.localdate(now))
        Reminder.objects.bulk_create(
            [
                Reminder(
                    person_id=each.person, partnership=each.one.partnership, council=each.one.council,
                    quarter=each.one.quarter.first_day, what=each.what,
                )
                for each in found
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        by_person = defaultdict(list)
        for each in found:
            by_person[each.person].append(each)
        return sum(_send(person, theirs, now) for person, theirs in by_person.items())


def wanted(today: datetime.date) -> list[Wanted]:
    """Everybody to be reminded on the day, whether it was done before or not, without those who want none."""
    members = set(Membership.objects.current().values_list("council_id", flat=True))
    days = days_of(members)
    roles = holders(today)
    fellows = _fellows(today)
    refused = {
        choice.person_id
        for choice in ReminderChoice.objects.order_by("person_id", "-pk").distinct("person_id")
        if not choice.wanted
    }
    found: list[Wanted] = []
    for one in quarters_of(members, today=today, since=today - SINCE):
        if one.owed and one.ended:
            found += _of(one, dates_of(one.quarter, days[one.council.pk]), roles, fellows)
    return [each for each in found if each.person not in refused]


def _of(one: MemberQuarter, dates: Dates, roles, fellows) -> Iterator[Wanted]:
    if one.today > max(dates.close, one.due_on) + BEHIND:
        return
    leads, recorders = roles[one.council.pk, LEAD], set().union(*(roles[one.council.pk, what] for what in RECORDING))
    open_still = one.state in (OPEN, Step.REOPENED)
    if open_still and one.today >= dates.submit - AHEAD:
        yield from (Wanted(person, What.SUBMIT, one, dates.submit) for person in sorted(recorders))
    if one.state == Step.SUBMITTED and one.today >= dates.sign_off - AHEAD:
        others = leads - ({one.last.stepped_by_id} if one.last else set())
        yield from (Wanted(person, What.SIGN_OFF, one, dates.sign_off) for person in sorted(others))
    if one.state == Step.SIGNED_OFF and one.today >= dates.close - AHEAD:
        yield from (Wanted(person, What.CLOSE, one, dates.close) for person in sorted(leads))
    if open_still and one.overdue:
        told = set().union(*(roles[each, LEAD] for each in fellows[one.partnership.pk] - {one.council.pk}))
        yield from (Wanted(person, What.SILENT, one, one.due_on) for person in sorted(told - leads))


def _fellows(today):
    """Ids of the councils by partnership of which they are members on the day."""
    found = defaultdict(set)
    for partnership, council in Membership.objects.on(today).values_list("partnership_id", "council_id"):
        found[partnership].add(council)
    return found


def _send(person: int, theirs: list[Wanted], now) -> int:
    """One mail with all that was not sent to this person before; 1 when it went out."""
    keys = {each.key: each for each in theirs}
    waiting = [
        row
        for row in Reminder.objects.filter(person=person, sent_at__isnull=True, attempts__lt=ATTEMPTS).order_by("pk")
        if (row.person_id, row.partnership_id, row.council_id, row.quarter, row.what) in keys
    ]
    user = User.objects.filter(person=person, is_active=True).order_by("pk").first()
    if not waiting or not user:
        return 0
    ids = [row.pk for row in waiting]
    Reminder.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1)
    lines = [keys[row.person_id, row.partnership_id, row.council_id, row.quarter, row.what] for row in waiting]
    try:
        send_mail(_subject(lines), _text(Person.objects.get(pk=person), lines), None, [user.email])
    except Exception as error:
        log.exception("a reminder was not sent; the next round tries again")
        Reminder.objects.filter(pk__in=ids).update(last_error=str(error)[:500])
        return 0
    Reminder.objects.filter(pk__in=ids).update(sent_at=now, last_error="")
    return 1


def _subject(lines: list[Wanted]) -> str:
    own = [each for each in lines if each.what != What.SILENT]
    if not own:
        return "Banked: a member has not returned its quarter"
    return f"Banked: {len(own)} quarterly return{' waits' if len(own) == 1 else 's wait'} for you"


DO: dict[str, str] = {What.SUBMIT: "Submit", What.SIGN_OFF: "Sign off", What.CLOSE: "Close"}


def _text(person: Person, lines: list[Wanted]) -> str:
    parts = [f"Hello {person.name},"]
    for each in lines:
        one = each.one
        where = f"{one.quarter.months_label} for {one.council.short_name} in {one.partnership.name}"
        if each.what == What.SILENT:
            said = (
                f"{one.council.short_name} has not returned {one.quarter.months_label} in {one.partnership.name}. It "
                f"was due on {each.by:%-d %B %Y}. Until it is in, its figures are missing, not nil."
            )
        else:
            said = f"{DO[each.what]} {where} by {each.by:%-d %B %Y}."
        path = reverse("savings:return", args=[one.partnership.slug, one.council.code, one.quarter.slug])
        parts.append(f"{said}\n{settings.SITE_URL}{path}")
    parts.append(f"If you do not want these e-mails: {settings.SITE_URL}{reverse('savings:reminders')}")
    return "\n\n".join(parts) + "\n"
