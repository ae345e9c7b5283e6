"""Files somebody sent: what was found in each, that it was applied, and that it was undone."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.urls import reverse

from councils.models import Council, Person, Sealed


class Upload(models.Model):
    """One file as it was checked for one council; never changed. The file and the checked rows are kept by digest."""

    class Source(models.TextChoices):
        FILE = "file", "A file"
        PASTE = "paste", "Pasted"
        SHELL = "shell", "From the shell"
        API = "api", "By the API"

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="uploads")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    source = models.TextField(choices=Source)
    name = models.TextField(db_comment="the file's own name, to show")
    sha256 = models.TextField(db_comment="of the file")
    size_bytes = models.BigIntegerField()
    allow_extra = models.BooleanField(default=False, db_comment="columns not known are left out, by choice")
    notes = models.TextField(blank=True, db_comment="what the reader decided by itself, a line each")
    refused = models.TextField(blank=True, db_comment="why the file was refused whole; a line each")
    checked_sha256 = models.TextField(blank=True, db_comment="of the checked rows, kept as Parquet")
    new = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    new_pence = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["council", "-id"], name="savings_upload_council"),
            models.Index(fields=["council", "sha256"], name="savings_upload_again"),
        ]
        constraints = [
            models.CheckConstraint(
                name="savings_upload_checked", condition=Q(refused="") | (Q(new=0, same=0, duplicate=0, bad=0))
            )
        ]

    def __str__(self):
        return f"{self.name}, sent {self.sent_at:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("savings:upload", args=[self.public_id])

    @property
    def rows(self) -> int:
        """Rows that say something: lines of totals are not among them."""
        return self.new + self.same + self.duplicate + self.bad


class UploadApplied(Sealed):
    """The new rows of an upload are entries now: all of them, in the act that wrote them."""

    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="applied")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    applied_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    sha256 = models.TextField(db_comment="of the file")
    checked_sha256 = models.TextField(db_comment="of the rows as they were checked when they were applied")
    good_rows = models.BooleanField(db_comment="bad rows were handed back, by choice")
    new = models.IntegerField()
    same = models.IntegerField()
    duplicate = models.IntegerField()
    bad = models.IntegerField()
    new_pence = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="savings_uploadapplied_whole", condition=Q(bad=0) | Q(good_rows=True)),
            models.CheckConstraint(name="savings_uploadapplied_some", condition=Q(new__gt=0)),
        ]

    def __str__(self):
        return f"{self.new} rows of {self.upload_id}"


class UploadUndone(Sealed):
    """Every entry of an upload was reversed, in the act that reversed them."""

    applied = models.OneToOneField(UploadApplied, on_delete=models.PROTECT, related_name="undone")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField()
    reason = models.TextField()
    reversed = models.IntegerField(db_comment="entries; those reversed before are not among them")

    class Meta:
        constraints = [
            models.CheckConstraint(name="savings_uploadundone_reason", condition=Q(reason__regex=r"\S")),
        ]

    def __str__(self):
        return f"{self.applied_id} undone"
