"""What became of a council, and what it follows, told as a person would: each step with its date, and who is there now.

Everything is told from one reading of the successions (`Lineage.read`), as of one day: what lies ahead is left out.
"""

import datetime
from collections.abc import Sequence
from typing import Self

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .models import Council, Succession
from .succession import WHOLE, Passing, carried, lined_up


class Lineage:
    """The successions that have come about by the day `on`, and the councils they name."""

    def __init__(self, successions: Sequence[Succession], *, on: datetime.date):
        known = [each for each in successions if each.on <= on]
        self.councils: dict[int, Council] = {}
        for each in known:
            self.councils |= {each.predecessor_id: each.predecessor, each.successor_id: each.successor}
        self._basis = {(each.predecessor_id, each.successor_id): each.share_basis for each in known}
        self.line = lined_up(Passing(each.predecessor_id, each.successor_id, each.on, each.share_bps) for each in known)

    @classmethod
    def read(cls, *, on: datetime.date) -> Self:
        """One query: a reorganisation is rare, so that all there ever were are a page of rows."""
        return cls(list(Succession.objects.select_related("predecessor", "successor")), on=on)

    def became(self, council: Council) -> SafeString:
        """`abolished 1 April 2019; its area passed to Somerset West and Taunton (abolished 1 April 2023) and is now
        Somerset`; empty while it is there. Names are links, shares are of the whole that ended."""
        if council.pk not in self.line:
            return format_html("ended {}", f"{council.ended_on:%-d %B %Y}") if council.ended_on else mark_safe("")
        return format_html("abolished {}; {}", _day(self.line[council.pk][0].on), self.area(council))

    def area(self, council: Council) -> SafeString:
        """`its area is now North Northamptonshire (46.28%) and West Northamptonshire (53.72%)`, and by what."""
        found = self.heirs_of(council)
        now = _listed([self._share(council, heir, bps, several=len(found) > 1) for heir, bps in found])
        basis = self._basis_of(council) if len(found) > 1 else ""
        by = format_html(" (shares: {})", basis) if basis else ""
        between = self.between(council)
        if not between:
            return format_html("its area is now {}{}", now, by)
        steps = [(self.link(each, council), _day(self.line[each][0].on)) for each in between]
        through = _listed([format_html("{} (abolished {})", *step) for step in steps])
        return format_html("its area passed to {} and is now {}{}", through, now, by)

    def heirs_of(self, council: Council) -> list[tuple[int, int]]:
        """Who is there now for a council that ended, and basis points of it; in order of name."""
        shares = carried(WHOLE, council.pk, self.line)
        return sorted(shares.items(), key=lambda each: self.councils[each[0]].name)

    def between(self, council: Council) -> list[int]:
        """Successors that have ended in their turn, earliest first."""
        found: dict[int, datetime.date] = {}
        waiting = [council.pk]
        while waiting:
            for each in self.line.get(waiting.pop(), ()):
                if each.successor in self.line and each.successor not in found:
                    found[each.successor] = self.line[each.successor][0].on
                    waiting.append(each.successor)
        return sorted(found, key=lambda each: (found[each], each))

    def before(self, council: Council) -> SafeString:
        """`which followed Taunton Deane and West Somerset on 1 April 2019`; empty where the register knows of none."""
        steps = sorted(
            (each for passings in self.line.values() for each in passings if each.successor == council.pk),
            key=lambda each: self.councils[each.predecessor].name,
        )
        if not steps:
            return mark_safe("")
        names = _listed([self.link(each.predecessor, council) for each in steps])
        return format_html("which followed {} on {}", names, _day(min(each.on for each in steps)))

    def elsewhere(self, county: Council, districts: Sequence[Council]) -> list[SafeString]:
        """Districts of a county that went to another council than the county did: `Christchurch went to …`."""
        if county.pk not in self.line:
            return []
        with_county = {heir for heir, _ in self.heirs_of(county)}
        parted = []
        for each in districts:
            found = [heir for heir, _ in self.heirs_of(each)] if each.pk in self.line else []
            if found and not with_county & set(found):
                to = _listed([self.link(heir) for heir in found])
                parted.append(format_html("{} went to {}", self.link(each.pk), to))
        return parted

    def link(self, pk: int, beside: Council | None = None) -> SafeString:
        """Its short name; the whole name where the council it is told beside bears the same."""
        council = self.councils[pk]
        name = council.name if beside and beside.short_name == council.short_name else council.short_name
        return format_html('<a class="govuk-link" href="{}">{}</a>', council.get_absolute_url(), name)

    def _share(self, council, heir, bps, *, several):
        link = self.link(heir, council)
        return format_html("{} ({}%)", link, f"{bps / 100:.2f}") if several else link

    def _basis_of(self, council):
        """How it was shared out, where the register gives one way."""
        found = {self._basis[council.pk, each.successor] for each in self.line[council.pk]}
        return found.pop() if len(found) == 1 and len(self.line[council.pk]) > 1 else ""


def _day(day: datetime.date) -> str:
    return f"{day:%-d %B %Y}"


def _listed(parts: Sequence[SafeString]) -> SafeString:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return parts[0] if parts else mark_safe("")
    return format_html("{} and {}", format_html_join(", ", "{}", ((each,) for each in parts[:-1])), parts[-1])
