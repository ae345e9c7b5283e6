"""Councils: what they are called, when they existed, what came after them, and what they spent."""

from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower, Replace
from django.urls import reverse

from .act import Sealed

# What people leave out or write otherwise in a name; both sides of a search are folded alike.
FOLDS = (("&", "and"), ("'", ""), ("’", ""), ("‘", ""), (".", ""), (",", ""), ("-", " "))


def fold(text):
    """`King’s Lynn & St. Albans` as `kings lynn and st albans`."""
    text = text.lower()
    for written, read in FOLDS:
        text = text.replace(written, read)
    return " ".join(text.split())


def folded(column):
    """The same as an expression over a text column, whose spaces are single already."""
    expression: Func = Lower(column)
    for written, read in FOLDS:
        expression = Replace(expression, Value(written), Value(read), output_field=models.TextField())
    return expression


class CouncilQuerySet(models.QuerySet):
    def with_end(self):
        """Each knows its `ends_on` without being asked one by one."""
        passed_on = Succession.objects.filter(predecessor=OuterRef("pk")).order_by("on").values("on")[:1]
        return self.annotate(_ends=Coalesce("ended_on", Subquery(passed_on)))

    def in_being(self, on):
        """Councils that exist on the date `on`."""
        begun = self.filter(Q(started_on__isnull=True) | Q(started_on__lte=on))
        return begun.with_end().filter(Q(_ends__isnull=True) | Q(_ends__gt=on))

    def ended(self, on):
        return self.with_end().filter(_ends__lte=on)

    def named_like(self, text):
        """Whose name or other spelling contains `text` however it is punctuated, or whose code it is. No more queries
        than the one: a few thousand names are folded where they are."""
        text = text.strip()
        coded = Q(code__iexact=text) | Q(gss_code__iexact=text)
        words = fold(text)
        if not words:
            return self.filter(coded)
        spelt = CouncilAlias.objects.annotate(folded=folded("alias")).filter(council=OuterRef("pk"))
        return self.annotate(folded_name=folded("name"), folded_short=folded("short_name")).filter(
            Q(folded_name__contains=words)
            | Q(folded_short__contains=words)
            | Exists(spelt.filter(folded__contains=words))
            | coded
        )


class Council(Sealed):
    """A local authority, or another public body or company that can be a member (`kind` says which)."""

    class Kind(models.TextChoices):
        COUNTY = "county", "County council"
        DISTRICT = "district", "District council"
        UNITARY = "unitary", "Unitary council"
        METROPOLITAN = "metropolitan", "Metropolitan district"
        LONDON_BOROUGH = "london_borough", "London borough"
        WELSH = "welsh", "Welsh council"
        SCOTTISH = "scottish", "Scottish council"
        NORTHERN_IRISH = "northern_irish", "Northern Irish council"
        COMBINED_AUTHORITY = "combined_authority", "Combined authority"
        GREATER_LONDON_AUTHORITY = "greater_london_authority", "Greater London Authority"
        NHS = "nhs", "NHS body"
        POLICE = "police", "Police body"
        FIRE = "fire", "Fire authority"
        COMPANY = "company", "Company"
        GOVERNMENT = "government", "Government department"
        OTHER = "other", "Other public body"

    code = models.TextField(unique=True, db_comment="register code; X-… for bodies that are not councils")
    gss_code = models.TextField(blank=True)
    name = models.TextField()
    short_name = models.TextField()
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.TextField(choices=Kind)
    nation = models.TextField(blank=True)
    region = models.TextField(blank=True)
    county = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="districts")
    combined_authority = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="constituents"
    )
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True, db_comment="first day it no longer existed")
    population_2020 = models.IntegerField(null=True, blank=True)
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    ecode = models.TextField(blank=True, db_comment="code in the Revenue Outturn files")
    invented = models.BooleanField(default=False, db_comment="part of the demonstration, not a real body")

    objects = CouncilQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="councils_council_ends_after_start",
                condition=Q(started_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(ended_on__gt=models.F("started_on")),
                violation_error_message="A council cannot end before it starts.",
            ),
            models.CheckConstraint(
                name="councils_council_kind",
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

    @property
    def ends_on(self):
        """First day it is no longer there: as the register has it, or because another came after; None while it lasts.

        A row of the register is never changed, so a council that was reorganised since ends by its successions. One
        query the first time, unless it was read `with_end`.
        """
        if "_ends" not in self.__dict__:
            passed_on = self.successions.aggregate(day=models.Min("on"))["day"] if self.pk else None
            self._ends = self.ended_on or passed_on
        return self._ends

    def has_ended(self, on):
        return self.ends_on is not None and self.ends_on <= on

    def get_absolute_url(self):
        return reverse("councils:council", args=[self.slug])


class CouncilAlias(Sealed):
    """Another spelling of a council's name, in lower case, for reading other people's files."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="aliases")
    alias = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alias", "council"], name="councils_alias_once")]

    def __str__(self):
        return self.alias


class Succession(Sealed):
    """What share of a predecessor passed to a successor, and when. Shares of one predecessor sum to 10,000."""

    predecessor = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="inheritances")
    on = models.DateField()
    share_bps = models.IntegerField(db_comment="basis points; 10,000 is the whole")
    share_basis = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="councils_succession_once"),
            models.CheckConstraint(
                name="councils_succession_share", condition=Q(share_bps__gt=0) & Q(share_bps__lte=10_000)
            ),
        ]

    def __str__(self):
        return f"{self.predecessor_id} → {self.successor_id}"


class Outturn(Sealed):
    """Net current expenditure of one council on one line in one year, as it reported it; null where not reported."""

    council = models.ForeignKey(Council, null=True, on_delete=models.PROTECT, related_name="outturn")
    ecode = models.TextField(db_comment="as in the file; bodies outside the register have a code but no council")
    year = models.SmallIntegerField(db_comment="financial-year start")
    line = models.TextField()
    amount_pence = models.BigIntegerField(null=True, db_comment="signed pence; null where the file left the line empty")
    name_in_file = models.TextField(blank=True)
    release = models.TextField(db_comment="which publication")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ecode", "year", "line", "release"], name="councils_outturn_once")
        ]

    def __str__(self):
        return f"{self.ecode} {self.year} {self.line}"


class BudgetGap(Sealed):
    """The savings a council's budget needs in a year. A later row for the same year replaces the earlier."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="budget_gaps")
    year = models.SmallIntegerField(db_comment="financial-year start")
    amount_pence = models.BigIntegerField(db_comment="pence the budget needs, never negative")

    class Meta:
        constraints = [models.CheckConstraint(name="councils_gap_not_negative", condition=Q(amount_pence__gte=0))]

    def __str__(self):
        return f"{self.council_id} {self.year}"
