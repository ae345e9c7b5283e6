"""What payers and receivers say of the charges between them, side by side for each partnership, pair and year."""

from typing import NamedTuple

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from councils.years import FinancialYear, Quarter
from savings.models import Charge, Return
from savings.models.typed import Series

MOST = 200  # pairs on one page


class Explained(NamedTuple):
    """What a member said of a difference when it closed a quarter of that year."""

    council_id: int
    council: str
    quarter: str
    reason: str


class Pair(NamedTuple):
    """Banked charges of one year from one member to another; pence net of reversals, provisional ones included."""

    partnership_id: int
    partnership: str
    partnership_slug: str
    payer_id: int
    payer: str
    payer_slug: str
    payer_code: str
    receiver_id: int
    receiver: str
    receiver_slug: str
    receiver_code: str
    year: int
    payer_says: int
    receiver_says: int
    explained: tuple[Explained, ...] = ()

    @property
    def pence(self) -> int:
        """What the receiver says more than the payer."""
        return self.receiver_says - self.payer_says

    @property
    def year_label(self) -> str:
        return FinancialYear(self.year).label


COLUMNS = (
    "partnership", "partnership__name", "partnership__slug", "payer", "payer__short_name", "payer__slug", "payer__code",
    "receiver", "receiver__short_name", "receiver__slug", "receiver__code", "year", "payer_says", "receiver_says",
)  # fmt: skip


def differing_pairs(councils=None):
    """Those on which the two sides differ, as a queryset of tuples; only those of `councils` (ids) when given."""
    charges = Charge.objects.filter(series=Series.BANKED)
    if councils is not None:
        charges = charges.filter(Q(payer__in=councils) | Q(receiver__in=councils))
    return (
        charges.values("partnership", "payer", "receiver", "year")
        .annotate(
            payer_says=Coalesce(Sum("amount_pence", filter=Q(council=F("payer"))), 0),
            receiver_says=Coalesce(Sum("amount_pence", filter=Q(council=F("receiver"))), 0),
        )
        .exclude(payer_says=F("receiver_says"))
        .order_by("-year", "partnership__name", "payer__short_name", "receiver__short_name")
        .values_list(*COLUMNS)
    )


def differences(councils=None):
    """The first `MOST` differing pairs in sight, latest year first, with what was said when closing. Two queries.

    Only those to or from `councils` (ids) when given.
    """
    pairs = [Pair(*row) for row in differing_pairs(councils)[:MOST]]
    said = _explanations({pair.partnership_id for pair in pairs}) if pairs else {}
    return [
        pair._replace(
            explained=tuple(
                each
                for side in (pair.payer_id, pair.receiver_id)
                for each in said.get((pair.partnership_id, side, pair.year), ())
            )
        )
        for pair in pairs
    ]


def _explanations(partnerships):
    """By partnership, council and year: the reasons with which quarters that are closed were closed."""
    latest = (
        Return.objects.filter(partnership__in=partnerships)
        .order_by("partnership_id", "council_id", "quarter", "-sequence")
        .distinct("partnership_id", "council_id", "quarter")
        .values_list("partnership", "council", "council__short_name", "quarter", "step", "reason")
    )
    said: dict[tuple, list[Explained]] = {}
    for partnership, council, name, first_day, step, reason in latest:
        if step == Return.Step.CLOSED and reason.strip():
            quarter = Quarter.containing(first_day)
            said.setdefault((partnership, council, quarter.year.start), []).append(
                Explained(council, name, quarter.months_label, reason)
            )
    return said
