"""What Celery calls: doors into reporting and jobs, each safe to run twice.

The heartbeat stands in savings/celery.py and the tasks of jobs in savings/jobs.py.
"""

import logging

from celery import shared_task
from django.utils import timezone

from councils.signing import NoKey
from savings import checkpointing, correcting, jobs, looking_back, members_letters, reminders, turning, verifying
from savings.actions import invitation_letters, letters
from savings.reporting import rollups
from savings.reports import build

# Celery finds the tasks of jobs, and jobs their kinds, by these imports.
__all__ = ["build", "drain", "jobs", "sweep", "write_invitations", "write_letters", "write_to_members"]

log = logging.getLogger(__name__)

LONGEST_DRAIN = 60  # seconds, so that what else waits in the queue has its turn


@shared_task(name="savings.roll_up.drain")
def drain() -> None:
    """Somebody rang: bring what is stale up to date. With nothing stale it costs one query."""
    drained = rollups.drain(seconds=LONGEST_DRAIN)
    if drained.more:
        drain.delay()
    elif drained.recomputed:
        tell_corrections()


@shared_task(name="savings.roll_up.sweep")
def sweep() -> None:
    """Nobody may have rung, or the broker forgot: look all the same."""
    drain()


@shared_task(name="savings.past.work_out")
def work_out_past() -> None:
    """Somebody asked for figures of the past that are only shown to them. With none asked for it costs one query."""
    looking_back.work_out_due()


@shared_task(name="savings.corrections.tell")
def tell_corrections() -> None:
    """Tell who relied on a figure that has changed, and send what is still to be sent."""
    correcting.write_due(timezone.now())
    correcting.send_due(timezone.now())


@shared_task(name="savings.calendar.remind")
def remind() -> None:
    """Whoever has to act on a return soon is told by e-mail, once."""
    reminders.remind(timezone.now())


@shared_task(name="savings.calendar.turn")
def turn() -> None:
    """When a year has become complete, what lapsed with it is marked, once."""
    turning.turn(timezone.now())


@shared_task(name="savings.confirmations.write_letters")
def write_letters() -> None:
    """Ask the contacts that were not asked yet, and remind those who have not answered; every few minutes, and rung."""
    letters.write_due(at=timezone.now())


@shared_task(name="savings.invitations.write_letters")
def write_invitations() -> None:
    """Send the invitations that were not sent yet; every few minutes, and rung."""
    invitation_letters.write_due(at=timezone.now())


@shared_task(name="savings.members.write_letters")
def write_to_members() -> None:
    """Tell the leads who are asked to join, to agree or that somebody leaves; every few minutes. Once for each."""
    members_letters.write_due(timezone.now())


@shared_task(name="savings.checkpoints.sweep")
def checkpoint() -> None:
    """Make the checkpoint that is due, and send what is still to be sent. With nothing due it costs three queries."""
    try:
        checkpointing.make_due(timezone.now())
    except NoKey as refusal:  # what was made before is still to be sent
        log.error("no checkpoint can be made", extra={"facts": {"why": str(refusal)}})
    checkpointing.send_due(timezone.now())


@shared_task(name="savings.verify.sweep", time_limit=6 * 60 * 60)
def verify() -> None:
    """Verify the ledger once a night. Found running by a second delivery, it is left alone."""
    verifying.verify_when_due(timezone.now())
