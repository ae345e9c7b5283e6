"""Which partnerships a council is or was in, and who is or was in a partnership, as far as the reader may see."""

from typing import NamedTuple

from .dates import span
from .models import Membership


class Belonging(NamedTuple):
    """One council in one partnership."""

    membership: Membership
    partnership: object
    council: object
    current: bool  # on the day of reading

    @property
    def role(self):
        return self.membership.get_role_display()

    @property
    def when(self):
        known = self.membership
        return span(known.starts_on, known.starts_precision, known.ends_on, known.ends_precision)


def memberships_of(council, *, on):
    """Those that hold before those that ended, each in name order. One query."""
    return sorted(_read(on, council=council), key=lambda each: (not each.current, each.partnership.name))


def members_of(partnership, *, on):
    """Current members before former ones, hosts first, then by name. One query."""
    return sorted(
        _read(on, partnership=partnership),
        key=lambda each: (not each.current, not each.membership.host, each.council.name),
    )


def _read(on, **which):
    known = Membership.objects.current().filter(**which).select_related("partnership__ending", "council")
    return [Belonging(each, each.partnership, each.council, _holds(each, on)) for each in known]


def _holds(membership, on):
    ending = getattr(membership.partnership, "ending", None)
    if ending and ending.ended_on <= on:
        return False
    return membership.starts_on <= on and (membership.ends_on is None or membership.ends_on > on)
