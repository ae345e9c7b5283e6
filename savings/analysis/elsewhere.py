"""Is one saving claimed in two partnerships?

Leans on size alone: one council, one financial year, one service and near amounts in two partnerships look like one
saving told twice. Wrong when a council really saved alike in both, so it only flags: both lines are disputed until
a person resolves them, and neither is dropped. Source: EVIDENCE section 3, rule 3.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable

from savings.analysis.duplicates import Pair, near_pairs
from savings.analysis.lines import Line
from savings.analysis.parameters import CURRENT, Parameters


def claimed_elsewhere(
    lines: Iterable[tuple[Hashable, Line]], distinct: Iterable[Pair] = (), parameters: Parameters = CURRENT
) -> list[Pair]:
    """Sorted pairs of ids that look alike across partnerships, the lower id first.

    `lines` are (partnership, line) with ids unique across all of them; only cashable saving lines are looked at.
    """
    apart = {frozenset(pair) for pair in distinct}
    home = {}
    groups: defaultdict[tuple, list[Line]] = defaultdict(list)
    for partnership, line in lines:
        if line.is_saving and line.cashable and line.amount:
            home[line.id] = partnership
            groups[line.council, line.year].append(line)
    pairs = (sorted((a.id, b.id)) for group in groups.values() for a, b in near_pairs(group, parameters))
    return sorted((a, b) for a, b in pairs if home[a] != home[b] and frozenset((a, b)) not in apart)
