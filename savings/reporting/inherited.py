"""Recurring savings that pass to a successor: from its first whole year on it attests its share of what was banked.

Nothing moves in the ledger. What a predecessor banked in its last year is read as if its successors, by their shares,
had banked it in the year before theirs, so that they are asked to attest it, have its run-rate, and let it lapse.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from councils.succession import Line, Passing, ancestry, shared_out
from councils.years import FinancialYear
from partnerships.models import Membership
from savings.analysis.persistence import InYear, run_rate
from savings.models import SavingEnded

#: Partnership, council, scheme (ids) and class.
Key = tuple[int, int, int, str]


class Part(NamedTuple):
    """What came of one predecessor: its share of what was banked for the year."""

    council: int
    pence: int
    of: int


class Inheritance(NamedTuple):
    """What one key has from predecessors."""

    year: int  # financial-year start: the predecessors' last
    parts: list[Part]  # of that year
    pence: dict[int, int]  # of every year, the shares: what the spells of the saving are read from
    months: int
    whole: bool


def family(council: int, line: Line) -> list[int]:
    """A council, those before it and after: whose rows tell what it has and what became of its own."""
    after = {council}
    while further := {one.successor for each in after for one in line.get(each, ())} - after:
        after |= further
    return sorted(ancestry({council}, line) | after)


class Inherited:
    """Reads the memberships and endings that decide who inherits, once; `all` by key of the successor."""

    def __init__(self, found: dict[Key, dict[int, InYear]], whole: dict[Key, bool], line: Line, on: datetime.date):
        self.found, self.whole, self.on = found, whole, on
        self.all: dict[Key, Inheritance] = {}
        self.heirs: defaultdict[Key, list[Key]] = defaultdict(list)  # of a predecessor's key
        gone = {key[1] for key in found} & set(line)
        if gone:
            self._read({key[0] for key in found})
            every = sorted((passing for each in line.values() for passing in each), key=lambda one: one.on)
            for _, day in groupby(every, key=lambda one: one.on):  # in order of time: some pass on twice
                by_predecessor: defaultdict[int, list[Passing]] = defaultdict(list)
                for passing in day:
                    by_predecessor[passing.predecessor].append(passing)
                for passings in by_predecessor.values():
                    self._pass_on(passings)

    def years(self, key: Key) -> dict[int, InYear]:
        """What a key banked itself, and in the year before it began also what it inherited."""
        own, has = self.found.get(key, {}), self.all.get(key)
        if not has:
            return own
        share = InYear(sum(part.pence for part in has.parts), has.months)
        before = own.get(has.year)
        if before and before.months != share.months:
            share = InYear(run_rate(before) + run_rate(share), 12)
        elif before:
            share = InYear(before.pence + share.pence, share.months)
        return {**own, has.year: share}

    def gone_on(self, key: Key) -> bool:
        """Whether a successor has banked anything of it since it passed on."""
        return any(
            year > self.all[heir].year and each.pence > 0
            for heir in self.heirs.get(key, ())
            for year, each in self.found.get(heir, {}).items()
        )

    def _read(self, partnerships: Iterable[int]):
        self.ended = set(
            SavingEnded.objects.filter(partnership__in=partnerships).values_list(
                "partnership", "council", "scheme", "benefit_class", "year"
            )
        )
        self.members = defaultdict(list)
        for each in Membership.objects.current().filter(partnership__in=partnerships):
            self.members[each.partnership_id, each.council_id].append((each.starts_on, each.ends_on))

    def _pass_on(self, passings: list[Passing]):
        last = _last_year(passings[0].on)
        begins = FinancialYear(last + 1).first_day
        if begins > self.on:
            return
        shares = [passing.share_bps for passing in passings]
        for key in sorted({*self.found, *self.all}):
            pair, council, scheme, benefit_class = key
            years = self.years(key)
            if council != passings[0].predecessor or years.get(last, InYear(0, 1)).pence <= 0:
                continue
            if (pair, council, scheme, benefit_class, last + 1) in self.ended:
                continue
            had = dict(self.all[key].pence) if key in self.all else {}
            for year, each in self.found.get(key, {}).items():
                had[year] = had.get(year, 0) + each.pence
            parts = shared_out(years[last].pence, shares)
            for position, passing in enumerate(passings):
                if parts[position] and self._member(pair, passing.successor, begins):
                    history = {year: shared_out(pence, shares)[position] for year, pence in had.items()}
                    self._add(
                        (pair, passing.successor, scheme, benefit_class),
                        Part(council, parts[position], years[last].pence), last, history,
                        years[last].months, self._is_whole(key),
                    )  # fmt: skip
                    self.heirs[key].append((pair, passing.successor, scheme, benefit_class))

    def _add(self, key, part, year, history, months, whole):
        has = self.all.get(key)
        if not has or has.year != year:  # what came earlier was attested since, or is not passed on any more
            self.all[key] = Inheritance(year, [part], history, months, whole)
            return
        for each, pence in history.items():
            has.pence[each] = has.pence.get(each, 0) + pence
        self.all[key] = has._replace(parts=[*has.parts, part], whole=has.whole or whole, months=max(has.months, months))

    def _is_whole(self, key):
        return self.whole[key] if key in self.whole else self.all[key].whole

    def _member(self, pair, council, day):
        return any(
            starts <= day and (ends is None or ends > day) for starts, ends in self.members.get((pair, council), ())
        )


def _last_year(day: datetime.date) -> int:
    """The financial year in which, or at whose end, a council that passes on on the day was there last."""
    return FinancialYear.containing(day - datetime.timedelta(days=1)).start
