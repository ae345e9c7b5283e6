"""Tells whoever relied on a published figure that it has changed: a notice each, and one e-mail for it.

Taking marks leaves the acts that made them (savings/sql/take_marks.sql). Here they are taken, in one transaction with
what is written because of them, so running twice or beside another worker writes nothing twice. Recording something
new corrects nothing; a figure that is what it was is told to nobody.
"""

import datetime
import logging
from collections import defaultdict

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from councils.models import Act, Role, User
from councils.rights import LEAD
from partnerships.models import Membership, Partnership
from savings import posting, words
from savings.models import Mark, Notice, Published, Recounted, ReminderChoice, Report
from savings.reporting import corrections
from savings.reporting.corrections import Correction, Source

log = logging.getLogger(__name__)

LOCK = 0x6E6F74  # "not": one worker at a partnership
MOST_PARTNERSHIPS = 50  # in one round; the next takes the others
MOST_SOURCES = 200  # compared in one transaction; the next, right after it, takes the others
MOST_TOLD = 5  # acts in one notice


def write_due(now: datetime.datetime) -> int:
    """Write the notices that are due; returns how many. With nothing due it costs one query. As the worker."""
    written = 0
    waiting = Recounted.objects.order_by("partnership").values_list("partnership", flat=True).distinct()
    for partnership in Partnership.objects.filter(pk__in=list(waiting[:MOST_PARTNERSHIPS])):
        try:
            more = True
            while more:
                wrote, more = _write(partnership, now)
                written += wrote
        except Exception:
            log.exception("notices could not be written", extra={"facts": {"partnership": partnership.slug}})
    return written


