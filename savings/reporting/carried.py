"""Facts carried to successors: each is shared out by itself, so that what arrives is what set out, to the penny.

Only what cannot be taken apart further is shared out (each grade, what the duplicate rules leave out, each cost, what
is paid and what is received); counted, proven and claimed are added up from the parts, so that they agree for every
heir. What is no amount of money, a return or a quarter signed off, goes whole to whoever took most.
"""

from collections import defaultdict

from councils.succession import Line, carried, main_heir

from . import added
from .amounts import Figures

PROVEN, COUNTED = ("grade_2", "grade_3"), ("grade_0", "grade_1", "grade_2", "grade_3")
SUMS = {"claimed", "counted", "proven"}
WHOLE = ("returned", "returns_signed_off", "nil_cost_returns")
PARTS = [name for name in Figures._fields if name not in SUMS and name not in WHOLE]


def shared_out(figures: Figures, council: int, through: Line) -> dict[int, Figures]:
    """The figures of `council` (its id) by heir; they sum to what they were in every field."""
    if council not in through:
        return {council: figures}
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for name in PARTS:
        for heir, part in carried(getattr(figures, name), council, through).items():
            found[heir][name] = part
    left_out = carried(figures.excluded, council, through)
    heir_of_counts = main_heir(council, through)
    found[heir_of_counts].update({name: getattr(figures, name) for name in WHOLE})
    return {heir: _summed(parts, left_out[heir]) for heir, parts in found.items()}


def _summed(parts: dict[str, int], left_out: int) -> Figures:
    counted = sum(parts[grade] for grade in COUNTED)
    proven = sum(parts[grade] for grade in PROVEN)
    return Figures(**parts, counted=counted, proven=proven, claimed=counted + left_out)


def arrived(cells: dict[tuple, Figures], through: Line) -> dict[tuple, Figures]:
    """`cells` by (partnership, council, year, …), the first two as ids; the same, by heir in place of council."""
    found: defaultdict[tuple, list[Figures]] = defaultdict(list)
    for (partnership, council, *rest), figures in cells.items():
        for heir, part in shared_out(figures, council, through).items():
            found[(partnership, heir, *rest)].append(part)
    return {key: added(Figures, parts) for key, parts in found.items()}
