"""What stands behind a partnership's figures: its schemes, promises, disputes and documents. For its members only."""

from typing import NamedTuple

from django.db.models import Count, Q

from partnerships.models import BusinessCase
from savings.models import Dispute, Document, Scheme

MOST = 50


class PartnershipRecord(NamedTuple):
    schemes: list[Scheme]  # in order of reference; each with `banked`, how many banked entries it has
    cases: list[BusinessCase]  # latest first; each with `approved`, how many members approved it
    disputes: list[Dispute]  # open ones, oldest first
    documents: int


def record_of(partnership):
    """The `PartnershipRecord`. Four queries."""
    return PartnershipRecord(
        schemes=list(
            Scheme.objects.filter(partnership=partnership)
            .select_related("service")
            .annotate(banked=Count("entries", filter=Q(entries__series="banked")))
            .order_by("reference")
        ),
        cases=list(
            BusinessCase.objects.filter(partnership=partnership)
            .select_related("drafted_by", "partnership")
            .with_state()
            .annotate(approved=Count("approvals"))
            .order_by("-version")
        ),
        disputes=list(
            Dispute.objects.filter(partnership=partnership, ended__isnull=True, entry__reversed_by__isnull=True)
            .select_related("entry__scheme", "council", "raised_by")
            .order_by("pk")[:MOST]
        ),
        documents=Document.objects.filter(partnership=partnership).count(),
    )