@transaction.atomic
def _write(partnership, now):
    """(notices written, whether there is more to do). What was compared is not looked at again until it differs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, partnership.pk % 2**31])
        if not cursor.fetchone()[0]:
            return 0, False
    if Mark.objects.filter(partnership=partnership).exists():
        return 0, False  # its figures are being worked out: then
    taken = list(Recounted.objects.filter(partnership=partnership).values_list("pk", "act"))
    found = corrections.corrections(partnership, sorted({act for _, act in taken}))
    sources, more = [], False
    if found:
        sources = corrections.reports(partnership, min(each.about for each in found), MOST_SOURCES)
        more = len(sources) == MOST_SOURCES
    if not more:
        sources += corrections.closings(partnership, set().union(*(each.quarters for each in found)))
        Recounted.objects.filter(pk__in=[pk for pk, _ in taken]).delete()
    written = 0
    for source in sources:
        mine = [each for each in found if _concerns(each, source)]
        written += _tell(partnership, source, mine, now) if mine else 0
    return written, more


def _concerns(correction: Correction, source: Source) -> bool:
    if source.quarter:
        return (source.council, source.quarter) in correction.quarters
    return correction.about <= source.said_at


def _tell(partnership, source, found, now):
    """A notice for each who relied on `source`, when it says something else than what they were told last."""
    kept = Published.objects.filter(**source.key).first()
    if kept is None or kept.said.keys() != source.says.keys():  # one of before there were as many figures
        said = source.said()
        kept = kept or Published(said_at=source.said_at, told={}, **{f"{k}_id": v for k, v in source.key.items()})
        kept.said, kept.told = said, said | kept.told
    reopened = source.quarter and any(each.did.startswith("reopened") for each in found)
    same = source.says == kept.told
    kept.told = source.says
    kept.save()
    if same and not reopened:
        return 0
    acts = Act.objects.select_related("person").in_bulk({each.act for each in found})
    actors = {each.person_id for each in acts.values()}
    last = acts[max(acts)]
    why = _why(partnership, found, acts, timezone.localdate(now))
    people = _relied_on(partnership, source, timezone.localdate(now)) - (actors if len(actors) == 1 else set())
    return len(
        Notice.objects.bulk_create(
            [
                Notice(
                    person_id=person, partnership=partnership, council_id=source.council,
                    report_id=source.key.get("report"), quarter=source.quarter, act=last, said_at=kept.said_at,
                    said=kept.said, now=source.says, why=why, changed_at=last.at, made_at=now, try_after=now,
                )
                for person in sorted(people)
            ],
            ignore_conflicts=True,
        )
    )  # fmt: skip


def _relied_on(partnership, source, today):
    """Ids of people: the leads of the members, and who asked for the report or took it away and still works for one."""
    members = Membership.objects.filter(partnership=partnership).on(today).values("council")
    roles = defaultdict(set)
    for what, person in Role.objects.in_force(today).filter(council__in=members).values_list("what", "person"):
        roles[what].add(person)
    if "report" not in source.key:
        return roles[LEAD]
    report = Report.objects.get(pk=source.key["report"])
    files = [f"report:{report.public_id}.{form}" for form in report.files.values_list("format", flat=True)]
    # the second filter is what the partial index councils_act_report_read knows acts by
    took = Act.objects.filter(verb="read", subject__in=files).extra(where=["subject LIKE 'report:%%'"])
    readers = {report.asked_by_id, *took.values_list("person", flat=True)}
    return roles[LEAD] | (readers & set().union(*roles.values()))


def _why(partnership, found, acts, today):
    """A line for each act: who by role, what, and the reason given."""
    members = Membership.objects.filter(partnership=partnership).values("council")
    people = {act.person_id for act in acts.values()}
    held = {
        role.person_id: f"{role.get_what_display()}, {role.council.short_name}"
        for role in Role.objects.in_force(today).filter(council__in=members, person__in=people)
        .select_related("council").order_by("-pk")
    }  # fmt: skip
    lines = []
    for each in found[-MOST_TOLD:]:
        act = acts[each.act]
        elsewhere = each.did.endswith("another partnership")
        who = "Banked" if act.person.system else "Somebody" if elsewhere else held.get(act.person_id, "Somebody")
        reason = f": “{act.reason}”" if act.reason and not elsewhere else ""
        lines.append(f"{who} {each.did}{reason}")
    if len(found) > MOST_TOLD:
        lines.insert(0, f"{len(found) - MOST_TOLD} earlier changes; those told here are the latest")
    return "\n".join(lines)


def send_due(now: datetime.datetime) -> int:
    """Try the mail of every notice whose turn it is; returns how many were sent. As the worker."""
    return sum(
        posting.post(Notice, pk, now, lambda notice: _letter(notice, now)) for pk in posting.waiting(Notice, now)
    )


def _letter(notice: Notice, now: datetime.datetime) -> EmailMessage | None:
    """None when the person has no open account or no role in a member any more, wants no mails, or has read it."""
    today = timezone.localdate(now)
    user = User.objects.filter(person=notice.person_id, is_active=True).order_by("pk").first()
    members = Membership.objects.filter(partnership=notice.partnership_id).values("council")
    holds = Role.objects.in_force(today).filter(person=notice.person_id, council__in=members).exists()
    choice = ReminderChoice.objects.filter(person=notice.person_id).order_by("-pk").first()
    read = Notice.objects.filter(pk=notice.pk, read__isnull=False).exists()
    if not user or not holds or read or (choice and not choice.wanted):
        return None
    name = notice.partnership.name
    what = (
        f"the return of {notice.council.short_name} for {words.quarter(notice.quarter)} in {name}, closed"
        if notice.quarter
        else f"the evidence report of {name} for {notice.council.short_name}, made"
    )
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return EmailMessage(
        subject=f"Banked: a figure of {name} has changed since it was published",
        body=(
            f"Hello {notice.person.name},\n\n"
            f"A figure in {what} on {timezone.localtime(notice.said_at):%-d %B %Y}, is no longer what it said. What it "
            f"said, what it says now and why:\n\n{settings.SITE_URL}{reverse('savings:notices')}\n\n"
            f"If you do not want these e-mails: {settings.SITE_URL}{reverse('savings:reminders')}\n"
        ),
        to=[user.email],
        headers={"Message-ID": f"<notice-{notice.public_id}@{host}>"},
    )
