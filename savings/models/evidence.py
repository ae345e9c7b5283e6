"""Documents, kept under their SHA-256, and which entries they support."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership

from .ledger import Entry


class Document(Sealed):
    """A file as uploaded. Its name is only something to show: the file itself lies under its digest."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="documents")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="documents")
    title = models.TextField()
    file_name = models.TextField()
    media_type = models.TextField()
    size_bytes = models.BigIntegerField()
    sha256 = models.TextField(db_index=True, db_comment="64 hexadecimal digits, lower case")
    exempt = models.BooleanField(default=False, db_comment="exempt from publication (LGA 1972, Schedule 12A)")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="savings_document_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="savings_document_not_empty", condition=Q(size_bytes__gt=0)),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("savings:document", args=[self.public_id])


class Support(Sealed):
    """This document supports this entry; or, when `withdraws` is set, no longer does. The reason is the act's."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="supports")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="supports")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    withdraws = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="withdrawn_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "entry"], name="savings_support_entry")]

    def __str__(self):
        return f"{self.document_id} supports {self.entry_id}"
