"""Jobs people wait for, the reports they make, and the worker's heartbeat. The database is the queue of record."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.urls import reverse

from councils.models import Council, Person, Sealed
from partnerships.models import Partnership


class Job(models.Model):
    """Something slow that somebody asked for: how far it is, and how it ended."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    kind = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="jobs")
    state = models.TextField(choices=State, default=State.WAITING)
    done = models.IntegerField(default=0, db_comment="steps finished")
    total = models.IntegerField(default=0, db_comment="steps in all; 0 while not known")
    message = models.TextField(blank=True)
    attempts = models.SmallIntegerField(default=0, db_comment="counted before the work")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="savings_job_waiting")]

    def __str__(self):
        return f"{self.kind} {self.public_id}"

    def get_absolute_url(self):
        return reverse("savings:job", args=[self.public_id])


class Report(Sealed):
    """An evidence report somebody asked for: of one partnership, for one of its members."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="reports")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="reports")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="report")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateTimeField(
        null=True, blank=True, db_comment="the past moment it was asked for; null is when it is made"
    )

    def __str__(self):
        return f"report {self.public_id}"

    def get_absolute_url(self):
        return reverse("savings:report", args=[self.public_id])


class ReportFile(Sealed):
    """What the job made, from one snapshot of the ledger: kept under its digest like any document."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    format = models.TextField(db_comment="pdf or csv")
    sha256 = models.TextField()
    size_bytes = models.BigIntegerField()
    rows = models.IntegerField(db_comment="entries in it, printed or attached")
    as_at = models.DateTimeField(db_comment="when the snapshot was taken")
    heads = models.TextField(db_comment="stream heads, as 'key=sequence' lines in key order (DESIGN 10.14)")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "format"], name="savings_report_file_once")]

    def __str__(self):
        return f"{self.report_id}.{self.format}"

    def get_absolute_url(self):
        return reverse("savings:report-file", args=[self.report.public_id, self.format])


class Heartbeat(models.Model):
    """When something that must keep running last showed that it does."""

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.name} {self.at}"
