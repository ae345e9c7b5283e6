"""Quality held: what a cash-releasing claim says stayed as good as it was (R15)."""

from django.db import models
from django.db.models import Q

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership


class Indicator(Sealed):
    """A measure of the service, its value before sharing, and how much worse is still tolerated.

    It stays as it was agreed, like a promise: another baseline or tolerance is another indicator, by another name.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="indicators")
    name = models.TextField()
    unit = models.TextField()
    higher_is_better = models.BooleanField()
    baseline = models.DecimalField(max_digits=14, decimal_places=4)
    tolerance = models.DecimalField(max_digits=14, decimal_places=4, db_comment="in the indicator's unit")
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="savings_indicator_once"),
            models.CheckConstraint(name="savings_indicator_tolerance", condition=Q(tolerance__gte=0)),
        ]

    def __str__(self):
        return self.name

    @property
    def limit(self):
        """The worst value still tolerated."""
        return self.baseline - self.tolerance if self.higher_is_better else self.baseline + self.tolerance

    def worse(self, value):
        """Whether `value` is worse than tolerated; exactly at the limit is not. The database asks the same."""
        return value < self.limit if self.higher_is_better else value > self.limit


class Reading(Sealed):
    """What an indicator read for one member in one quarter. One is put right by another that replaces it."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="readings")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField(db_comment="first day of the quarter")
    value = models.DecimalField(max_digits=14, decimal_places=4)
    source = models.TextField(db_comment="where the figure comes from")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    reason = models.TextField(blank=True, db_comment="why it replaces another")
    read_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["indicator", "council", "quarter"], name="savings_reading_cell")]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "council", "quarter"],
                condition=Q(replaces__isnull=True),
                name="savings_reading_once",
            ),
            models.CheckConstraint(
                name="savings_reading_quarter", condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10])
            ),
            models.CheckConstraint(name="savings_reading_source", condition=~Q(source__regex=r"^\s*$")),
            models.CheckConstraint(
                name="savings_reading_reason", condition=Q(replaces__isnull=True) | ~Q(reason__regex=r"^\s*$")
            ),
        ]

    def __str__(self):
        return f"{self.indicator_id} {self.quarter}: {self.value}"
