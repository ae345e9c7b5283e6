"""Recurring savings that a council says have ended. Attesting one is no row of its own: it is the next year's entry."""

from django.db import models
from django.db.models import Q

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership

from .scheme import Scheme
from .typed import BenefitClass, one_of


class SavingEnded(Sealed):
    """From `year` on the recurring saving of one council, scheme and class is no longer delivered."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="endings")
    benefit_class = models.TextField(choices=BenefitClass)
    year = models.SmallIntegerField(db_comment="financial-year start: the first year without it")
    reason = models.TextField()
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["council", "scheme", "benefit_class", "year"], name="savings_saving_ended_once"
            ),
            models.CheckConstraint(name="savings_saving_ended_class", condition=one_of("benefit_class", BenefitClass)),
            models.CheckConstraint(name="savings_saving_ended_year", condition=Q(year__range=(1990, 2100))),
            models.CheckConstraint(
                name="savings_saving_ended_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why it has ended.",
            ),
        ]

    def __str__(self):
        return f"{self.scheme_id} ended in {self.year}"
