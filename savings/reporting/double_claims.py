"""Which lines the three duplicate rules of EVIDENCE section 3 catch, said once: for facts, pages, lists and reports.

The rules themselves are in `savings.analysis`; `judge` asks them of a ledger and says what they found line by line.
The worker keeps it as `DoubleClaim` rows beside the facts; inside a past moment it is worked out again.
"""

from collections.abc import Iterable
from typing import NamedTuple, cast

from councils.as_at import reading
from savings.analysis.elsewhere import claimed_elsewhere
from savings.analysis.lines import Line, at_grade
from savings.analysis.position import Position, position
from savings.models import DoubleClaim

from . import lines, rows
from .lines import ClaimElsewhere, Ledger, LedgerLine

TRANSFER, REPEAT, ELSEWHERE = DoubleClaim.Rule.TRANSFER, DoubleClaim.Rule.REPEAT, DoubleClaim.Rule.ELSEWHERE


class Caught(NamedTuple):
    """One line under one rule, in the columns of `DoubleClaim`; rule 3 has one for each claim elsewhere."""

    council_id: int
    scheme_id: int
    rule: int
    line: int
    group: int
    counts: bool
    pence: int
    grade: int
    received_pence: int = 0
    other_partnership_id: int | None = None
    other_scheme_id: int | None = None


class Judged(NamedTuple):
    position: Position
    caught: list[Caught]  # in order of rule, group, and who counts first

    @property
    def disputed(self) -> set[int]:
        """Lines that rule 3 holds disputed until somebody says whether there are two savings."""
        return {each.line for each in self.caught if each.rule == ELSEWHERE}


def judge(ledger: Ledger) -> Judged:
    """What the rules make of one partnership and year."""
    claims = {line.id: line for line in ledger.lines if line.claim and line.id is not None}
    found = position(
        ledger.claims(), ledger.agreed_charges(), ledger.sides(), resolved_distinct=ledger.resolved_distinct()
    )
    transfers = [claims[each] for each in sorted(cast(frozenset[int], found.transfers))]
    caught = [
        _caught(line, TRANSFER, group=cast(int, line.id), counts=False, received_pence=_received(ledger, line))
        for line in transfers
    ]
    caught += [
        _caught(claims[cast(int, line.id)], REPEAT, group=cast(int, group[0].id), counts=line is group[0])
        for group in found.groups
        for line in group
    ]
    return Judged(found, caught + _across(ledger, claims))


def _across(ledger: Ledger, claims: dict[int, LedgerLine]) -> list[Caught]:
    there: dict[int, ClaimElsewhere] = {each.line: each for each in ledger.elsewhere}
    near = {each.own for each in ledger.elsewhere}
    compared = [(0, line) for line in ledger.claims() if line.id in near] + [
        (each.partnership, _line(ledger.year, each, claims[each.own])) for each in there.values()
    ]
    apart = [(each.own, each.line) for each in ledger.elsewhere if each.apart]
    found = []
    for pair in claimed_elsewhere(compared, apart):
        one, other = cast(tuple[int, int], pair)
        own, far = (one, other) if one in claims else (other, one)
        if own in claims and far in there:
            elsewhere = there[far]
            found.append(
                _caught(
                    claims[own], ELSEWHERE, group=min(one, other), counts=True,
                    other_partnership_id=elsewhere.partnership, other_scheme_id=elsewhere.scheme,
                )
            )  # fmt: skip
    return found


def _line(year: int, claim: ClaimElsewhere, near: LedgerLine) -> Line:
    return Line(claim.line, year, near.council, near.service, True, True, at_grade(claim.pence, 0))


def _received(ledger: Ledger, line: LedgerLine) -> int:
    return sum(charge.amount for charge in ledger.agreed_charges() if charge.receiver == line.council)


def _caught(line: LedgerLine, rule: int, *, group: int, counts: bool, **more: int) -> Caught:
    grade = max((grade for grade, pence in enumerate(line.by_grade) if pence), default=0)
    return Caught(line.council, line.scheme, rule, cast(int, line.id), group, counts, line.amount, grade, **more)


def kept(partnerships: Iterable[int], councils: set[int] | None = None) -> list[DoubleClaim]:
    """Rows of `partnerships` (ids), and only of `councils` when given: the latest year first, then by rule and group.

    In the present one query; inside a past moment they are worked out, because the worker keeps the present only.
    """
    if reading() is None:
        found = DoubleClaim.objects.filter(partnership__in=list(partnerships))
        return list((found if councils is None else found.filter(council__in=councils)).order_by(*ORDER))
    then = [
        DoubleClaim(partnership_id=key, year=year, **caught._asdict())
        for key, year in rows("keys_of_partnerships", lambda *key: key, partnerships=sorted(partnerships))
        for caught in judge(lines.read(key, year)).caught
    ]
    wanted = [each for each in then if councils is None or each.council_id in councils]
    return sorted(wanted, key=lambda each: (-each.year, each.rule, each.group, not each.counts, each.line))


ORDER = ("-year", "rule", "group", "-counts", "line")
