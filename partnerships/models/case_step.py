"""How far a business case has come: draft, submitted, and from there approved, returned, withdrawn or superseded.

Drafting is the case's own row and approving is an `Approval` of each member; every other step is a row here, and the
one with the highest sequence holds. PostgreSQL keeps the order (migration 0003).
"""

from django.db import models
from django.db.models import F, Q

from councils.models import Council, Person, Sealed

from .arrangement import Partnership
from .business_case import BusinessCase


class CaseStep(Sealed):
    """One step of one version, taken for `council` by somebody of it."""

    class Step(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUPERSEDED = "superseded", "Superseded"

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="steps")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    sequence = models.SmallIntegerField(db_comment="1 is the first step of this version")
    step = models.TextField(choices=Step)
    reason = models.TextField(blank=True)
    later = models.ForeignKey(
        BusinessCase, null=True, on_delete=models.PROTECT, related_name="supersedes",
        db_comment="the later draft that takes its place",
    )  # fmt: skip
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stepped_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stepped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="partnerships_casestep_sequence"),
            models.CheckConstraint(
                name="partnerships_casestep_step",
                condition=Q(step__in=["submitted", "returned", "withdrawn", "superseded"]),
            ),
            models.CheckConstraint(
                name="partnerships_casestep_reason",
                condition=Q(step="submitted") | Q(reason__regex=r"\S"),
                violation_error_message="Say why.",
            ),
            models.CheckConstraint(
                name="partnerships_casestep_later",
                condition=Q(step="superseded", later__isnull=False) | (~Q(step="superseded") & Q(later__isnull=True)),
            ),
            models.CheckConstraint(
                name="partnerships_casestep_two_people",
                condition=~Q(step="returned") | ~Q(stepped_by=F("drafted_by")),
                violation_error_message="You cannot return a business case that you drafted.",
            ),
        ]

    def __str__(self):
        return f"{self.case_id} {self.step}"


class Volume(Sealed):
    """How much work a driver counts for one council in one year; the latest row holds (R2).

    A row is written with the draft that first needs it (`case` is set), or later by the council it is about.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="volumes")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(BusinessCase, null=True, on_delete=models.PROTECT, related_name="volumes")
    driver = models.TextField(db_comment="what is counted, as the business case names it")
    unit = models.TextField()
    year = models.SmallIntegerField(db_comment="financial-year start")
    quantity = models.DecimalField(max_digits=18, decimal_places=3)
    source = models.TextField(db_comment="where the figure comes from")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["partnership", "council"], name="partnerships_volume_council")]
        constraints = [
            models.CheckConstraint(
                name="partnerships_volume_not_negative",
                condition=Q(quantity__gte=0),
                violation_error_message="A volume cannot be negative.",
            ),
            models.CheckConstraint(name="partnerships_volume_year", condition=Q(year__range=(1990, 2100))),
            models.CheckConstraint(
                name="partnerships_volume_told",
                condition=Q(driver__regex=r"\S", unit__regex=r"\S", source__regex=r"\S"),
                violation_error_message="Say what is counted, in which unit, and where the figure comes from.",
            ),
        ]

    def __str__(self):
        return f"{self.driver}, {self.year}: {self.quantity}"
