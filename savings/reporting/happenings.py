"""What happened under some acts, in a line for each row or, of entries, for each act; a query for each kind of row.

`TELLINGS` says of every other kind of row what is said of it. A row of a council is told to readers of that council
and of its partnership; a row that is the partnership's and no council's, to readers of either.
"""

import datetime
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.urls import reverse

from councils.models import Sealed
from councils.money import pounds
from partnerships.models import Membership
from savings import words
from savings.models import Charge, Confirmation, ConfirmationAnswer, Entry, Support
from savings.models.typed import Series


class News(NamedTuple):
    """One line: when, who, what they did, and where it can be read."""

    at: datetime.datetime
    who: str
    did: str
    url: str
    person: int | None = None  # who, by id, where it was done for a council; for which:
    council: int | None = None
    mark: str = ""  # “Westvale, as successor, for Southmere”


class Done(NamedTuple):
    """An act: when, and by whom, as far as the reader may know."""

    at: datetime.datetime
    who: str
    person: int | None = None

    def news(self, did: str, url: str, council: int | None = None) -> News:
        """A line about it; `council` is the id of the council it was done for, where it was one."""
        return News(self.at, self.who, did, url, self.person, council)


Acts = dict[int, Done]


class Telling(NamedTuple):
    """What is said of one kind of row. `did` says what was done and `url` where it can be read."""

    model: type[Sealed]
    joins: tuple[str, ...]
    did: Callable[[Any], str]
    url: Callable[[Any], str]
    shared: bool = False  # the partnership's, and no council's
    partnership: str = "partnership"  # by which name it is found; empty: a council's own matter
    but: Q | None = None  # those that are told otherwise, or not at all
    own: bool = True  # done by people of its council, or of its successors; a membership may be others' work

    def news(self, acts: Acts, which: dict[str, Any]) -> Iterator[News]:
        whose = self._whose(which)
        if whose is None:
            return
        found = self.model._default_manager.filter(whose, act__in=list(acts))
        if self.joins:  # with none named Django would join every parent, and of acts few may be seen
            found = found.select_related(*self.joins)
        for each in found.exclude(self.but) if self.but else found:
            council = getattr(each, "council_id", None) if self.own else None
            yield acts[each.act_id].news(self.did(each), self.url(each), council)

    def _whose(self, which):
        if council := which.get("council"):
            mine = Membership.objects.filter(council=council).values("partnership")
            return Q(**{f"{self.partnership}__in": mine}) if self.shared else Q(council=council)
        return Q(**{self.partnership: which["partnership"]}) if self.partnership else None


def entries(acts: Acts, which: dict[str, Any]) -> Iterator[News]:
    """One line for an act, however many amounts it recorded; what an approval posted is told with the approval."""
    by_act: dict[int, list[Entry]] = {}
    found = Entry.objects.filter(act__in=list(acts), **which).exclude(series=Series.PROJECTED)
    for entry in found.select_related("scheme", "reverses__scheme").order_by("pk"):
        by_act.setdefault(entry.act_id, []).append(entry)
    for act, some in by_act.items():
        first, new = some[0], [entry for entry in some if not entry.reverses_id]
        did = "forecast" if first.series == Series.FORECAST else "recorded"
        if len(some) == 1:
            did = f"reversed {words.spoken(first.reverses)}" if first.reverses_id else f"{did} {words.spoken(first)}"
        else:
            did += f" {len(new)} amounts, {pounds(sum(entry.amount_pence for entry in new))} in all"
            did += f", and reversed {len(some) - len(new)}" if len(some) > len(new) else ""
        yield acts[act].news(did, first.get_absolute_url(), first.council_id)


def documents(acts: Acts, which: dict[str, Any]) -> Iterator[News]:
    """Attached after the entry was recorded, or withdrawn; what came with the entry is told with it."""
    found = Support.objects.filter(act__in=list(acts), **which).exclude(act=F("entry__act"))
    for each in found.select_related("document", "entry__scheme"):
        did = "withdrew" if each.withdraws_id else "attached"
        did += f" “{each.document.title}” {'from' if each.withdraws_id else 'to'} {words.spoken(each.entry)}"
        yield acts[each.act_id].news(did, each.entry.get_absolute_url(), each.council_id)


def charges(acts: Acts, which: dict[str, Any]) -> Iterator[News]:
    found = Charge.objects.filter(act__in=list(acts), **which).exclude(series=Series.PROJECTED)
    for each in found.select_related("payer", "receiver", "partnership"):
        did = f"{'reversed' if each.reverses_id else 'reported'} a charge: {words.spoken_charge(each)}"
        url = f"{reverse('savings:charges')}?partnership={each.partnership.slug}"
        yield acts[each.act_id].news(did, url, each.council_id)


def confirmations(acts: Acts, which: dict[str, Any]) -> Iterator[News]:
    found = Confirmation.objects.filter(act__in=list(acts), **which)
    for each in found.select_related("council", "request").prefetch_related("answers__line"):
        disagree = [answer for answer in each.answers.all() if answer.answer != ConfirmationAnswer.Answer.AGREED]
        said = f"disagreed with {len(disagree)} of the lines" if disagree else "agreed with every line"
        total = pounds(sum(answer.line.amount_pence for answer in each.answers.all()))
        did = f"answered for {each.council.short_name} about {words.quarter(each.quarter)}, {total}: {said}"
        yield acts[each.act_id].news(did, each.request.get_absolute_url(), each.council_id)
