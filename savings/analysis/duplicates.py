"""Which claims say the same thing twice, or call a transfer a saving?

Leans on size, service, year and document: two near amounts for one service, one from a provider and one from a
receiver, are taken for one saving seen from both ends. Wrong when two real savings look alike, which is why a
person may resolve a pair as distinct, and blind to a claim split into parts. Source: EVIDENCE section 3, rules 1-3.
Every function takes cashable saving lines only. A line whose entries cancel claims nothing and is left alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations

from savings.analysis.lines import Charge, Id, Line, Member
from savings.analysis.parameters import CURRENT, Parameters
from savings.analysis.tolerance import allowance, near

Pair = tuple[Id, Id]


def transfers(lines: Iterable[Line], charges: Iterable[Charge], parameters: Parameters = CURRENT) -> set[Id]:
    """Rule 1: ids of lines near to all their council received in charges that year, if it received anything."""
    received: defaultdict[tuple, int] = defaultdict(int)
    for charge in charges:
        received[charge.receiver, charge.year] += charge.amount
    return {
        line.id
        for line in lines
        if line.amount
        and received[line.council, line.year] > 0
        and near(line.amount, received[line.council, line.year], parameters)
    }


def repeats(
    lines: Iterable[Line], members: Iterable[Member], distinct: Iterable[Pair] = (), parameters: Parameters = CURRENT
) -> list[list[Line]]:
    """Rule 2: groups of two or more lines that claim one saving, the line that counts first in each.

    Matches chain. A pair in `distinct` loses that one link only: a third line may still join the two. The line that
    counts has the highest grade, then the smaller amount, then the lowest id. Groups are in order of that line's id.
    """
    apart = {frozenset(pair) for pair in distinct}
    by_year: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.amount:
            by_year[line.year].append(line)
    sides = {member.council: member for member in members}
    found = []
    for year_lines in by_year.values():
        links = [*_one_document(year_lines), *_both_ends(year_lines, sides, parameters)]
        found += _chains(year_lines, [pair for pair in links if frozenset(pair) not in apart])
    groups = [sorted(group, key=lambda line: (-line.grade, line.amount, line.id)) for group in found]
    return sorted(groups, key=lambda group: group[0].id)


def _one_document(lines: Sequence[Line]) -> Iterator[Pair]:
    """(a): the same document for the same amount."""
    seen: defaultdict[tuple, list[Id]] = defaultdict(list)
    for line in lines:
        for reference in line.doc_refs:
            if reference:
                seen[reference, line.amount].append(line.id)
    for ids in seen.values():
        yield from combinations(ids, 2)


def _both_ends(lines: Sequence[Line], sides: dict, parameters: Parameters) -> Iterator[Pair]:
    """(b): one service, near amounts, two councils, of which one provides and the other receives."""
    for one, other in near_pairs(lines, parameters):
        first, second = sides[one.council], sides[other.council]
        opposite = (first.provides and second.receives) or (first.receives and second.provides)
        if one.council != other.council and opposite:
            yield one.id, other.id


def near_pairs(lines: Iterable[Line], parameters: Parameters) -> Iterator[tuple[Line, Line]]:
    """Pairs of one service with near amounts. Sorted by size, so that only neighbours are compared."""
    by_service: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.service:
            by_service[line.service].append(line)
    for same in by_service.values():
        same.sort(key=lambda line: abs(line.amount))
        for position, smaller in enumerate(same):
            for larger in same[position + 1 :]:
                size = abs(larger.amount)
                if (size - abs(smaller.amount)) * 10_000 > allowance(size, parameters):
                    break  # the gap grows faster than what is allowed for it
                yield smaller, larger


def _chains(lines: Iterable[Line], links: Collection[Pair]) -> list[list[Line]]:
    """The connected groups of two or more lines."""
    leader = {line.id: line.id for line in lines}

    def lead(line_id: Id) -> Id:
        while leader[line_id] != line_id:
            leader[line_id] = line_id = leader[leader[line_id]]
        return line_id

    for one, other in links:
        leader[lead(one)] = lead(other)
    groups: defaultdict[Id, list[Line]] = defaultdict(list)
    for line in lines:
        groups[lead(line.id)].append(line)
    return [group for group in groups.values() if len(group) > 1]
