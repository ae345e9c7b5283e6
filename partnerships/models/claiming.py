"""Claiming a partnership that is known from what was published: a member's lead asks, an administrator checks."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from councils.models import Council, Person, Sealed

from .arrangement import Membership, Partnership


class ClaimingQuerySet(models.QuerySet):
    def with_state(self):
        """Each knows its `state`: `waiting`, or how it was answered."""
        answer = ClaimingAnswer.objects.filter(claiming=OuterRef("pk")).values("outcome")
        return self.annotate(state=Coalesce(Subquery(answer), Value("waiting"), output_field=models.TextField()))

    def waiting(self):
        return self.with_state().filter(answer__isnull=True)


class Claiming(Sealed):
    """A council says: this partnership is ours, and we keep its ledger here from now on."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="claimings")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="claimings")
    role = models.TextField(choices=Membership.Role)
    host = models.BooleanField(default=False)
    starts_on = models.DateField(db_comment="first day of its membership")
    evidence = models.TextField(db_comment="how an administrator can check it")
    claimed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()

    objects = ClaimingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partnerships_claiming_role", condition=Q(role__in=["provider", "receiver", "both"])
            ),
            models.CheckConstraint(name="partnerships_claiming_evidence", condition=Q(evidence__regex=r"\S")),
        ]

    def __str__(self):
        return f"{self.council_id} claims {self.partnership_id}"

    def get_absolute_url(self):
        return reverse("savings:claiming", args=[self.public_id])


class ClaimingAnswer(Sealed):
    """What became of it, once: an administrator accepts or refuses with a reason, or the council takes it back."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    claiming = models.OneToOneField(Claiming, on_delete=models.PROTECT, related_name="answer")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(choices=Outcome)
    reason = models.TextField()
    claimed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partnerships_claiminganswer_outcome",
                condition=Q(outcome__in=["accepted", "refused", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="partnerships_claiminganswer_two_people",
                condition=Q(outcome="withdrawn") | ~Q(claimed_by=F("answered_by")),
                violation_error_message="Somebody else checks what you claim.",
            ),
            models.CheckConstraint(name="partnerships_claiminganswer_reason", condition=Q(reason__regex=r"\S")),
        ]

    def __str__(self):
        return self.get_outcome_display()
