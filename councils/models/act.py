"""Acts, the rows they wrote, and the sealed events that make a change visible.

An act is one thing one person did. It lives below every app, because every row of every app carries its act
(DESIGN 10.14), and arrows point down. Nothing here is written by the ORM: `councils.acts.act` calls the two database
functions `act_open` and `act_seal`, and the trigger on each sealed table writes `Written`.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models


class Act(models.Model):
    """What one person did at one moment, and why."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    person = models.ForeignKey("councils.Person", on_delete=models.PROTECT, related_name="acts")
    verb = models.TextField()
    subject = models.TextField(blank=True, db_comment="what it was done to: kind and public id")
    reason = models.TextField(blank=True)
    request_id = models.TextField(blank=True)
    at = models.DateTimeField(db_comment="when, as the application was told")
    entered_at = models.DateTimeField(db_comment="when, by the database's own clock")
    transaction = models.BigIntegerField(db_comment="the transaction that may write under this act")

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="councils_act_person")]

    def __str__(self):
        return f"{self.verb} {self.subject}"


class Stream(models.Model):
    """One chain of events: `council:<code>`, `register` or `access`."""

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    council = models.OneToOneField("councils.Council", null=True, on_delete=models.PROTECT, related_name="stream")

    def __str__(self):
        return self.key


class Written(models.Model):
    """The rows one statement wrote under an act: their ids and salted digests, in id order."""

    id = models.BigAutoField(primary_key=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="written")
    relation = models.TextField()
    version = models.SmallIntegerField(db_comment="which list of columns the digests cover")
    rows = models.IntegerField()
    ids = ArrayField(models.BigIntegerField())
    digests = models.BinaryField(db_comment="32 bytes a row, in the order of ids")
    councils = ArrayField(models.BigIntegerField(), db_comment="whose streams this touches")

    class Meta:
        indexes = [models.Index(fields=["act"], name="councils_written_act")]

    def __str__(self):
        return f"{self.rows} of {self.relation}"


class Event(models.Model):
    """The seal of one act on one stream; its hash covers the event before it."""

    id = models.BigAutoField(primary_key=True)
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="events")
    sequence = models.BigIntegerField(db_comment="1, 2, 3 … without gaps in its stream")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="events")
    rows = models.IntegerField(db_comment="rows the act wrote, in all tables")
    root = models.BinaryField(db_comment="Merkle root (RFC 6962) over the digests of those rows")
    previous = models.BinaryField(db_comment="hash of the event before; 32 zero bytes for the first")
    hash = models.BinaryField(db_comment="SHA-256(previous || SHA-256(body)); docs/ledger.md says what the body is")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="councils_event_sequence"),
            models.UniqueConstraint(fields=["act", "stream"], name="councils_event_once"),
        ]

    def __str__(self):
        return f"{self.stream_id}/{self.sequence}"


class Sealed(models.Model):
    """A row written by one act and never changed; the salt keeps its digest from being guessed."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    salt = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)

    class Meta:
        abstract = True
