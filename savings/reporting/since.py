"""What happened to a council or partnership since somebody last read it, in plain words with links, newest first.

Heads of streams say what was read, not moments: a transaction that commits late is on its stream after the head that
was kept, and so is never missed.
"""

import json

from django.db import connection

from councils.models import Council, Person
from savings.marked import marks_of
from savings.models import Seen

from . import happenings
from .happenings import Acts, Done, News
from .told import TELLINGS

MOST_ACTS = 100


def last_seen(person, **which) -> Seen | None:
    """`which` is `council=…` or `partnership=…`. One query."""
    return Seen.objects.filter(person=person, **which).order_by("-pk").first()


def heads_now(*, council=None, partnership=None) -> dict[str, int]:
    """{stream id: its newest event's sequence} of the council's stream, or of those of the partnership's members, and
    of the register, which holds what belongs to a partnership and no council."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT told_heads(%s, %s)::text", _ids(council, partnership))
        return json.loads(cursor.fetchone()[0])


def news(*, person, council=None, partnership=None) -> list[News]:
    """Some forty queries, however much happened; the newest `MOST_ACTS` acts are told."""
    which = {"council": council} if council else {"partnership": partnership}
    acts = _acts(person, **which)
    if not acts:
        return []
    several = (happenings.entries, happenings.documents, happenings.charges, happenings.confirmations)
    found = [line for tell in several for line in tell(acts, which)]
    found += [line for telling in TELLINGS for line in telling.news(acts, which)]
    return sorted(_marked(found), key=lambda each: each.at, reverse=True)


def unread(person, councils) -> dict[int, int]:
    """{council id: acts since it was last read} for councils of the person's own; counts stop at `MOST_ACTS`."""
    return {council.pk: len(_acts_after(last_seen(person, council=council), council, None)) for council in councils}


def _acts(person, *, council=None, partnership=None) -> Acts:
    """By act id, in act order. Of somebody whom the reader may not know no more is said than that."""
    which = {"council": council} if council else {"partnership": partnership}
    rows = _acts_after(last_seen(person, **which), council, partnership)
    names = dict(Person.objects.filter(pk__in={row[2] for row in rows}).values_list("pk", "name"))
    return {act: Done(at, names.get(whom, "Somebody"), whom) for act, at, whom in sorted(rows)}


def _marked(found: list[News]) -> list[News]:
    """The same, what was done for a council that had ended saying by whose successor. One query while all last."""
    councils = Council.objects.with_end().in_bulk({each.council for each in found if each.council})
    deeds = [(each.council or 0, each.person or 0, each.at) for each in found]  # no council and nobody have the id 0
    marks = marks_of(councils, deeds)
    return [each._replace(mark=marks.get(deed, "")) for each, deed in zip(found, deeds, strict=True)]


def _acts_after(seen, council, partnership):
    heads = json.dumps(seen.heads if seen else {})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act_id, at, person_id FROM told_acts(%s, %s, %s::jsonb, %s)",
            [*_ids(council, partnership), heads, MOST_ACTS],
        )
        return cursor.fetchall()


def _ids(council, partnership):
    return council and council.pk, partnership and partnership.pk
