"""What waits for a finance lead: banked entries of their councils that nobody has signed off, in three piles.

Each pile is found by ids, at most `MOST`, oldest first, and then read whole: a queue of a thousand, or a ledger of a
million, costs what a small one does.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery

from savings.models import Decision, Entry, EntryState, Scheme, Support
from savings.models.typed import BenefitClass, Kind

MOST = 100  # entries of one pile on one page
NEWEST = 10_000  # entries among which those without any document are looked for: nothing else tells them apart
LACKS_BUDGET = Q(kind=Kind.SAVING, benefit_class=BenefitClass.CASH_RELEASING, budget_reduction__isnull=True)
CASH = Q(kind=Kind.SAVING, benefit_class=BenefitClass.CASH_RELEASING)
RETURNED = Q(state__outcome=Decision.Outcome.RETURNED)


class Awaiting(NamedTuple):
    """Lists of entries, at most `MOST` each, and whether a list was cut."""

    ready: list  # this person can sign them now
    hindered: list  # something stands in the way; `entry.hindrance` says what
    own: list  # recorded by this person, so somebody else must sign
    returned: int  # how many went back and are not put right, counted up to `MOST`
    more: bool


def awaiting(person, councils):
    """The `Awaiting` of a finance lead of `councils` (ids). Seven queries.

    What was returned waits again once a document has been attached since; `entry.answered` says so.
    """
    unmeasured = set(unmeasured_schemes())
    stuck = _documented(councils).filter(Q(recorded_by=person) | LACKS_BUDGET | CASH & Q(scheme__in=unmeasured))
    ready, stuck, bare = (
        list(found.values_list("pk", flat=True)[: MOST + 1])
        for found in (signable(person, councils), stuck, _bare(councils))
    )
    entries = _read([*ready[:MOST], *stuck[:MOST], *bare[:MOST]])
    for entry in entries:
        entry.unmeasured = entry.scheme_id in unmeasured
    waits = [entry for entry in entries if entry.pk not in set(ready)]
    return Awaiting(
        ready=[entry for entry in entries if entry.pk in set(ready)],
        hindered=[entry for entry in waits if entry.recorded_by_id != person.pk],
        own=[entry for entry in waits if entry.recorded_by_id == person.pk],
        returned=_standing(councils).filter(RETURNED).filter(~answered())[:MOST].count(),
        more=max(len(ready), len(stuck), len(bare)) > MOST,
    )


def signable(person, councils):
    """Banked entries of `councils` (ids) that `person` can sign off now, oldest first."""
    found = _documented(councils).exclude(Q(recorded_by=person) | LACKS_BUDGET)
    return found.exclude(CASH & Q(scheme__in=unmeasured_schemes()))


def unmeasured_schemes():
    """Ids of schemes without a quality indicator whose cash-releasing claims nobody can sign off (DESIGN rule 8)."""
    return Scheme.objects.unmeasured().order_by().values_list("pk", flat=True)


def _documented(councils):
    """Those with a document that nobody has decided on, or that were returned and have been answered since."""
    documented = _standing(councils).filter(state__grade=1).annotate(answered=answered())
    return documented.exclude(RETURNED & Q(answered=False)).order_by("pk")


def unsigned(councils):
    """Banked entries of `councils` (ids) that stand, below grade 2, oldest first."""
    signed = Exists(EntryState.objects.filter(entry=OuterRef("pk"), grade__gte=2))
    return _standing(councils).filter(~signed).order_by("pk")


def _standing(councils):
    """Banked entries of `councils` that are no reversal and were not reversed."""
    taken_back = Exists(Entry.objects.filter(reverses=OuterRef("pk")))
    return Entry.objects.banked().filter(~taken_back, council__in=councils, reverses__isnull=True)


def _bare(councils):
    """Those of the `NEWEST` entries of `councils` that wait and that no document supports, newest first."""
    newest = Entry.objects.filter(council__in=councils).order_by("-pk")[:NEWEST]
    settled = Q(grade__gt=0) | Q(outcome=Decision.Outcome.RETURNED)
    known = Exists(EntryState.objects.filter(settled, entry=OuterRef("pk")))
    return _standing(councils).filter(~known, pk__in=newest.values("pk")).order_by("-pk")


def _read(ids):
    """The entries `ids`, oldest first, with what the queue shows of them."""
    return list(
        Entry.objects.filter(pk__in=ids)
        .annotate(answered=answered())
        .select_related("council", "partnership", "scheme", "recorded_by", "state")
        .prefetch_related(Prefetch("supports", supports_in_force(), to_attr="shown"))
        .order_by("pk")
    )


def answered():
    """Whether a document was attached since the latest decision; for one not decided on, no."""
    decided = Decision.objects.filter(entry=OuterRef(OuterRef("pk"))).order_by("-pk").values("act")[:1]
    return Exists(Support.objects.filter(entry=OuterRef("pk"), withdraws__isnull=True, act__gt=Subquery(decided)))


def supports_in_force():
    """Supports not withdrawn, oldest first, each with its document."""
    return (
        Support.objects.filter(withdraws__isnull=True, withdrawn_by__isnull=True)
        .select_related("document")
        .order_by("pk")
    )
