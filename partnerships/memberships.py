"""Which partnerships a council is or was in, and who is or was in a partnership, as far as the reader may see."""

from typing import NamedTuple

from councils import carrying
from councils.models import Council
from councils.succession import heirs

from .dates import span
from .models import Membership


class Belonging(NamedTuple):
    """One council in one partnership."""

    membership: Membership
    partnership: object
    council: Council
    current: bool  # on the day of reading

    @property
    def role(self):
        return self.membership.get_role_display()

    @property
    def when(self):
        known = self.membership
        when = span(known.starts_on, known.starts_precision, known.ends_on, known.ends_precision)
        return when if known.council_id == self.council.pk else f"{when}, as {known.council.short_name}"


def memberships_of(council, *, on):
    """Those that hold before those that ended, each in name order. One query.

    Read carried to successors, those of the councils it follows are among them.
    """
    known = _read(on, council__in=carrying.forebears([council.pk]))
    return sorted(known, key=lambda each: (not each.current, each.partnership.name))


def members_of(partnership, *, on):
    """Current members before former ones, hosts first, then by name. One query.

    Read carried to successors, those stand in the place of members that have ended.
    """
    known = _carried(_read(on, partnership=partnership), on)
    return sorted(known, key=lambda each: (not each.current, not each.membership.host, each.council.name))


def _carried(known, on):
    through = carrying.reading()
    if not through:
        return known
    heirs_of = {each.council.pk: heirs(each.council.pk, through) for each in known}
    councils = carrying.named({heir for found in heirs_of.values() for heir in found})
    return [
        each._replace(council=councils[heir], current=_holds(each.membership, on))
        for each in known
        for heir in heirs_of[each.council.pk]
    ]


def _read(on, **which):
    known = Membership.objects.current().filter(**which).select_related("partnership__ending", "council")
    return [Belonging(each, each.partnership, each.council, _holds(each, on)) for each in known]


def _holds(membership, on):
    ending = getattr(membership.partnership, "ending", None)
    if ending and ending.ended_on <= on:
        return False
    return membership.starts_on <= on and (membership.ends_on is None or membership.ends_on > on)
