"""Marking what was done for a council that is no more: “as successor, for Southmere”, by whose successor."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from councils.models import Council, Role
from councils.succession import heirs, line

#: Council id, person id, moment: for whom it was done, by whom, and when.
Deed = tuple[int, int, datetime.datetime]


def marks(council: Council, done: Iterable[tuple[int, datetime.datetime]]) -> dict[tuple[int, datetime.datetime], str]:
    """Words for each act (person id, moment) done for `council` after it passed on; none for what was done before.

    No query more than one while it lasts, and at most four.
    """
    found = marks_of({council.pk: council}, [(council.pk, *each) for each in done])
    return {(person, moment): words for (_, person, moment), words in found.items()}


def marks_of(councils: dict[int, Council], done: Iterable[Deed]) -> dict[Deed, str]:
    """The same for several `councils` (by id, read `with_end`). Three queries where something is to be marked."""
    late = [each for each in done if each[0] in councils and _after_the_end(councils[each[0]], each)]
    if not late:
        return {}
    held = list(Role.objects.filter(person__in={person for _, person, _ in late}, council__isnull=False))
    through = line(on=max(timezone.localdate(moment) for *_, moment in late))
    names = dict(Council.objects.values_list("pk", "short_name").filter(pk__in={role.council_id for role in held}))
    return {each: _words(councils[each[0]], each, held, names, through) for each in late}


def _after_the_end(council, deed):
    return council.has_ended(timezone.localdate(deed[2]))


def _words(council, deed, held, names, through):
    _, person, moment = deed
    day = timezone.localdate(moment)
    then = {before: passings for before, passings in through.items() if passings[0].on <= day}
    after = set(heirs(council.pk, then))
    own = {
        role.council_id
        for role in held
        if role.person_id == person and role.starts_on <= day and (role.ends_on is None or role.ends_on > day)
    }
    named = " and ".join(sorted(names[pk] for pk in own & after if pk in names))
    return f"{named}, as successor, for {council.short_name}" if named else f"as successor, for {council.short_name}"
