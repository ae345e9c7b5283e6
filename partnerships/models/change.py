"""Changes of what members agreed: proposed by one, in force when each of them has agreed by its own finance lead."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from councils.models import Council, Person, Sealed

from .arrangement import Audience, Membership, Partnership, Vehicle


class ChangeQuerySet(models.QuerySet):
    def with_state(self):
        """Each knows its `state`: `waiting`, `agreed` (by all, and in force), `refused` or `withdrawn`."""
        answers = ChangeAnswer.objects.filter(change=OuterRef("pk"))
        ended = answers.exclude(outcome=ChangeAnswer.Outcome.AGREED).order_by("pk").values("outcome")[:1]
        agreed = models.Case(
            models.When(Exists(answers.filter(completes=True)), then=Value("agreed")), default=Value("waiting")
        )
        return self.annotate(state=Coalesce(models.Subquery(ended), agreed, output_field=models.TextField()))

    def waiting(self):
        return self.with_state().filter(state="waiting")


class Change(Sealed):
    """What would be otherwise from `starts_on` on: one kind of thing, whole."""

    class Kind(models.TextChoices):
        TERMS = "terms", "Shares, roles and host"
        VEHICLE = "vehicle", "The vehicle"
        AUDIENCE = "audience", "Who may see its figures"
        LEAVING = "leaving", "A member leaves earlier than its notice"
        ENDING = "ending", "The end of the partnership"

    class CostKey(models.TextChoices):
        FIXED = "fixed", "Fixed percentages"
        POPULATION = "population", "Population"
        FTE = "fte", "Full-time equivalents"
        VOLUME = "volume", "Volume"
        RATEABLE = "rateable_base", "Rateable base"
        BASELINE = "baseline_spend", "Spend before sharing"
        MARGINAL = "marginal", "Marginal cost"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agreed_changes")
    kind = models.TextField(choices=Kind)
    starts_on = models.DateField(db_comment="first day on which it holds; of an end, first day it is no longer there")
    cost_key = models.TextField(choices=CostKey, blank=True)
    form = models.TextField(choices=Vehicle.Form, blank=True, db_comment="of a vehicle")
    who = models.TextField(choices=Audience.Who, blank=True, db_comment="of an audience")
    reason = models.TextField()
    proposing = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["partnership"], name="partnerships_change_of")]
        constraints = [
            models.CheckConstraint(
                name="partnerships_change_kind",
                condition=(Q(kind="terms") & ~Q(cost_key="") & Q(form="", who=""))
                | (Q(kind="vehicle") & ~Q(form="") & Q(cost_key="", who=""))
                | (Q(kind="audience") & Q(who__in=["members", "sector", "public"]) & Q(cost_key="", form=""))
                | (Q(kind__in=["leaving", "ending"]) & Q(cost_key="", form="", who="")),
            ),
            models.CheckConstraint(name="partnerships_change_reason", condition=Q(reason__regex=r"\S")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, from {self.starts_on:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("savings:change", args=[self.public_id])


class ChangedMember(Sealed):
    """What one member would have from the day on; of somebody who leaves, that it is this member."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="members")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=Membership.Role)
    host = models.BooleanField(default=False)
    cost_share_bps = models.IntegerField(null=True, blank=True, db_comment="basis points of cost")
    gain_share_bps = models.IntegerField(null=True, blank=True, db_comment="basis points of gain")
    quantity = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, blank=True, db_comment="of the cost key, in its unit"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="partnerships_changedmember_once", fields=["change", "council"]),
            models.CheckConstraint(
                name="partnerships_changedmember_shares",
                condition=(Q(cost_share_bps__isnull=True) | Q(cost_share_bps__range=(0, 10_000)))
                & (Q(gain_share_bps__isnull=True) | Q(gain_share_bps__range=(0, 10_000)))
                & (Q(quantity__isnull=True) | Q(quantity__gte=0)),
            ),
        ]

    def __str__(self):
        return f"{self.council_id} from {self.change_id}"


class ChangeAnswer(Sealed):
    """What a member says to a change, once: agreed or refused by its own lead, or withdrawn by whoever proposed it."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", "Agreed"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="answers")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(choices=Outcome)
    completes = models.BooleanField(default=False, db_comment="every member has agreed with this one")
    reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="partnerships_changeanswer_once", fields=["change", "council"],
                condition=Q(outcome__in=["agreed", "refused"]),
            ),
            models.UniqueConstraint(
                name="partnerships_changeanswer_withdrawn", fields=["change"], condition=Q(outcome="withdrawn")
            ),
            models.UniqueConstraint(
                name="partnerships_changeanswer_completes", fields=["change"], condition=Q(completes=True)
            ),
            models.CheckConstraint(
                name="partnerships_changeanswer_reason", condition=Q(outcome="agreed") | Q(reason__regex=r"\S")
            ),
            models.CheckConstraint(
                name="partnerships_changeanswer_complete", condition=Q(outcome="agreed") | Q(completes=False)
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.get_outcome_display()
