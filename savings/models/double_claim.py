"""Double claims: lines the duplicate rules caught, and pairs in two partnerships that a person found distinct."""

from django.db import models
from django.db.models import F, Q

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership, Service

from .dispute import Distinctions
from .scheme import Scheme


class DistinctionAcross(Sealed):
    """Two near claims of one council in two partnerships are two savings: said by a lead who recorded neither.

    It is one council's question (rule 3), so that council's lead answers it for both partnerships; and takes it back by
    a row after it, as with `Distinction`.
    """

    PAIR = ("council", "year", "scheme", "other_scheme")

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField(db_comment="financial-year start")
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_comment="the one with the lower id"
    )
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    other_partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
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
                fields=["council", "year", "scheme", "other_scheme", "sequence"], name="savings_across_once"
            ),
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


def kept_from(to):
    return models.ForeignKey(to, on_delete=models.PROTECT, db_index=False, related_name="+")


class ClaimLine(models.Model):
    """One banked cash-releasing line as last counted, so that what is being typed is compared at the same cost in a
    ledger of any size. Written by the worker with the facts, and replaced with them."""

    id = models.BigAutoField(primary_key=True)
    partnership = kept_from(Partnership)
    year = models.SmallIntegerField(db_comment="financial-year start")
    council = kept_from(Council)
    scheme = kept_from(Scheme)
    service = kept_from(Service)
    line = models.BigIntegerField(db_comment="lowest id of the entries that stand")
    pence = models.BigIntegerField()
    size = models.BigIntegerField(db_comment="the same without its sign: what is near is looked up")
    grade = models.SmallIntegerField()
    ref = models.TextField(blank=True, db_comment="the one reference it rests on; else empty")
    refs = models.SmallIntegerField(db_comment="how many: 0, 1 or, for several, 2")
    file = models.TextField(blank=True, db_comment="SHA-256 of the one document it rests on; else empty")
    files = models.SmallIntegerField(db_comment="how many: 0, 1 or, for several, 2")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "year", "council", "scheme"], name="savings_claimline_once")
        ]
        indexes = [
            models.Index(fields=["partnership", "year", "service", "size"], name="savings_claimline_near"),
            models.Index(fields=["partnership", "year", "pence", "ref"], name="savings_claimline_ref"),
            models.Index(fields=["partnership", "year", "pence", "file"], name="savings_claimline_file"),
            models.Index(fields=["council", "year", "service", "size"], name="savings_claimline_across"),
        ]

    def __str__(self):
        return f"line {self.line}"
