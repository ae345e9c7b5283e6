"""Work somebody waits for: asked for in a transaction, done by a worker, found again whatever happens.

The row is the queue and the broker only a doorbell. Attempts are counted in a transaction of their own before the
work, so a job that kills its worker still counts and stops after five. A session lock on the job's id says who is at
it: it goes with the connection, so a worker that dies frees its job at once, and a message delivered twice finds it
taken.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from councils.refusals import Refused
from councils.requests import request_id
from savings import doorbell, locks
from savings.models import Job

log = logging.getLogger(__name__)

ATTEMPTS = 5
QUIET = timedelta(seconds=10)  # a waiting job younger than this has its own doorbell on the way
LOCK = 0x6A6F62  # "job": the class of our advisory locks
WHY_GIVEN_UP = "It was tried five times and did not finish. An administrator can see why in the worker's log."

#: What each kind of job calls: a function of (job, progress), where progress(done, total, message) is shown at once.
KINDS: dict[str, Callable] = {}


def kind(name):
    """Register the function that does jobs of this kind."""

    def register(function):
        KINDS[name] = function
        return function

    return register


def ask(*, kind, by, at):
    """A new waiting `Job`, inside the caller's transaction; the doorbell rings when it commits."""
    job = Job.objects.create(kind=kind, person=by, asked_at=at)
    doorbell.ring(run.name, job.pk)
    return job


@shared_task(name="savings.jobs.run")
def run(pk):
    """Do one job. Safe to deliver twice: the second finds it taken or finished."""
    with locks.taken(LOCK, pk) as mine:
        job = _begin(pk) if mine else None
        if job is None:
            return
        token = request_id.set(f"job-{job.public_id}")
        try:
            KINDS[job.kind](job, _progress(job))
            _end(job, Job.State.DONE, "Ready.")
        except Refused as refusal:
            _end(job, Job.State.FAILED, str(refusal))
        except Exception:
            log.exception("a job failed", extra={"facts": {"job": str(job.public_id), "attempt": job.attempts}})
            if job.attempts >= ATTEMPTS:
                _end(job, Job.State.FAILED, WHY_GIVEN_UP)
            else:
                _end(job, Job.State.WAITING, "It did not finish and will be tried again.")
        finally:
            request_id.reset(token)


@shared_task(name="savings.jobs.sweep")
def sweep():
    """Ring for every job that waits without a bell or whose worker is gone."""
    quiet = timezone.now() - QUIET
    stuck = Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING], asked_at__lt=quiet)
    for pk in stuck.order_by("asked_at").values_list("pk", flat=True)[:200]:
        run.delay(pk)


def _begin(pk):
    """The job, marked as running with one more attempt, committed; None when there is nothing to do."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=pk).first()
        if job is None or job.state in (Job.State.DONE, Job.State.FAILED):
            return None
        if job.attempts >= ATTEMPTS:
            _end(job, Job.State.FAILED, WHY_GIVEN_UP)
            return None
        job.attempts += 1
        job.state, job.started_at, job.message = Job.State.RUNNING, timezone.now(), "Started."
        job.save(update_fields=["attempts", "state", "started_at", "message"])
    return job


def _progress(job):
    def show(done, total, message):
        Job.objects.filter(pk=job.pk).update(done=done, total=total, message=message)

    return show


def _end(job, state, message):
    ended = timezone.now() if state in (Job.State.DONE, Job.State.FAILED) else None
    Job.objects.filter(pk=job.pk).update(state=state, message=message, ended_at=ended)
