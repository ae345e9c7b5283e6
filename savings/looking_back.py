"""Works out what readers asked for of the past and may not read the rows of: figures as they were shown then.

The audience is the one the partnership had at that moment. Of one that was shown to its members only, nothing is kept.
"""

import datetime
import logging

from django.db import connection, transaction

from councils.as_at import as_at
from partnerships.models import Audience
from savings.models import PastFigures
from savings.reporting import then

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
MOST = 200  # in one go; the sweep takes the others


def work_out_due() -> int:
    """Work out what is waiting, the longest waiting first; returns how many. As the worker."""
    due = (
        PastFigures.objects.filter(audience="", attempts__lt=MOST_ATTEMPTS).order_by("pk").values_list("pk", flat=True)
    )
    done = 0
    for pk in list(due[:MOST]):
        try:
            done += _begin(pk) and _work_out(pk)
        except Exception:
            log.exception("figures of the past could not be worked out", extra={"facts": {"asked": pk}})
    return done


@transaction.atomic
def _begin(pk):
    """Count an attempt; False when somebody else has done it or is at it."""
    asked = PastFigures.objects.select_for_update(skip_locked=True).filter(pk=pk, audience="").first()
    if asked is None:
        return False
    asked.attempts += 1
    asked.save(update_fields=["attempts"])
    return True


@transaction.atomic
def _work_out(pk):
    asked = PastFigures.objects.select_for_update(skip_locked=True).filter(pk=pk, audience="").first()
    if asked is None:
        return False
    with as_at(_moment(asked.moment)) as moment:
        last = Audience.objects.filter(partnership=asked.partnership_id).order_by("-pk").first()
        asked.audience = last.who if last else Audience.Who.MEMBERS
        shown = asked.audience != Audience.Who.MEMBERS
        asked.facts = then.worked_out(moment.at, asked.partnership_id, asked.audience) if shown else []
    asked.save(update_fields=["audience", "facts"])
    return True


def _moment(kept: int) -> datetime.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT moment FROM councils_moment WHERE id = %s", [kept])
        return cursor.fetchone()[0]
