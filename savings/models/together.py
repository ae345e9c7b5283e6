"""Working together: who stands in for whom, notes on anything, what somebody has read, and what was corrected since."""

import uuid
from functools import reduce
from operator import or_

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q

from councils.models import Council, Person, Role, Sealed
from partnerships.models import BusinessCase, Partnership

from .charge import Charge
from .confirmation import ConfirmationRequest
from .evidence import Document
from .job import Report
from .ledger import Entry
from .quality import Indicator
from .returns import Return
from .scheme import Scheme


class CoverQuerySet(models.QuerySet):
    def on(self, day):
        """Covers that hold on `day`: begun, not over and not replaced."""
        return self.filter(starts_on__lte=day, ends_on__gt=day, replaced_by__isnull=True)

    def to_come(self, day):
        """Those that hold on `day` or begin later."""
        return self.filter(ends_on__gt=day, replaced_by__isnull=True)


class Cover(Sealed):
    """One person stands in for another until a date. The role row that gives the right is written by the same act."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="covers")
    covered = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="who is away")
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.TextField(choices=Role.What, db_comment="the role that is lent")
    starts_on = models.DateField()
    ends_on = models.DateField(db_comment="first day it no longer holds")
    reason = models.TextField()
    named_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    objects = CoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="savings_cover_what", condition=Q(what__in=["finance_officer", "finance_lead"])
            ),
            models.CheckConstraint(
                name="savings_cover_two_people",
                condition=~Q(covered=F("deputy")),
                violation_error_message="Nobody stands in for themselves.",
            ),
            models.CheckConstraint(name="savings_cover_ends", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="savings_cover_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.deputy} for {self.covered}, until {self.ends_on}"


#: What a note about each kind of thing names; a note names nothing else.
NAMED = {
    "partnership": (), "entry": ("entry",), "scheme": ("scheme",), "charge": ("charge",), "business_case": ("case",),
    "document": ("document",), "indicator": ("indicator",), "confirmation": ("confirmation",),
    "return": ("quarter", "quarter_of"),
}  # fmt: skip


def _about_one_thing():
    every = sorted({name for names in NAMED.values() for name in names})
    return reduce(or_, (
        Q(about=about, **{f"{name}__isnull": name not in names for name in every}) for about, names in NAMED.items()
    ))  # fmt: skip


class Note(Sealed):
    """Something said about a thing, dated, for the members to read. Corrected only by a note that replaces it."""

    class About(models.TextChoices):
        PARTNERSHIP = "partnership", "Partnership"
        ENTRY = "entry", "Entry"
        SCHEME = "scheme", "Scheme"
        CHARGE = "charge", "Charge"
        RETURN = "return", "Return"
        CASE = "business_case", "Business case"
        DOCUMENT = "document", "Document"
        INDICATOR = "indicator", "Quality indicator"
        CONFIRMATION = "confirmation", "Request to confirm"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="notes")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="notes", db_comment="the author's")
    about = models.TextField(choices=About)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="notes")
    scheme = models.ForeignKey(Scheme, null=True, on_delete=models.PROTECT, related_name="notes")
    charge = models.ForeignKey(Charge, null=True, on_delete=models.PROTECT, related_name="notes")
    case = models.ForeignKey(BusinessCase, null=True, on_delete=models.PROTECT, related_name="notes")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="notes")
    indicator = models.ForeignKey(Indicator, null=True, on_delete=models.PROTECT, related_name="notes")
    confirmation = models.ForeignKey(ConfirmationRequest, null=True, on_delete=models.PROTECT, related_name="notes")
    quarter = models.DateField(null=True, db_comment="of a return: first day of the quarter")
    quarter_of = models.ForeignKey(
        Council, null=True, on_delete=models.PROTECT, related_name="+", db_comment="of a return: whose"
    )
    text = models.TextField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [models.Index(fields=["partnership", "quarter_of", "quarter"], name="savings_note_quarter")]
        constraints = [
            models.CheckConstraint(name="savings_note_text", condition=~Q(text="")),
            models.CheckConstraint(name="savings_note_about", condition=_about_one_thing()),
        ]

    def __str__(self):
        return self.text[:60]


class Seen(models.Model):
    """How far somebody has read what happened to a council or partnership; the newest row holds. No fact."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, null=True, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, null=True, on_delete=models.PROTECT, related_name="+")
    heads = models.JSONField(db_comment="stream id: sequence of its newest event")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "council", "partnership", "-id"], name="savings_seen_newest")]
        constraints = [
            models.CheckConstraint(
                name="savings_seen_one",
                condition=Q(council__isnull=True, partnership__isnull=False)
                | Q(council__isnull=False, partnership__isnull=True),
            )
        ]

    def __str__(self):
        return f"{self.person_id} until {self.at}"


class Recounted(models.Model):
    """The facts of a partnership were worked out anew because of an act: whoever relied on them may have to be told.

    Written with the facts, in their transaction, from the marks that are taken; taken away by `savings.correcting`.
    """

    id = models.BigAutoField(primary_key=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    act = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["partnership"], name="savings_recounted_shard")]

    def __str__(self):
        return f"{self.partnership_id}: act {self.act}"


class Published(models.Model):
    """What a report, or a return as it was closed, said; and the figures whoever relied on it was told last."""

    id = models.BigAutoField(primary_key=True)
    report = models.OneToOneField(Report, null=True, on_delete=models.PROTECT, related_name="+")
    closing = models.OneToOneField(Return, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    said = models.JSONField(db_comment="pence by figure")
    told = models.JSONField(db_comment="the same as it was when a notice was last written")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="savings_published_one",
                condition=Q(report__isnull=True, closing__isnull=False) | Q(report__isnull=False, closing__isnull=True),
            )
        ]

    def __str__(self):
        return f"{self.report_id or self.closing_id}: {self.said}"


class Notice(models.Model):
    """A figure somebody relied on has changed since. Written by the worker, once for each person, source and act.

    Its mail is sent as `savings.posting` sends mails: claimed before each try.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="+", db_comment="whose return, or for whom the report was made"
    )
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField(null=True, db_comment="of a return that was closed: first day of the quarter")
    act = models.ForeignKey("councils.Act", on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(db_comment="the moment of what was said")
    said = models.JSONField(db_comment="pence by figure, as published")
    now = models.JSONField(db_comment="the same with what was corrected since")
    why = models.TextField(db_comment="one line for each act: who by role, what, and the reason given")
    changed_at = models.DateTimeField()
    made_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    try_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, db_comment="not sent: no mails wanted, or no account any more")

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="savings_notice_newest"),
            models.Index(
                fields=["try_after"], name="savings_notice_unsent", condition=Q(sent_at=None, dropped_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "partnership", "council", "report", "quarter", "act"],
                name="savings_notice_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"{self.person_id}: {self.said} → {self.now}"


class NoticeRead(models.Model):
    """The person has read the notice."""

    id = models.BigAutoField(primary_key=True)
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="read")
    at = models.DateTimeField()

    def __str__(self):
        return str(self.notice_id)
