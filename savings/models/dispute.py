"""Disagreement: disputes about an entry, how they ended, and pairs of claims that a second person found distinct."""

from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership

from .ledger import Entry
from .scheme import Scheme


class Dispute(Sealed):
    """A member disputes an entry; while it is open the amount is counted and shown as disputed.

    One that names a `reading` was raised by the product itself, because quality did not hold; upheld, the amount stays
    disputed until it is reversed or the reading is put right.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="disputes")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+", db_comment="who disputes it")
    reason = models.TextField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    reading = models.ForeignKey(
        "savings.Reading", null=True, blank=True, on_delete=models.PROTECT, related_name="disputes"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="savings_dispute_reason",
                condition=~Q(reason=""),
                violation_error_message="Say what is wrong with the amount.",
            )
        ]

    def __str__(self):
        return self.reason


class DisputeOutcome(Sealed):
    """How a dispute ended."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Upheld"
        DISMISSED = "dismissed", "Dismissed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="ended")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(choices=Outcome)
    reason = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self):
        return self.get_outcome_display()


class Distinctions(models.QuerySet):
    """Of either kind of distinction; each model names what tells its pairs apart in `PAIR`."""

    def last_words(self):
        """The last word about each pair."""
        model: Any = self.model
        same = {name: OuterRef(name) for name in model.PAIR}
        return self.filter(~Exists(model.objects.filter(**same, sequence__gt=OuterRef("sequence"))))

    def standing(self):
        return self.last_words().filter(apart=True)


class Distinction(Sealed):
    """Two lines that look like one claim were found distinct, by somebody who recorded neither; or that is withdrawn.

    A line is a member, scheme, year, kind and class; both lines here are cash-releasing savings of one year, the one
    with the lower scheme (then council) first. The latest word about a pair holds: 1 is that they are distinct, 2
    withdraws it, 3 says it anew.
    """

    PAIR = ("partnership", "year", "council", "scheme", "other_council", "other_scheme")

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="distinctions")
    year = models.SmallIntegerField(db_comment="financial-year start")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    other_council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    other_scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    sequence = models.SmallIntegerField(default=1, db_default=1, db_comment="from 1 within the pair")
    apart = models.BooleanField(
        default=True, db_default=True, db_comment="false: the one before is withdrawn; the latest holds"
    )
    reason = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = Distinctions.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "year", "council", "scheme", "other_council", "other_scheme", "sequence"],
                name="savings_distinction_once",
            ),
            models.CheckConstraint(
                name="savings_distinction_order",
                condition=Q(scheme__lt=F("other_scheme")) | Q(scheme=F("other_scheme"), council__lt=F("other_council")),
            ),
            models.CheckConstraint(
                name="savings_distinction_two_lines",
                condition=~(Q(council=F("other_council")) & Q(scheme=F("other_scheme"))),
            ),
            models.CheckConstraint(name="savings_distinction_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.scheme_id} is not {self.other_scheme_id}"
