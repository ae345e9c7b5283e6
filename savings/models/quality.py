"""Quality held: what a cash-releasing claim says stayed as good as it was (R15)."""

from django.db import models
from django.db.models import Q

from councils.models import Council, Sealed
from partnerships.models import Partnership


class Indicator(Sealed):
    """A measure of the service, its value before sharing, and how much worse is still tolerated."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="indicators")
    name = models.TextField()
    unit = models.TextField()
    higher_is_better = models.BooleanField()
    baseline = models.DecimalField(max_digits=14, decimal_places=4)
    tolerance = models.DecimalField(max_digits=14, decimal_places=4, db_comment="in the indicator's unit")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="savings_indicator_once"),
            models.CheckConstraint(name="savings_indicator_tolerance", condition=Q(tolerance__gte=0)),
        ]

    def __str__(self):
        return self.name


class Reading(Sealed):
    """What an indicator read for one member in one quarter."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="readings")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField(db_comment="first day of the quarter")
    value = models.DecimalField(max_digits=14, decimal_places=4)

    def __str__(self):
        return f"{self.indicator_id} {self.quarter}: {self.value}"
