"""What amounts being typed would resemble, by the very rules that decide what counts; nothing is written.

Compared with the lines as last counted and with what waits to be: of those only the ones an index finds near, so it
costs the same in a ledger of any size. The rules then judge that handful as they judge a whole year.
"""

from typing import NamedTuple

from councils.money import pounds
from councils.years import FinancialYear
from savings.analysis.lines import Member
from savings.models import Scheme

from . import claim_lines, rows
from .claim_lines import KeptLine, as_line
from .double_claims import ELSEWHERE, TRANSFER, Caught, judge
from .lines import Ledger, LedgerCharge, LedgerLine

LAST = 2**62  # the id of a line that is not there yet: higher than any entry's
ROUNDS = 3  # what resembles what resembles it: chains longer than that end the same way
MOST = 300  # lines compared


class Typed(NamedTuple):
    """What somebody would add to one line: a banked cash-releasing saving."""

    scheme: Scheme
    pence: int
    refs: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()  # SHA-256 of what would be attached


class Said(NamedTuple):
    scheme: Scheme
    words: str


def resembles(*, council, partnership, year, typed: list[Typed]) -> list[Said]:
    """Sentences about what `council` would add in `partnership` (an id), as far as the reader may see.

    At most ten queries, however many lines and however large the ledger.
    """
    typed = [each for each in typed if each.pence]
    if not typed:
        return []
    there = claim_lines.of_council(partnership, year.start, council.pk, [each.scheme.pk for each in typed])
    own = [_grown(each, there.get(each.scheme.pk), council, LAST - n) for n, each in enumerate(typed)]
    own = [line for line in own if line.amount]
    if not own:
        return []
    ledger = _around(own, partnership, year, council)
    caught = judge(ledger).caught
    schemes = {each.scheme.pk: each.scheme for each in typed}
    mine = [each for each in caught if each.council_id == council.pk and each.scheme_id in schemes]
    named = Scheme.objects.select_related("partnership").in_bulk(
        {each.other_scheme_id or each.scheme_id for each in caught} if mine else ()
    )
    return [Said(schemes[each.scheme_id], _said(each, caught, named, council, year)) for each in mine]


def _grown(typed: Typed, kept: KeptLine | None, council, new: int) -> LedgerLine:
    """The line with what is typed added to it; nothing typed yet proves less than the line has already."""
    kept = kept or KeptLine(council.pk, typed.scheme.pk, typed.scheme.service.slug, None, 0, 0, "", 0, "", 0)
    ref, refs = _together(kept.ref, kept.refs, typed.refs - {""})
    file, files = _together(kept.file, kept.files, typed.files)
    line = as_line(kept._replace(line=kept.line or new, ref=ref, refs=refs, file=file, files=files))
    return line._replace(grade_0=line.grade_0 + typed.pence)


def _together(one: str, many: int, more: frozenset[str]) -> tuple[str, int]:
    """The one proof that old and new rest on (empty when several or none), and how many there are: 0, 1 or 2."""
    if many > 1 or not more:
        return one, many
    proofs = more | {one} - {""}
    return (next(iter(proofs)), 1) if len(proofs) == 1 else ("", 2)


def _around(own: list[LedgerLine], partnership: int, year: FinancialYear, council) -> Ledger:
    """The part of the year's ledger in which anything could be like one of the lines `own`."""
    shard = {"partnership": partnership, "year": year.start}
    known = {(line.council, line.scheme): line for line in own}
    frontier = own
    for _ in range(ROUNDS):
        found = claim_lines.like(partnership, year.start, frontier)
        frontier = [line for line in found if (line.council, line.scheme) not in known][: MOST - len(known)]
        known |= {(line.council, line.scheme): line for line in frontier}
        if not frontier:
            break
    return Ledger(
        year=year.start,
        lines=list(known.values()),
        charges=rows("charges", LedgerCharge, **shard),
        members=rows("members", Member, partnership=partnership, first_day=year.first_day, end=year.end),
        returns=[],
        distinct=rows("distinctions", lambda *pair: pair, **shard),
        elsewhere=claim_lines.elsewhere(partnership, year.start, council.pk, own),
    )


def _said(own: Caught, caught: list[Caught], named, council, year) -> str:
    if own.rule == TRANSFER:
        return (
            f"{council.short_name} received {pounds(own.received_pence)} in charges from others in {year.label}, "
            "and this saving would come near to that. It would count as nothing."
        )
    if own.rule == ELSEWHERE:
        there = named.get(own.other_scheme_id)
        where = f"{there} in {there.partnership}" if there else "one in a partnership that you cannot see"
        return (
            f"{council.short_name} claims a near amount for the same service in {year.label}: {where}. Both would be "
            "counted, and shown as disputed until a finance lead settles it."
        )
    others = [each for each in caught if (each.rule, each.group) == (own.rule, own.group) and each != own]
    like = ", ".join(f"{named[each.scheme_id]} ({pounds(each.pence)})" for each in others)
    fate = "this one, and the other is left out" if own.counts else "the other, and this one is left out"
    return f"It looks like one saving claimed twice: {like}. Only one would count: {fate}."
