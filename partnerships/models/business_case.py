"""The promise. A business case is written whole in one act and never edited; a correction is the next version.

Approval is given by each member's finance lead for their own council (DESIGN 10.13) and posts that member's projected
entries and planned charges, in the same act, under the case's version.
"""

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from councils.models import Council, Person, Sealed

from .arrangement import Partnership


class BusinessCaseQuerySet(models.QuerySet):
    def with_state(self):
        """Each with `state`: `draft`, or the step that was taken last."""
        steps = apps.get_model("partnerships", "CaseStep")._default_manager
        last = steps.filter(case=OuterRef("pk")).order_by("-sequence")
        return self.annotate(
            state=Coalesce(Subquery(last.values("step")[:1]), Value("draft"), output_field=models.TextField())
        )


class BusinessCase(Sealed):
    """One version of what a partnership promised."""

    class Restated(models.TextChoices):
        PRICE = "price", "Price"
        VOLUME = "volume", "Volume"
        SCOPE = "scope", "Scope"
        BOUNDARY = "boundary", "Boundary"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="business_cases")
    version = models.SmallIntegerField(db_comment="1 is the original promise")
    title = models.TextField()
    explanation = models.TextField(blank=True)
    restated_for = models.TextField(blank=True, choices=Restated, db_comment="why a later version differs")
    price_base = models.SmallIntegerField(null=True, blank=True, db_comment="financial-year start; null is nominal")
    horizon_year = models.SmallIntegerField(db_comment="last financial year of the promise")
    volume_driver = models.TextField(blank=True)
    elasticity_bps = models.IntegerField(default=0, db_comment="k of rule R2 in basis points; 0 is fixed cost")
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = BusinessCaseQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "version"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "version"], name="partnerships_case_version"),
            models.UniqueConstraint(fields=["id", "drafted_by"], name="partnerships_case_drafter"),
            models.UniqueConstraint(fields=["id", "partnership"], name="partnerships_case_partnership"),
            models.CheckConstraint(
                name="partnerships_case_restated",
                condition=Q(version=1, restated_for="")
                | Q(version__gt=1, restated_for__in=["price", "volume", "scope", "boundary"]),
                violation_error_message="Say why a later version differs: price, volume, scope or boundary.",
            ),
            models.CheckConstraint(name="partnerships_case_elasticity", condition=Q(elasticity_bps__range=(0, 10_000))),
        ]

    def __str__(self):
        return f"{self.title} (version {self.version})"

    def get_absolute_url(self):
        return reverse("partnerships:business-case", args=[self.partnership.slug, self.version])

    @property
    def elasticity(self):
        """k of rule R2 as people write it, from `0` to `1`."""
        return f"{self.elasticity_bps / 10_000:g}"


class Baseline(Sealed):
    """What the service cost a member before sharing, from outturn (R1)."""

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="baselines")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField(db_comment="financial-year start")
    amount_pence = models.BigIntegerField()
    source = models.TextField(db_comment="where in the outturn it comes from")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "council", "year"], name="partnerships_baseline_once")]

    def __str__(self):
        return f"{self.case_id} {self.council_id}"


class PlannedLine(Sealed):
    """One projected amount of one member: approval posts it as a projected entry of the same typed fields."""

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="lines")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    scheme_reference = models.TextField()
    kind = models.TextField()
    benefit_class = models.TextField(null=True)
    recurrence = models.TextField()
    year = models.SmallIntegerField(db_comment="financial-year start")
    month = models.SmallIntegerField(null=True, db_comment="1 is April; null is the whole year")
    amount_pence = models.BigIntegerField()
    funded_by = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="partnerships_line_not_zero", condition=~Q(amount_pence=0))]

    def __str__(self):
        return f"{self.case_id} {self.scheme_reference} {self.year}"


class PlannedCharge(Sealed):
    """A charge between members that the promise counts on; the payer's approval posts it."""

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="charges")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField(db_comment="financial-year start")
    amount_pence = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="partnerships_planned_charge_two", condition=~Q(payer=F("receiver"))),
            models.CheckConstraint(name="partnerships_planned_charge_positive", condition=Q(amount_pence__gt=0)),
        ]

    def __str__(self):
        return f"{self.payer_id} → {self.receiver_id} {self.year}"


class Approval(Sealed):
    """A member's finance lead approved a version for their own council; never the person who drafted it."""

    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="approvals")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    resolution = models.ForeignKey("Resolution", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "council"], name="partnerships_approval_once"),
            models.CheckConstraint(
                name="partnerships_approval_two_people",
                condition=~Q(approved_by=F("drafted_by")),
                violation_error_message="You cannot approve a business case that you drafted.",
            ),
        ]

    def __str__(self):
        return f"{self.case_id} by {self.council_id}"
