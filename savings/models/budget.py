"""What a budget reduction is corrected to, and what is claimed of it. The latest correction says what it comes to."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from councils.models import Council, Person, Sealed

from .ledger import BudgetReduction


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


class BudgetTotal(models.Model):
    """What is claimed of one reduction: kept by the check of entries, rebuildable, absent while nothing ever was.

    Of a past moment `as_at.savings_budgettotal` stands before it, which adds up the entries themselves.
    """

    reduction = models.OneToOneField(
        BudgetReduction, primary_key=True, on_delete=models.PROTECT, db_constraint=False, related_name="total"
    )
    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    claimed_pence = models.BigIntegerField(db_comment="sum of the banked entries that name it")

    def __str__(self):
        return f"{self.reduction_id}: {self.claimed_pence} claimed"


def with_amounts(reductions):
    """`reductions` (a queryset), each with `stands_at`, `claimed` and `left`: pence, as corrected."""
    latest = BudgetCorrection.objects.filter(reduction=OuterRef("pk")).order_by("-sequence").values("amount_pence")[:1]
    return reductions.annotate(
        stands_at=Coalesce(Subquery(latest), F("amount_pence")),
        claimed=Coalesce(F("total__claimed_pence"), 0),
    ).annotate(left=F("stands_at") - F("claimed"))
