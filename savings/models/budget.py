"""What a budget reduction is corrected to. It is never changed itself: the latest correction says what it comes to."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from councils.models import Council, Person, Sealed

from .ledger import BudgetReduction, Entry


class BudgetCorrection(Sealed):
    """From now on this much was taken out of the budget, never less than is claimed of it; the latest row holds."""

    reduction = models.ForeignKey(BudgetReduction, on_delete=models.PROTECT, related_name="corrections")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    sequence = models.IntegerField(db_comment="from 1 within the reduction")
    amount_pence = models.BigIntegerField(db_comment="nought when nothing was taken out after all")
    reason = models.TextField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reduction", "sequence"], name="savings_correction_sequence"),
            models.CheckConstraint(name="savings_correction_not_negative", condition=Q(amount_pence__gte=0)),
            models.CheckConstraint(
                name="savings_correction_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why the budget reduction is corrected.",
            ),
        ]

    def __str__(self):
        return f"{self.reduction_id}: {self.amount_pence}"


def with_amounts(reductions):
    """`reductions` (a queryset), each with `stands_at`, `claimed` and `left`: pence, as corrected."""
    latest = BudgetCorrection.objects.filter(reduction=OuterRef("pk")).order_by("-sequence").values("amount_pence")[:1]
    # a query of its own for each, so that the index of banked claims answers it and not all that names the budget
    claims = Entry.objects.banked().filter(budget_reduction=OuterRef("pk")).order_by().values("budget_reduction")
    return reductions.annotate(
        stands_at=Coalesce(Subquery(latest), F("amount_pence")),
        claimed=Coalesce(Subquery(claims.annotate(pence=Sum("amount_pence")).values("pence")), 0),
    ).annotate(left=F("stands_at") - F("claimed"))
