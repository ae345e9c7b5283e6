"""Figures of a past moment: facts worked out from the ledger as it was, put where readers look for the kept ones.

Inside `councils.as_at.as_at` the relation `savings_rollup` holds only what `work_out` has put there in this
transaction. A partnership and year costs some milliseconds, so it is done for the partnerships a reader asks about,
and never for the whole register at once. What is only shown to the reader is worked out by the worker and kept, because
they may read no row of it: at the end of a day, and for the audience that it had then.
"""

import datetime
import json

from django.db import connection
from django.utils import timezone

from councils.as_at import reading
from councils.refusals import Refused
from partnerships.models import Audience, Membership
from savings import doorbell
from savings.models import PastFigures, Rollup

from . import lines, rows
from .facts import facts

MOST = 400  # partnership-years in one answer: some seconds
DAY_ENDS = datetime.time(23, 59, 59, 999999)
NUMBERS = [field.column for field in Rollup._meta.concrete_fields if field.get_internal_type().endswith("IntegerField")]


def work_out(**which: object) -> None:
    """Make readable the facts of the partnerships that `which` finds; in the present there is nothing to do.

    `which` filters members: `council`, `council__in`, `partnership` or `partnership__in`; nothing finds everything that
    the reader may see. Raises `Refused` when there are more than `MOST` partnership-years to work out.
    """
    moment = reading()
    if moment is None:
        return
    found = _put_there()
    known = {each["partnership_id"] for each in found}
    partnerships = set(Membership.objects.filter(**which).values_list("partnership_id", flat=True)) - known
    keys = rows("keys_of_partnerships", lambda *key: key, partnerships=sorted(partnerships))
    if len(keys) > MOST:
        raise Refused(
            f"That is {len(keys):,} partnership-years to work out for a past moment, and at most {MOST} can be done "
            "while you wait. Ask for one council or one partnership."
        )
    _ask(partnerships)
    # a partnership about which the ledger said nothing is remembered by a fact of no council
    found += [_fact(moment.at, partnership, None, 0, {}) for partnership in sorted(partnerships)]
    for partnership, year in keys:
        by_council = facts(lines.read(partnership, year))
        found += [_fact(moment.at, partnership, council, year, by_council[council]) for council in sorted(by_council)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('banked.as_at_facts', %s, true)", [json.dumps(found)])


def worked_out(at: datetime.datetime, partnership: int, audience: str) -> list[dict]:
    """The facts of a partnership at the moment being read, as `audience` finds them; as the worker."""
    years = rows("keys_of_partnerships", lambda _, year: year, partnerships=[partnership])
    return [
        _fact(at, partnership, council, year, columns) | {"audience": audience}
        for year in years
        for council, columns in sorted(facts(lines.read(partnership, year)).items())
    ]


def waiting(partnerships: list[int]) -> set[int]:
    """Those of `partnerships` whose figures, as they were shown then, are still being worked out."""
    moment = reading()
    if moment is None:
        return set()
    due = PastFigures.objects.filter(moment=moment.id, partnership__in=partnerships, audience="")
    return set(due.values_list("partnership_id", flat=True))


def only_by_the_day() -> bool:
    """Whether a moment within a day is being read, of which nothing is given to those who are no members."""
    moment = reading()
    return moment is not None and timezone.localtime(moment.at).time() != DAY_ENDS


def _ask(partnerships):
    """The worker is asked for what is shown to the reader and not theirs: they may read no row of it."""
    if not partnerships:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT past_ask(%s)", [sorted(partnerships)])
        if cursor.fetchone()[0]:
            doorbell.ring("savings.past.work_out")


def _put_there() -> list[dict]:
    """What this transaction has worked out already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('banked.as_at_facts')")
        return json.loads(cursor.fetchone()[0])


def _fact(at, partnership, council, year, columns):
    """One row in the shape of `Rollup`, as its members see it."""
    named = {"audience": Audience.Who.MEMBERS, "partnership_id": partnership, "council_id": council, "year": year}
    return dict.fromkeys(NUMBERS, 0) | dict(columns) | named | {"computed_at": at.isoformat()}
