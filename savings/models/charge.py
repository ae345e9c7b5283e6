"""Charges: money between members. Payer and receiver each report; positions use the payer's figure (DESIGN 10.5)."""

from django.db import models
from django.db.models import F, Q

from councils.models import Council, Person, Sealed
from partnerships.models import BusinessCase, Partnership

from .typed import Series, amount, one_of, period


class Charge(Sealed):
    """What one member says it paid to, or received from, another in a year or month. `council` is who says so."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="charges")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="charges_reported")
    payer = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="charges_paid")
    receiver = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="charges_received")
    series = models.TextField(choices=Series)
    final = models.BooleanField(default=True, db_comment="false while provisional; a saving is on the trued-up charge")
    year = models.SmallIntegerField(db_comment="financial-year start")
    month = models.SmallIntegerField(null=True, blank=True, db_comment="1 is April; null is the whole year")
    posted_quarter = models.DateField(db_comment="first day of the open quarter it was posted in")
    adjustment = models.BooleanField(default=False)
    amount_pence = models.BigIntegerField(db_comment="signed pence, never zero; positive is money to the receiver")
    business_case = models.ForeignKey(BusinessCase, null=True, blank=True, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    external_key = models.TextField(null=True, blank=True)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["partnership", "year"], name="savings_charge_shard")]
        constraints = [
            *amount("savings_charge"),
            *period("savings_charge"),
            models.CheckConstraint(name="savings_charge_series", condition=one_of("series", Series)),
            models.CheckConstraint(
                name="savings_charge_two_members",
                condition=~Q(payer=F("receiver")),
                violation_error_message="A council cannot charge itself.",
            ),
            models.CheckConstraint(
                name="savings_charge_reporter",
                condition=Q(council=F("payer")) | Q(council=F("receiver")),
                violation_error_message="A charge is reported by its payer or its receiver.",
            ),
            models.CheckConstraint(
                name="savings_charge_promise",
                condition=Q(series="projected", business_case__isnull=False)
                | (~Q(series="projected") & Q(business_case__isnull=True)),
            ),
            models.CheckConstraint(
                name="savings_charge_sign",
                condition=Q(amount_pence__gt=0) | Q(reverses__isnull=False) | Q(adjustment=True),
            ),
            models.UniqueConstraint(
                fields=["council", "external_key"],
                name="savings_charge_external_key",
                condition=Q(external_key__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.payer_id} → {self.receiver_id} {self.year}"
