"""Returns: a member's statement that a quarter is complete, nil or not. A missing return is never zero."""

from django.db import models
from django.db.models import Q

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership


class Return(Sealed):
    """One step of the return of one member and quarter; the latest step holds, and no step means open."""

    class Step(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        SIGNED_OFF = "signed_off", "Signed off"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Reopened"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="returns")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="returns")
    quarter = models.DateField(db_comment="first day of the quarter")
    sequence = models.SmallIntegerField(db_comment="1, 2, 3 … within one member and quarter")
    step = models.TextField(choices=Step)
    nil_savings = models.BooleanField(default=False)
    nil_costs = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    stepped_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    previous_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_comment="who made the step before"
    )
    stepped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "council", "quarter", "sequence"], name="savings_return_sequence"
            ),
            models.CheckConstraint(
                name="savings_return_step", condition=Q(step__in=["submitted", "signed_off", "closed", "reopened"])
            ),
            models.CheckConstraint(
                name="savings_return_quarter",
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
            ),
            models.CheckConstraint(
                name="savings_return_two_people",
                condition=~Q(step="signed_off") | ~Q(stepped_by=models.F("previous_by")),
                violation_error_message="You cannot sign off a return that you submitted.",
            ),
            models.CheckConstraint(name="savings_return_reopened", condition=~Q(step="reopened") | ~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.council_id} {self.quarter}: {self.get_step_display()}"
