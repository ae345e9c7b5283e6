"""What waits for a finance lead: banked entries of their councils that nobody has signed off, in three piles.

Each pile is one query of bounded size, oldest first, so that a queue of a thousand costs what a queue of ten does.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery

from savings.models import Decision, Entry, Support
from savings.models.typed import BenefitClass, Kind

MOST = 100  # entries of one pile on one page
LACKS_BUDGET = Q(kind=Kind.SAVING, benefit_class=BenefitClass.CASH_RELEASING, budget_reduction__isnull=True)


class Awaiting(NamedTuple):
    """Lists of entries, at most `MOST` each, and whether a list was cut."""

    ready: list  # this person can sign them now
    hindered: list  # something stands in the way; `entry.hindrance` says what
    own: list  # recorded by this person, so somebody else must sign
    returned: int  # how many went back and are not put right, counted up to `MOST`
    more: bool


def unsigned(councils):
    """Banked entries of `councils` (ids) that stand, below grade 2, oldest first."""
    return (
        Entry.objects.banked()
        .filter(council__in=councils, reverses__isnull=True)
        .filter(~Exists(Entry.objects.filter(reverses=OuterRef("pk"))))
        .filter(Q(state__isnull=True) | Q(state__grade__lt=2))
        .order_by("pk")
    )


def awaiting(person, councils):
    """The `Awaiting` of a finance lead of `councils` (ids). Seven queries at most.

    What was returned waits again once a document has been attached since; `entry.answered` says so.
    """
    everything = unsigned(councils).annotate(answered=_answered())
    returned = Q(state__outcome=Decision.Outcome.RETURNED)
    waiting = (
        everything.exclude(returned & Q(answered=False))
        .select_related("council", "partnership", "scheme", "recorded_by", "state")
        .prefetch_related(Prefetch("supports", supports_in_force(), to_attr="shown"))
    )
    signable = Q(state__grade=1) & ~LACKS_BUDGET
    others = waiting.exclude(recorded_by=person)
    ready, hindered, own = (
        list(pile[: MOST + 1])
        for pile in (others.filter(signable), others.exclude(signable), waiting.filter(recorded_by=person))
    )
    return Awaiting(
        ready[:MOST],
        hindered[:MOST],
        own[:MOST],
        returned=everything.filter(returned, answered=False).order_by()[:MOST].count(),
        more=max(len(ready), len(hindered), len(own)) > MOST,
    )


def _answered():
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
