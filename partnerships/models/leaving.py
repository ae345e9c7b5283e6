"""Leaving a partnership: the terms it was agreed on, a member's notice, and what its going is expected to cost."""

from django.db import models
from django.db.models import Q

from councils.models import Council, Person, Sealed

from .arrangement import Partnership


class LeavingTerms(Sealed):
    """What the agreement says of leaving, from a day on."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="terms")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+", db_comment="who wrote them down")
    starts_on = models.DateField()
    notice_months = models.SmallIntegerField()
    exit_terms = models.TextField(db_comment="who bears what when a member leaves, in the words of the agreement")
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "terms"
        constraints = [
            models.CheckConstraint(name="partnerships_leavingterms_months", condition=Q(notice_months__range=(0, 120))),
            models.CheckConstraint(name="partnerships_leavingterms_told", condition=Q(exit_terms__regex=r"\S")),
        ]

    def __str__(self):
        return f"{self.notice_months} months’ notice"


class LeavingNoticeQuerySet(models.QuerySet):
    def standing(self):
        """Given and not withdrawn, whether the leaving day has come or not."""
        return self.filter(withdraws__isnull=True, withdrawn_by__isnull=True)


class LeavingNotice(Sealed):
    """A member says that it leaves; a later row that `withdraws` it, written before the day, takes it back."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="notices")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+", db_comment="who leaves")
    leaves_on = models.DateField(db_comment="first day it is no longer a member")
    reason = models.TextField()
    minute_reference = models.TextField(blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdraws = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="withdrawn_by")

    objects = LeavingNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="partnerships_leavingnotice_reason", condition=Q(reason__regex=r"\S")),
        ]

    def __str__(self):
        return f"{self.council_id} leaves {self.partnership_id} on {self.leaves_on}"


class LeavingCost(Sealed):
    """What a member expects the leaving to cost it in one year; entered with the notice, banked later as usual."""

    class What(models.TextChoices):
        EXIT = "exit", "Exit cost"
        STRANDED = "stranded", "Stranded overhead"

    notice = models.ForeignKey(LeavingNotice, on_delete=models.PROTECT, related_name="costs")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+", db_comment="who bears it")
    scheme_reference = models.TextField()
    what = models.TextField(choices=What)
    year = models.SmallIntegerField(db_comment="financial-year start")
    amount_pence = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="partnerships_leavingcost_what", condition=Q(what__in=["exit", "stranded"])),
            models.CheckConstraint(name="partnerships_leavingcost_positive", condition=Q(amount_pence__gt=0)),
            models.CheckConstraint(name="partnerships_leavingcost_year", condition=Q(year__range=(1990, 2100))),
        ]

    def __str__(self):
        return f"{self.get_what_display()} {self.year}"
