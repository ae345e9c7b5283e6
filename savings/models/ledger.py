"""Entries: one amount for one member, scheme, year and month; never edited, only reversed by an equal and opposite one.

The foreign keys of an entry carry no constraint of their own in PostgreSQL: three row triggers cost more than the rest
of an insert together. The statement trigger `entry_check` verifies every parent at once, and no parent can be deleted.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from councils.models import Council, Person, Sealed
from councils.plain_text import skeleton
from partnerships.models import BusinessCase, Partnership

from .scheme import Scheme
from .typed import BenefitClass, FundedBy, Kind, Recurrence, Series, amount, one_of, period


class BudgetReductionQuerySet(models.QuerySet):
    def coded(self, code):
        """Those whose code would be read as `code`: whatever its case, accents and spaces."""
        alike = models.Func(F("code"), function="code_skeleton", output_field=models.TextField())
        return self.alias(alike=alike).filter(alike=skeleton(code))


class BudgetReduction(Sealed):
    """Money taken out of one budget line of one council in one year; claims on it never exceed it (R14)."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="budget_reductions")
    year = models.SmallIntegerField(db_comment="financial-year start")
    code = models.TextField(db_comment="the council's own ledger code")
    amount_pence = models.BigIntegerField()
    description = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = BudgetReductionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "year", "code"], name="savings_reduction_once"),
            models.CheckConstraint(name="savings_reduction_positive", condition=Q(amount_pence__gt=0)),
            models.CheckConstraint(name="savings_reduction_code", condition=~Q(code="")),
        ]

    def __str__(self):
        return self.code


class EntryQuerySet(models.QuerySet):
    def banked(self):
        return self.filter(series=Series.BANKED)

    def in_year(self, year):
        return self.filter(year=year.start)

    def total(self):
        """Pence net of reversals; 0 when there are no entries."""
        return self.aggregate(total=models.Sum("amount_pence", default=0))["total"]


def unconstrained(to, related_name="+", **options):
    """A foreign key whose parent the statement trigger checks; see the module's first lines."""
    return models.ForeignKey(to, on_delete=models.PROTECT, db_constraint=False, related_name=related_name, **options)


class Entry(Sealed):
    """One amount. A saving or a cost is positive; its reversal, or a closed quarter's adjustment, may be negative."""

    Series, Kind, BenefitClass, Recurrence, FundedBy = Series, Kind, BenefitClass, Recurrence, FundedBy

    act = unconstrained("councils.Act")
    council = unconstrained(Council, "entries", db_index=False)
    partnership = unconstrained(Partnership, "entries", db_index=False)
    scheme = unconstrained(Scheme, "entries", db_index=False)
    series = models.TextField(choices=Series)
    kind = models.TextField(choices=Kind)
    benefit_class = models.TextField(choices=BenefitClass, null=True, blank=True, db_comment="null unless a saving")
    recurrence = models.TextField(choices=Recurrence)
    year = models.SmallIntegerField(db_comment="financial-year start it relates to")
    month = models.SmallIntegerField(null=True, blank=True, db_comment="1 is April; null is the whole year")
    posted_quarter = models.DateField(db_comment="first day of the open quarter it was posted in")
    adjustment = models.BooleanField(default=False, db_default=False, db_comment="relates to a quarter already closed")
    amount_pence = models.BigIntegerField(db_comment="signed pence, never zero")
    price_base = models.SmallIntegerField(null=True, blank=True, db_comment="financial-year start; null is nominal")
    business_case = unconstrained(BusinessCase, "entries", null=True, blank=True)
    budget_reduction = unconstrained(BudgetReduction, "claims", null=True, blank=True)
    funded_by = models.TextField(choices=FundedBy, blank=True, db_default="", db_comment="who bore a cost")
    note = models.TextField(blank=True, db_default="")
    ledger_code = models.TextField(blank=True, db_default="", db_comment="as given; budget_reduction is what it names")
    document_ref = models.TextField(blank=True, db_default="")
    external_key = models.TextField(
        null=True, blank=True, db_comment="the council's own key; makes an import repeatable"
    )
    upload_row = models.IntegerField(null=True, blank=True)
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, db_constraint=False, related_name="reversed_by"
    )
    recorded_by = unconstrained(Person, db_index=False)
    recorded_at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["partnership", "year"], name="savings_entry_shard"),
            models.Index(fields=["council", "-id"], name="savings_entry_council"),
            models.Index(fields=["partnership", "-id"], name="savings_entry_partnership"),
            models.Index(
                "scheme",
                "council",
                "year",
                "series",
                "kind",
                Q(month__isnull=True),  # type: ignore[arg-type]  # Django takes a condition; its stubs do not say so
                name="savings_entry_basis",
            ),
        ]
        constraints = [
            *amount("savings_entry"),
            *period("savings_entry"),
            models.UniqueConstraint(fields=["id", "recorded_by"], name="savings_entry_recorder"),
            models.UniqueConstraint(
                fields=["council", "external_key"],
                name="savings_entry_external_key",
                condition=Q(external_key__isnull=False),
                violation_error_message="This council already has an entry with that key.",
            ),
            models.CheckConstraint(name="savings_entry_series", condition=one_of("series", Series)),
            models.CheckConstraint(name="savings_entry_kind", condition=one_of("kind", Kind)),
            models.CheckConstraint(name="savings_entry_recurrence", condition=one_of("recurrence", Recurrence)),
            models.CheckConstraint(name="savings_entry_funded_by", condition=one_of("funded_by", FundedBy, blank=True)),
            models.CheckConstraint(
                name="savings_entry_class",
                condition=Q(kind="saving", benefit_class__in=BenefitClass.values)
                | (~Q(kind="saving") & Q(benefit_class__isnull=True)),
                violation_error_message="A saving has a class; a cost or an income has none.",
            ),
            models.CheckConstraint(
                name="savings_entry_promise",
                condition=Q(series="projected", business_case__isnull=False)
                | (~Q(series="projected") & Q(business_case__isnull=True)),
                violation_error_message="A projected amount comes from an approved business case, and only from one.",
            ),
            models.CheckConstraint(
                name="savings_entry_sign",
                condition=Q(amount_pence__gt=0) | Q(reverses__isnull=False) | Q(adjustment=True),
                violation_error_message="Only a reversal or an adjustment can be negative.",
            ),
            models.CheckConstraint(
                name="savings_entry_reverses_another", condition=Q(reverses__isnull=True) | ~Q(reverses=F("id"))
            ),
        ]

    def __str__(self):
        return f"{self.get_series_display()} {self.get_kind_display().lower()} {self.public_id}"

    def get_absolute_url(self):
        return reverse("savings:entry", args=[self.public_id])


class EntryState(models.Model):
    """What decisions, documents and disputes make of it; kept by triggers, rebuildable, absent while all is nil."""

    entry = models.OneToOneField(
        Entry, primary_key=True, on_delete=models.PROTECT, db_constraint=False, related_name="state"
    )
    partnership = unconstrained(Partnership, db_index=False)
    grade = models.SmallIntegerField(default=0, db_comment="0 self-declared, 1 documented, 2 signed off, 3 audited")
    outcome = models.TextField(blank=True, db_comment="latest decision")
    disputed = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.entry_id}: grade {self.grade}"
