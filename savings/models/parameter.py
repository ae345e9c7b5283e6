"""Parameters that move: deflator releases, discount schedules, published uplifts, and the studies we cite."""

from django.db import models
from django.db.models import Q

from councils.models import Sealed


class DeflatorRelease(Sealed):
    """One release of the GDP deflator. A real one is never mixed with an invented one."""

    name = models.TextField(unique=True)
    released_on = models.DateField()
    index_base = models.TextField()
    invented = models.BooleanField(default=False, db_comment="made up for the demonstration and labelled so")

    class Meta:
        ordering = ["released_on", "id"]

    def __str__(self):
        return self.name


class Deflator(Sealed):
    """The index of one financial year in one release, in ten-thousandths."""

    release = models.ForeignKey(DeflatorRelease, on_delete=models.PROTECT, related_name="indices")
    year = models.SmallIntegerField(db_comment="financial-year start")
    index = models.DecimalField(max_digits=12, decimal_places=6)
    forecast = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "year"], name="savings_deflator_once"),
            models.CheckConstraint(name="savings_deflator_positive", condition=Q(index__gt=0)),
        ]

    def __str__(self):
        return f"{self.year}: {self.index}"


class DiscountRate(Sealed):
    """The discount rate for a span of years of one schedule."""

    schedule = models.TextField()
    year_from = models.SmallIntegerField()
    year_to = models.SmallIntegerField()
    rate_bps = models.IntegerField(db_comment="basis points")
    vintage = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "vintage", "year_from"], name="savings_discount_once")
        ]

    def __str__(self):
        return f"{self.schedule} {self.year_from}-{self.year_to}"


class OptimismBias(Sealed):
    """Published upper and lower uplifts for plans, in basis points; never applied to actuals."""

    category = models.TextField(unique=True)
    cost_upper_bps = models.IntegerField()
    cost_lower_bps = models.IntegerField()
    duration_upper_bps = models.IntegerField(null=True)
    duration_lower_bps = models.IntegerField(null=True)
    applies_to = models.TextField(blank=True)

    def __str__(self):
        return self.category


class Study(Sealed):
    """A published study of whether sharing saves. None may be pooled without its standard error."""

    key = models.TextField(unique=True)
    authors = models.TextField()
    year = models.SmallIntegerField()
    outlet = models.TextField(blank=True)
    country = models.TextField(blank=True)
    service = models.TextField(blank=True)
    sample = models.TextField(blank=True)
    method = models.TextField(blank=True)
    direction = models.TextField(blank=True)
    effect_percent = models.TextField(blank=True, db_comment="as published; text, because it feeds no sum")
    standard_error = models.TextField(blank=True)
    n = models.TextField(blank=True)
    finding = models.TextField(blank=True)
    checked = models.TextField(blank=True)

    def __str__(self):
        return f"{self.authors} ({self.year})"
