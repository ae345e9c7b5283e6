"""The catalogue of services that councils share."""

from django.db import models

from councils.models import Sealed


class Service(Sealed):
    """One service of the catalogue, and the line of the Revenue Outturn it belongs to."""

    class Office(models.TextChoices):
        BACK = "back", "Back office"
        FRONT = "front", "Front office"
        MIXED = "mixed", "Mixed"

    slug = models.SlugField(max_length=40, unique=True)
    name = models.TextField(unique=True)
    outturn_line = models.TextField()
    office = models.TextField(choices=Office)
    volume_driver = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
