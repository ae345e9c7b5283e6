"""Schemes: the actions that save or cost money, as council savings trackers know them."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
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

    def as_they_stand(self):
        """Each with what it says of itself now and where it stands, as `now_owner`, `_class`, `_status`, `_score`."""
        version = SchemeVersion.objects.filter(scheme=OuterRef("pk")).order_by("-version")
        status = SchemeStatus.objects.filter(scheme=OuterRef("pk")).order_by("-sequence")
        return (
            self.select_related("partnership", "service")
            .annotate(
                now_owner=Coalesce(Subquery(version.values("owner")[:1]), "owner"),
                now_class=Coalesce(Subquery(version.values("benefit_class")[:1]), "benefit_class"),
                now_status=Subquery(status.values("status")[:1]),
                now_score=Subquery(status.values("delivery_score")[:1]),
            )
            .order_by("partnership__name", "reference", "pk")
        )

    def unmeasured(self):
        """Those that name no quality indicator now, and of which no lead has stated why none applies."""
        latest = SchemeVersion.objects.filter(scheme=OuterRef("pk")).order_by("-version")
        return self.annotate(changed=Exists(latest), now_named=Subquery(latest.values("indicator")[:1])).filter(
            Q(changed=False, indicator__isnull=True) | Q(changed=True, now_named__isnull=True),
            ~Exists(IndicatorWaiver.objects.filter(scheme=OuterRef("pk"))),
        )


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


class SchemeVersion(Sealed):
    """What a scheme says of itself from now on; the latest holds. Version 1 is the scheme as it was proposed."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    version = models.SmallIntegerField(db_comment="from 2; the scheme itself is version 1")
    owner = models.TextField(db_comment="job title of who answers for it")
    description = models.TextField(blank=True)
    benefit_class = models.TextField(choices=BenefitClass)
    recurrence = models.TextField(choices=Recurrence)
    last_year = models.SmallIntegerField(null=True, blank=True)
    live_on = models.DateField(null=True, blank=True, db_comment="first day it saves; null: its first banked month")
    indicator = models.ForeignKey("savings.Indicator", null=True, blank=True, on_delete=models.PROTECT)
    reason = models.TextField()
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "version"], name="savings_schemeversion_once"),
            models.CheckConstraint(name="savings_schemeversion_version", condition=Q(version__gte=2)),
            models.CheckConstraint(name="savings_schemeversion_class", condition=one_of("benefit_class", BenefitClass)),
            models.CheckConstraint(name="savings_schemeversion_recurrence", condition=one_of("recurrence", Recurrence)),
            models.CheckConstraint(
                name="savings_schemeversion_said", condition=~Q(reason__regex=r"^\s*$") & ~Q(owner__regex=r"^\s*$")
            ),
        ]

    def __str__(self):
        return f"version {self.version}"


class IndicatorWaiver(Sealed):
    """A lead's word that no indicator applies to a scheme, with the reason; holds while it names none."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="waivers")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="savings_indicatorwaiver_reason", condition=~Q(reason__regex=r"^\s*$"))
        ]

    def __str__(self):
        return self.reason


class SchemeStatus(Sealed):
    """Where a scheme stands from now on; the latest row holds. The database keeps the order of the steps."""

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
    sequence = models.SmallIntegerField(db_comment="from 1")
    reason = models.TextField(blank=True, db_comment="why it stands there; needed after the first")
    score_reason = models.TextField(blank=True)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "sequence"], name="savings_scheme_status_sequence"),
            models.CheckConstraint(
                name="savings_scheme_status_reason", condition=Q(sequence=1) | ~Q(reason__regex=r"^\s*$")
            ),
            models.CheckConstraint(
                name="savings_scheme_status_score_reason",
                condition=Q(delivery_score__isnull=True) | ~Q(score_reason__regex=r"^\s*$"),
            ),
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
