"""Asking to be sent checkpoints, and waking the worker when one is due."""

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.models import CheckpointWish, Role
from councils.refusals import Refused
from councils.rights import AUDITOR, LEAD
from savings import doorbell


@transaction.atomic
def wish(*, by, at, wanted):
    """`by` wants each checkpoint by e-mail from now on, or no longer; returns the row that says so.

    Saying again what already holds writes nothing. Raises `Refused`.
    """
    last = CheckpointWish.objects.filter(person=by).order_by("-pk").first()
    if last and last.wanted == wanted:
        return last
    holds = Role.objects.in_force(timezone.localdate(at)).filter(person=by, what__in=[AUDITOR, LEAD])
    if wanted and not holds.exists():
        raise Refused("Checkpoints are sent to auditors and finance leads.")
    verb = "asked for checkpoints" if wanted else "wants no more checkpoints"
    with act(by=by, at=at, verb=verb, register=True) as this:
        return CheckpointWish.objects.create(act=this, person=by, wanted=wanted)


def ring():
    """Once the transaction has committed, a worker makes the checkpoint that is due; the sweep would in a minute."""
    doorbell.ring("savings.checkpoints.sweep")
