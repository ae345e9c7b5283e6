"""What an amount being typed would resemble, by the very rules that decide what counts; nothing is written.

Compared in partnerships and years of at most `MOST` banked entries: recording one must cost the same in a ledger of any
size. In a larger one the rules find it all the same, once it is recorded.
"""

from django.db.models import Sum

from councils.money import pounds
from partnerships.models import Partnership
from savings.models import Rollup, Scheme
from savings.models.typed import BenefitClass, Kind, Series

from . import lines
from .double_claims import ELSEWHERE, TRANSFER, Caught, judge
from .lines import LedgerLine

MOST = 20_000
LAST = 2**62  # the id of a line that is not there yet: higher than any entry's


def resembles(*, council, scheme, year, pence, document_ref="") -> list[str]:
    """Sentences about a banked cash-releasing saving of `council` on `scheme`, as far as the reader may see."""
    shard = {"partnership": scheme.partnership_id, "year": year.start}
    known = Rollup.objects.filter(audience="members", **shard).aggregate(entries=Sum("entries"))["entries"] or 0
    if known > MOST:
        return []
    ledger = lines.read(scheme.partnership_id, year.start)
    with_it = _with(ledger.lines, council, scheme, pence, document_ref)
    ledger = ledger._replace(lines=with_it, elsewhere=lines.elsewhere(scheme.partnership_id, year.start, with_it))
    caught = judge(ledger).caught
    own = [each for each in caught if (each.council_id, each.scheme_id) == (council.pk, scheme.pk)]
    return [_said(each, caught, council, year) for each in own]


def _with(found: list[LedgerLine], council, scheme, pence: int, document_ref: str) -> list[LedgerLine]:
    cash = (Series.BANKED, council.pk, scheme.pk, Kind.SAVING, BenefitClass.CASH_RELEASING)
    for place, line in enumerate(found):
        if (line.series, line.council, line.scheme, line.kind, line.benefit_class) == cash:
            same = document_ref in ("", line.document_ref)
            grown = line._replace(
                id=line.id or LAST, grade_0=line.grade_0 + pence, document_ref=line.document_ref if same else ""
            )
            return [*found[:place], grown, *found[place + 1 :]]
    new = LedgerLine(LAST, *cash[:3], scheme.service.slug, *cash[3:], pence, 0, 0, 0, 0, 0, document_ref, 1, 1)
    return [*found, new]


def _said(own: Caught, caught: list[Caught], council, year) -> str:
    if own.rule == TRANSFER:
        return (
            f"{council.short_name} received {pounds(own.received_pence)} in charges from others in {year.label}, "
            "and this saving would come near to that. It would count as nothing."
        )
    if own.rule == ELSEWHERE:
        there = Scheme.objects.filter(pk=own.other_scheme_id or 0).first()
        where = Partnership.objects.filter(pk=own.other_partnership_id or 0).first()
        named = f"{there} in {where}" if there and where else "one in a partnership that you cannot see"
        return (
            f"{council.short_name} claims a near amount for the same service in {year.label}: {named}. Both would be "
            "counted, and shown as disputed until a finance lead settles it."
        )
    others = [each for each in caught if (each.rule, each.group) == (own.rule, own.group) and each != own]
    names = Scheme.objects.select_related("partnership").in_bulk({each.scheme_id for each in others})
    like = ", ".join(f"{names[each.scheme_id]} ({pounds(each.pence)})" for each in others)
    fate = "this one, and the other is left out" if own.counts else "the other, and this one is left out"
    return f"It looks like one saving claimed twice: {like}. Only one would count: {fate}."
