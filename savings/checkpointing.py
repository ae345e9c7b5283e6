"""When checkpoints are made, and that whoever asked is sent each of them once. The worker's work; the sweep repeats it.

One a day, and one as soon as a quarter was closed: a close is known by its event's number, not by a clock, so one that
commits late is not overlooked. A mail is a row written with its checkpoint, and sent as `savings.posting` sends mails.
"""

import datetime
import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from councils import checkpoints
from councils.models import Checkpoint, CheckpointMail, CheckpointWish, Person, Role, User
from councils.rights import AUDITOR, LEAD
from savings import posting

log = logging.getLogger(__name__)

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
    turns = posting.waiting(CheckpointMail, now)
    entitled = {user.pk for user in recipients(now)} if turns else set()

    def write(mail: CheckpointMail) -> EmailMessage | None:
        return message(mail.checkpoint, mail.user) if mail.user_id in entitled else None

    return sum(posting.post(CheckpointMail, pk, now, write) for pk in turns)


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
