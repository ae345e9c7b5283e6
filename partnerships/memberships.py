"""Which partnerships a council is or was in, and who is or was in a partnership, as far as the reader may see."""

from typing import NamedTuple

from councils import carrying
from councils.lineage import Lineage
from councils.models import Council
from councils.succession import heirs

from .dates import span
from .models import Membership
from .models.arrangement import IsKept


class Belonging(NamedTuple):
    """One council in one partnership, from the day it joined to the day it left, whatever changed in between."""

    membership: Membership  # the row that holds on the day of reading; the first to come or the last that held, else
    partnership: object
    council: Council
    current: bool  # on the day of reading
    rows: tuple  # of `Membership`, each ending on the day on which the next begins
    kept: bool = True  # whether the partnership's ledger is kept here
    became: str = ""  # of a member that was abolished: when, and what its area is now

    @property
    def role(self):
        return self.membership.get_role_display()

    @property
    def when(self):
        first, last = self.rows[0], self.rows[-1]
        when = span(first.starts_on, first.starts_precision, last.ends_on, last.ends_precision)
        return when if first.council_id == self.council.pk else f"{when}, as {first.council.short_name}"


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


def with_ends(members, *, on):
    """`members` (of `members_of`, as it was), those abolished by the day `on` with what became of them. One query."""
    lineage = Lineage.read(on=on)
    return [each._replace(became=lineage.became(each.council)) for each in members]


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
    known = known.annotate(kept=IsKept("partnership_id"))
    spells: dict[tuple[int, int], list[list[Membership]]] = {}
    for each in sorted(known, key=lambda row: (row.starts_on, row.pk)):
        of_pair = spells.setdefault((each.partnership_id, each.council_id), [])
        if of_pair and of_pair[-1][-1].ends_on == each.starts_on:
            of_pair[-1].append(each)
        else:
            of_pair.append([each])
    return [_belonging(rows, on) for of_pair in spells.values() for rows in of_pair]


def _belonging(rows, on):
    begun = [each for each in rows if each.starts_on <= on] or rows[:1]
    told = begun[-1]
    return Belonging(told, told.partnership, told.council, _holds(told, on), tuple(rows), told.kept)


def _holds(membership, on):
    ending = getattr(membership.partnership, "ending", None)
    if ending and ending.ended_on <= on:
        return False
    return membership.starts_on <= on and (membership.ends_on is None or membership.ends_on > on)
