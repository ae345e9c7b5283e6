"""Offers of membership: a member's finance lead offers, and the council itself says yes or no by its own."""

from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from councils.models import Council, Person, Sealed

from .arrangement import Membership, Partnership


class OfferQuerySet(models.QuerySet):
    def with_state(self):
        """Each knows its `state`: `waiting`, or how it was answered."""
        answer = OfferAnswer.objects.filter(offer=OuterRef("pk")).values("outcome")
        return self.annotate(state=Coalesce(Subquery(answer), Value("waiting"), output_field=models.TextField()))

    def with_led(self, on):
        """Each knows whether the council asked is `led`: whether anybody here can answer for it, on `on` or later."""
        day = Value(on, models.DateField())
        return self.annotate(led=Func(F("council"), day, function="council_led", output_field=models.BooleanField()))

    def waiting(self):
        return self.with_state().filter(answer__isnull=True)


class MembershipOffer(Sealed):
    """What a council is asked to join as. Until it accepts it is no member and sees the offer only."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="offers")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="offers", db_comment="who is asked")
    offering = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+", db_comment="the member who asks")
    role = models.TextField(choices=Membership.Role)
    host = models.BooleanField(default=False)
    starts_on = models.DateField()
    cost_share_bps = models.IntegerField(null=True, blank=True, db_comment="basis points of cost")
    gain_share_bps = models.IntegerField(null=True, blank=True, db_comment="basis points of gain")
    message = models.TextField(blank=True)
    offered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["partnership", "council"], name="partnerships_offer_council")]
        constraints = [
            models.CheckConstraint(
                name="partnerships_offer_role", condition=Q(role__in=["provider", "receiver", "both"])
            ),
            models.CheckConstraint(name="partnerships_offer_other", condition=~Q(council=F("offering"))),
            models.CheckConstraint(
                name="partnerships_offer_shares",
                condition=(Q(cost_share_bps__isnull=True) | Q(cost_share_bps__range=(0, 10_000)))
                & (Q(gain_share_bps__isnull=True) | Q(gain_share_bps__range=(0, 10_000))),
            ),
        ]

    def __str__(self):
        return f"{self.council_id} is asked to join {self.partnership_id}"

    def get_absolute_url(self):
        return reverse("savings:offer", args=[self.public_id])


class OfferAnswer(Sealed):
    """How an offer ended, once: accepted or declined by the council asked, or withdrawn by a member."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    offer = models.OneToOneField(MembershipOffer, on_delete=models.PROTECT, related_name="answer")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+", db_comment="who was asked")
    speaking = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+", db_comment="for whom it is said")
    outcome = models.TextField(choices=Outcome)
    reason = models.TextField(blank=True)
    offered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partnerships_offeranswer_outcome",
                condition=(Q(outcome__in=["accepted", "declined"]) & Q(speaking=F("council")))
                | (Q(outcome="withdrawn") & ~Q(speaking=F("council"))),
            ),
            models.CheckConstraint(
                name="partnerships_offeranswer_two_people",
                condition=~Q(outcome="accepted") | ~Q(offered_by=F("answered_by")),
                violation_error_message="You made this offer, so another finance lead of your council accepts it.",
            ),
            models.CheckConstraint(
                name="partnerships_offeranswer_reason", condition=Q(outcome="accepted") | Q(reason__regex=r"\S")
            ),
        ]

    def __str__(self):
        return self.get_outcome_display()
