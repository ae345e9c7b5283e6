"""When checkpoints are made, and that whoever asked is sent each of them once. The worker's work; the sweep repeats it.

One a day, and one as soon as a quarter was closed: a close is known by its event's number, not by a clock, so one that
commits late is not overlooked. A mail is a row written with its checkpoint and claimed before each try: two workers
never send the same one, and a mail server that is away only delays it. A worker killed between the server's yes and
our note of it sends that one again, under the same Message-ID.
"""

import datetime
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from councils import checkpoints
from councils.models import Checkpoint, CheckpointMail, CheckpointWish, Person, Role, User
from councils.rights import AUDITOR, LEAD

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
LONGEST_WAIT = 6 * 60  # minutes between two tries
CLOSED_SINCE = """
SELECT EXISTS (
    SELECT 1 FROM councils_stream s
    LEFT JOIN unnest(%(keys)s::text[], %(sequences)s::bigint[]) AS h (key, sequence) ON h.key = s.key
    JOIN councils_event e ON e.stream_id = s.id AND e.sequence > coalesce(h.sequence, 0)
    JOIN savings_return r ON r.act_id = e.act_id AND r.step = 'closed')
"""


def make_due(now: datetime.datetime) -> Checkpoint | None:
    """The checkpoint that was due at `now`, made with the mails it is to be sent by; None when none was due."""
    with transaction.atomic():
        checkpoints.alone()
        if not (why := due(now)):
            return None
        made = checkpoints.make(by=Person.objects.get(system=True), at=now, why=why)
        CheckpointMail.objects.bulk_create(
            CheckpointMail(checkpoint=made, user=user, try_after=now) for user in recipients(now)
        )
    log.info("a checkpoint was made", extra={"facts": {"why": why, "root": made.root, "key": made.key}})
    return made


def due(now: datetime.datetime) -> str:
    """Why a checkpoint has to be made at `now`; empty when none has. Those somebody asked for do not count."""
    last = Checkpoint.objects.exclude(why=Checkpoint.Why.ASKED).order_by("-pk").first()
    if last is None:
        return Checkpoint.Why.DAILY
    heads = checkpoints.heads_of(last)
    with connection.cursor() as cursor:
        cursor.execute(CLOSED_SINCE, {"keys": [h.key for h in heads], "sequences": [h.sequence for h in heads]})
        (closed,) = cursor.fetchone()
    if closed:
        return Checkpoint.Why.CLOSE
    return Checkpoint.Why.DAILY if timezone.localdate(last.moment) < timezone.localdate(now) else ""


def recipients(now: datetime.datetime) -> list[User]:
    """The open accounts of everybody who wants checkpoints and is an auditor or a finance lead."""
    latest = CheckpointWish.objects.order_by("person_id", "-pk").distinct("person_id")
    wanting = [wish.person_id for wish in latest if wish.wanted]
    entitled = Role.objects.in_force(timezone.localdate(now)).filter(what__in=[AUDITOR, LEAD], person_id__in=wanting)
    return list(User.objects.filter(is_active=True, person_id__in=entitled.values("person_id")).order_by("pk"))


def send_due(now: datetime.datetime) -> int:
    """Try every mail whose turn it is; returns how many were sent."""
    waiting = CheckpointMail.objects.filter(sent_at=None, dropped_at=None, try_after__lte=now)
    turns = waiting.order_by("try_after", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
    entitled = {user.pk for user in recipients(now)} if turns else set()
    return sum(_try(pk, now, entitled) for pk in turns)


def _try(pk: int, now: datetime.datetime, entitled: set[int]) -> bool:
    mail = _claimed(pk, now)
    if mail is None:
        return False
    mine = CheckpointMail.objects.filter(pk=pk)
    if mail.user_id not in entitled:
        mine.update(dropped_at=now)
        return False
    try:
        message(mail.checkpoint, mail.user).send()
    except (OSError, SMTPException) as problem:
        facts = {"mail": pk, "attempt": mail.attempts, "problem": type(problem).__name__}
        log.warning("a checkpoint could not be sent; it will be tried again", extra={"facts": facts})
        return False
    mine.update(sent_at=now)
    return True


def _claimed(pk: int, now: datetime.datetime) -> CheckpointMail | None:
    """The mail, its next try counted and put off before this one begins; None when somebody else has it."""
    with transaction.atomic():
        free = CheckpointMail.objects.select_for_update(skip_locked=True, of=("self",))
        mail = free.filter(pk=pk, sent_at=None, dropped_at=None, try_after__lte=now).first()
        if mail is None:
            return None
        mail.attempts += 1
        mail.try_after = now + datetime.timedelta(minutes=min(2**mail.attempts, LONGEST_WAIT))
        mail.save(update_fields=["attempts", "try_after"])
    return CheckpointMail.objects.select_related("checkpoint", "user").get(pk=pk)


def message(checkpoint: Checkpoint, user: User) -> EmailMessage:
    """Plain text in which the figures can be read out over the telephone, with the file to keep."""
    local = timezone.localtime(checkpoint.moment)
    page = settings.SITE_URL + "/assurance/"
    text = render_to_string(
        "savings/assurance/mail.txt",
        {"checkpoint": checkpoint, "streams": len(checkpoints.heads_of(checkpoint)), "page": page},
    )
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    mail = EmailMessage(
        subject=f"Banked: checkpoint of {local:%-d %B %Y, %H:%M}",
        body=text,
        to=[user.email],
        headers={"Message-ID": f"<checkpoint-{checkpoint.public_id}-{user.pk}@{host}>"},
    )
    mail.attach(file_name(checkpoint), checkpoints.as_text(checkpoint), "application/json")
    return mail


def file_name(checkpoint: Checkpoint) -> str:
    return f"checkpoint-{checkpoint.moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}.json"
