"""Double claims: lines the duplicate rules caught, and pairs in two partnerships that a person found distinct."""

from django.db import models
from django.db.models import F, Q

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership

from .scheme import Scheme


class DistinctionAcross(Sealed):
    """Two near claims of one council in two partnerships are two savings: said by a lead who recorded neither.

    It is one council's question (rule 3), so that council's lead answers it for both partnerships.
    """

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField(db_comment="financial-year start")
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_comment="the one with the lower id"
    )
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    other_partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    other_scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "year", "scheme", "other_scheme"], name="savings_across_once"),
            models.CheckConstraint(name="savings_across_order", condition=Q(partnership__lt=F("other_partnership"))),
            models.CheckConstraint(name="savings_across_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.scheme_id} is not {self.other_scheme_id}"


class DoubleClaim(models.Model):
    """One line under one duplicate rule of EVIDENCE section 3, as the facts of its partnership and year have it.

    Written by the worker with the facts, from the same function and in the same transaction, and replaced with them.
    What does not count under rules 1 and 2 adds up to claimed less counted, to the penny.
    """

    class Rule(models.IntegerChoices):
        TRANSFER = 1, "Charge income claimed as a saving"
        REPEAT = 2, "Same saving claimed twice"
        ELSEWHERE = 3, "Claimed in two partnerships"

    id = models.BigAutoField(primary_key=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="double_claims")
    year = models.SmallIntegerField(db_comment="financial-year start")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    rule = models.SmallIntegerField(choices=Rule)
    line = models.BigIntegerField(db_comment="lowest entry id of the line")
    group = models.BigIntegerField(db_comment="rule 2: the line that counts; rule 3: the lower line of the pair")
    counts = models.BooleanField(db_comment="false when the rule leaves it out of what counts")
    pence = models.BigIntegerField()
    grade = models.SmallIntegerField()
    received_pence = models.BigIntegerField(default=0, db_comment="rule 1: charges received in the year")
    other_partnership = models.ForeignKey(
        Partnership, null=True, on_delete=models.PROTECT, related_name="+", db_comment="rule 3: where it is claimed too"
    )
    other_scheme = models.ForeignKey(Scheme, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["partnership", "year"], name="savings_double_shard"),
            models.Index(fields=["council"], name="savings_double_council"),
            models.Index(fields=["scheme", "council", "year"], name="savings_double_line"),
        ]

    def __str__(self):
        return f"rule {self.rule}: line {self.line}"
