"""Schemes: the actions that save or cost money, as council savings trackers know them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from councils.models import Person, Sealed
from councils.plain_text import skeleton
from partnerships.models import Partnership, Service

from .typed import BenefitClass, Recurrence, one_of


class SchemeQuerySet(models.QuerySet):
    def named_like(self, text):
        return self.filter(Q(title__icontains=text) | Q(reference__icontains=text))

    def referenced(self, reference):
        """Those whose reference would be read as `reference`: whatever its case, accents and spaces."""
        alike = models.Func(models.F("reference"), function="code_skeleton", output_field=models.TextField())
        return self.alias(alike=alike).filter(alike=skeleton(reference))


class Scheme(Sealed):
    """One action, such as "delete one head of service", with a reference and an owner."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="schemes")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="schemes")
    reference = models.TextField(db_comment="unique in its partnership; the scheme column of files")
    title = models.TextField()
    description = models.TextField(blank=True)
    owner = models.TextField(db_comment="job title of who answers for it; never a private person's data")
    benefit_class = models.TextField(choices=BenefitClass, db_comment="proposed; each entry decides for itself")
    recurrence = models.TextField(choices=Recurrence, db_comment="proposed; each entry decides for itself")
    last_year = models.SmallIntegerField(null=True, blank=True, db_comment="when time-limited: last financial year")
    indicator = models.ForeignKey("savings.Indicator", null=True, blank=True, on_delete=models.PROTECT)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "reference"],
                name="savings_scheme_reference",
                violation_error_message="This partnership already has a scheme with that reference.",
            ),
            models.UniqueConstraint(fields=["id", "partnership"], name="savings_scheme_partnership"),
            models.CheckConstraint(name="savings_scheme_class", condition=one_of("benefit_class", BenefitClass)),
            models.CheckConstraint(name="savings_scheme_recurrence", condition=one_of("recurrence", Recurrence)),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("savings:scheme", args=[self.public_id])


class SchemeStatus(Sealed):
    """Where a scheme stands from now on; the latest row holds."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved"
        DELIVERING = "delivering", "Delivering"
        DELIVERED = "delivered", "Delivered"
        WITHDRAWN = "withdrawn", "Withdrawn"
        UNDELIVERABLE = "undeliverable", "Undeliverable"

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="statuses")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    status = models.TextField(choices=Status)
    replaced_with = models.TextField(blank=True, db_comment="the funding that replaced an undeliverable scheme")
    delivery_score = models.SmallIntegerField(null=True, blank=True, db_comment="1 (will not happen) to 5 (certain)")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="savings_scheme_status",
                condition=Q(
                    status__in=["proposed", "approved", "delivering", "delivered", "withdrawn", "undeliverable"]
                ),
            ),
            models.CheckConstraint(
                name="savings_scheme_status_replaced",
                condition=~Q(status="undeliverable") | ~Q(replaced_with=""),
                violation_error_message="Say what funding replaced an undeliverable scheme.",
            ),
            models.CheckConstraint(
                name="savings_scheme_status_score",
                condition=Q(delivery_score__isnull=True) | Q(delivery_score__range=(1, 5)),
            ),
        ]

    def __str__(self):
        return self.get_status_display()
