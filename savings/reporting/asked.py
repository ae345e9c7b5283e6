"""Requests to confirm: where each stands, how long answers take, and what waits by age."""

import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from savings.models import ConfirmationLine, ConfirmationLink, ConfirmationRequest, Contact

DAY = datetime.timedelta(days=1)
#: Days since it was asked, half-open, and how a table says it.
AGES = ((0, 10, "Up to 10 days"), (10, 20, "10 to 20 days"), (20, 30, "20 to 30 days"), (30, 10**6, "Over 30 days"))
STATES = {
    "waiting": "Waiting", "answered": "Answered", "expired": "Expired", "revoked": "Taken back",
    "replaced": "Asked again since",
}  # fmt: skip


def requests(at: datetime.datetime):
    """Requests with where they stand at the moment `at`, newest first: `state`, `savings` (pence of cash-releasing
    savings asked about), `letters` (how many were sent), `contacts` (how many can be written to). One query."""
    key = {name: OuterRef(name) for name in ("partnership", "council", "quarter")}
    later = ConfirmationRequest.objects.filter(**key, pk__gt=OuterRef("pk"))
    lines = ConfirmationLine.objects.filter(request=OuterRef("pk")).order_by().values("request")
    cash = lines.filter(benefit_class="cash_releasing").annotate(sum=Sum("amount_pence")).values("sum")
    letters = ConfirmationLink.objects.filter(request=OuterRef("pk")).order_by().values("request")
    contacts = Contact.objects.filter(
        partnership=OuterRef("partnership"), council=OuterRef("council"), ended=False, replaced_by__isnull=True
    )
    return (
        ConfirmationRequest.objects.select_related(
            "partnership", "council", "asked_by", "revoked__revoked_by", "answered__answered_by"
        )
        .annotate(
            savings=Coalesce(Subquery(cash, output_field=BigIntegerField()), 0),
            letters=Coalesce(Subquery(letters.annotate(many=Count("pk")).values("many")), 0),
            has_contact=Exists(contacts),
            state=Case(
                When(answered__isnull=False, then=Value("answered")),
                When(revoked__isnull=False, then=Value("revoked")),
                When(Exists(later), then=Value("replaced")),
                When(expires_at__lt=at, then=Value("expired")),
                default=Value("waiting"),
            ),
        )
        .order_by("-pk")
    )


class Age(NamedTuple):
    label: str
    requests: int
    savings: int  # pence of cash-releasing savings they ask about


class Waiting(NamedTuple):
    """How it goes with some requests."""

    answered: int
    mean_days: float | None  # from asking to answering; None before the first answer
    ages: list[Age]  # of those that nobody answered, expired ones too

    @property
    def unanswered(self) -> int:
        return sum(age.requests for age in self.ages)


def waiting(among, at: datetime.datetime) -> Waiting:
    """Mean days to confirm, and what is unconfirmed by age. `among`: `requests(at)` narrowed. One query, a row each."""
    known = list(
        among.filter(state__in=["answered", "waiting", "expired"])
        .annotate(answered_at=F("answered__answered_at"))
        .values_list("state", "asked_at", "answered_at", "savings")
    )
    taken = [(done - asked) / DAY for state, asked, done, _ in known if state == "answered"]
    open_ones = [((at - asked) / DAY, savings) for state, asked, _, savings in known if state != "answered"]
    return Waiting(
        len(taken),
        sum(taken) / len(taken) if taken else None,
        [
            Age(label, len(mine), sum(mine))
            for low, high, label in AGES
            for mine in [[savings for days, savings in open_ones if low <= days < high]]
        ],
    )
