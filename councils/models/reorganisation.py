"""Planning what becomes of councils: a plan, its versions, and the steps of its way from draft to enacted.

A version is written whole in one act and never added to; what holds is the latest. Nothing comes of a plan until two
people have acted: one proposes a version, another enacts that same one, on its vesting day or later. Enacting writes
the successors, the successions and the memberships (savings/migrations/0034_reorganised.sql).
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from .act import Sealed
from .council import Council
from .person import Person


class Reorganisation(Sealed):
    """A plan: which councils end on a day, and which come after them."""

    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    def __str__(self):
        return f"reorganisation {self.public_id}"

    def get_absolute_url(self):
        return reverse("savings:reorganisation", args=[self.public_id])


class ReorganisationVersion(Sealed):
    """What a plan says, from 1; the highest number holds."""

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    name = models.TextField()
    vesting_on = models.DateField(db_comment="first day of the successors, and first without the predecessors")
    explanation = models.TextField(blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reorganisation", "number"], name="councils_version_once"),
            models.UniqueConstraint(fields=["id", "act"], name="councils_version_act"),
            models.UniqueConstraint(fields=["id", "reorganisation"], name="councils_version_plan"),
            models.CheckConstraint(name="councils_version_named", condition=~Q(name="")),
        ]

    def __str__(self):
        return f"{self.name}, version {self.number}"


class PlannedCouncil(Sealed):
    """A council that a plan would bring into being; a row of the register once it is enacted."""

    version = models.ForeignKey(ReorganisationVersion, on_delete=models.PROTECT, related_name="councils")
    code = models.TextField(db_comment="register code it would get")
    name = models.TextField()
    short_name = models.TextField()
    slug = models.SlugField(max_length=80)
    kind = models.TextField(choices=Council.Kind)
    nation = models.TextField(blank=True)
    region = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="councils_planned_code_once"),
            models.UniqueConstraint(fields=["version", "slug"], name="councils_planned_slug_once"),
            models.UniqueConstraint(fields=["id", "version"], name="councils_planned_version"),
            models.CheckConstraint(
                name="councils_planned_named", condition=~Q(code="") & ~Q(name="") & ~Q(short_name="") & ~Q(slug="")
            ),
            models.CheckConstraint(
                name="councils_planned_kind",
                condition=Q(
                    kind__in=[
                        "county", "district", "unitary", "metropolitan", "london_borough", "welsh", "scottish",
                        "northern_irish", "combined_authority", "greater_london_authority", "nhs", "police", "fire",
                        "company", "government", "other",
                    ]
                ),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name


class PlannedPassing(Sealed):
    """What share of a predecessor would pass to a planned council, or to one that is there already."""

    version = models.ForeignKey(ReorganisationVersion, on_delete=models.PROTECT, related_name="passings")
    predecessor = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    planned = models.ForeignKey(PlannedCouncil, null=True, on_delete=models.PROTECT, related_name="passings")
    successor = models.ForeignKey(Council, null=True, on_delete=models.PROTECT, related_name="+")
    share_bps = models.IntegerField(db_comment="basis points; 10,000 is the whole")
    share_basis = models.TextField(db_comment="what the share was worked out from")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "predecessor", "planned", "successor"],
                name="councils_plannedpassing_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="councils_plannedpassing_to_one",
                condition=Q(planned__isnull=True, successor__isnull=False)
                | Q(planned__isnull=False, successor__isnull=True),
            ),
            models.CheckConstraint(
                name="councils_plannedpassing_share", condition=Q(share_bps__gt=0) & Q(share_bps__lte=10_000)
            ),
        ]

    def __str__(self):
        return f"{self.predecessor_id} → {self.planned_id or self.successor_id}"

    @property
    def percent(self):
        return f"{self.share_bps / 100:.2f}%"


class ReorganisationStep(Sealed):
    """What was done about a version: proposed by one person, enacted by another; or the plan was withdrawn."""

    class Step(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ENACTED = "enacted", "Enacted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.PROTECT, related_name="steps")
    version = models.ForeignKey(ReorganisationVersion, on_delete=models.PROTECT, related_name="steps")
    step = models.TextField(choices=Step)
    stepped_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stepped_at = models.DateTimeField()
    proposal = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_comment="copied by key from the proposal"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reorganisation"],
                condition=Q(step__in=["enacted", "withdrawn"]),
                name="councils_reorganisation_ends_once",
            ),
            models.UniqueConstraint(
                fields=["version"], condition=Q(step="proposed"), name="councils_reorganisation_proposed_once"
            ),
            models.CheckConstraint(
                name="councils_reorganisationstep_step", condition=Q(step__in=["proposed", "enacted", "withdrawn"])
            ),
            models.CheckConstraint(
                name="councils_reorganisation_two_people",
                condition=Q(step="enacted", proposal__isnull=False, proposed_by__isnull=False)
                & ~Q(stepped_by=F("proposed_by"))
                | Q(step__in=["proposed", "withdrawn"], proposal__isnull=True, proposed_by__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.step} {self.version_id}"
