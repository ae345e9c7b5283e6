"""What has been said in public: beside the ledger, never in it."""

from django.db import models

from councils.models import Sealed

from .arrangement import Partnership


class PublicClaim(Sealed):
    """A figure somebody published about a real partnership, with who said it, on what basis, and how far we checked."""

    class Kind(models.TextChoices):
        PROJECTED = "projected", "Projected"
        REPORTED_ACHIEVED = "reported_achieved", "Reported as achieved"
        INVESTMENT = "investment", "Cost to set up"
        COUNTER_CLAIM = "counter_claim", "Disputed by"
        ADVERSE = "adverse", "Reported against it"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="public_claims")
    position = models.SmallIntegerField(db_comment="its place in the carried file, from 1")
    kind = models.TextField(choices=Kind)
    claimant = models.TextField()
    amount_pence = models.BigIntegerField(null=True, blank=True, db_comment="null where no pounds were stated")
    amount_as_published = models.TextField(blank=True)
    basis = models.TextField(blank=True, db_comment="annual, cumulative, one_off, rate …, as far as it can be told")
    period = models.TextField(blank=True)
    net_or_gross = models.TextField(blank=True)
    statement = models.TextField(blank=True)
    source_title = models.TextField()
    source_url = models.TextField(blank=True)
    checked = models.TextField(db_comment="how far we checked it")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["position"], name="partnerships_claim_position")]

    def __str__(self):
        return f"{self.claimant}: {self.amount_as_published}"


class MapTotal(Sealed):
    """A total the retired national map once published."""

    published = models.TextField(unique=True)
    arrangements = models.IntegerField(null=True)
    cumulative_pence = models.BigIntegerField(null=True)
    other_pence = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)
    source_url = models.TextField(blank=True)
    checked = models.TextField()

    def __str__(self):
        return self.published
