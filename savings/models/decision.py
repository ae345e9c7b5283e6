"""Decisions on entries: who signed off, returned or audited what, and why. The latest one holds."""

from django.db import models
from django.db.models import F, Q

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership

from .evidence import Support
from .ledger import Entry


class Decision(Sealed):
    """One decision. `recorded_by` is copied from the entry by a composite key, so nobody can decide on their own."""

    class Outcome(models.TextChoices):
        SIGNED_OFF = "signed_off", "Signed off"
        RETURNED = "returned", "Returned"
        AUDITED = "audited", "Audited"
        EXCEPTION = "exception", "Audit exception"

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="decisions")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(choices=Outcome)
    reason = models.TextField(blank=True)
    support = models.ForeignKey(
        Support, null=True, on_delete=models.PROTECT, related_name="+", db_comment="a support the signer was shown"
    )
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="savings_decision_two_people",
                condition=~Q(decided_by=F("recorded_by")),
                violation_error_message="You cannot decide on a saving you recorded yourself.",
            ),
            models.CheckConstraint(
                name="savings_decision_outcome",
                condition=Q(outcome__in=["signed_off", "returned", "audited", "exception"]),
            ),
            models.CheckConstraint(
                name="savings_decision_reason",
                condition=Q(outcome__in=["signed_off", "audited"]) | ~Q(reason=""),
                violation_error_message="Say why it goes back, so that the person who recorded it can mend it.",
            ),
            models.CheckConstraint(
                name="savings_decision_shown",
                condition=~Q(outcome="signed_off") | Q(support__isnull=False),
                violation_error_message="There is no document to sign off against.",
            ),
        ]

    def __str__(self):
        return self.get_outcome_display()
