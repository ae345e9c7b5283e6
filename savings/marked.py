"""Marking what was done for a council that is no more: “as successor, for Southmere”, by whose successor."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from councils.models import Council, Role
from councils.succession import heirs, line


def marks(council: Council, done: Iterable[tuple[int, datetime.datetime]]) -> dict[tuple[int, datetime.datetime], str]:
    """Words for each act (person id, moment) done for `council` after it passed on; none for what was done before.

    No query more than one while it lasts, and at most four.
    """
    late = [each for each in done if council.has_ended(timezone.localdate(each[1]))]
    if not late:
        return {}
    held = list(Role.objects.filter(person__in={person for person, _ in late}, council__isnull=False))
    through = line(on=max(timezone.localdate(moment) for _, moment in late))
    names = dict(Council.objects.values_list("pk", "short_name").filter(pk__in={role.council_id for role in held}))
    return {each: _words(council, each, held, names, through) for each in late}


def _words(council, each, held, names, through):
    person, moment = each
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
