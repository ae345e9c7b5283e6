"""Checkpoints, who asked to be sent them, what was sent, and when the ledger was last verified."""

from django.db import models
from django.db.models import Q

from .act import Sealed
from .person import Person, User


class Checkpoint(Sealed):
    """The signed heads of all streams at one moment. docs/ledger.md says over which bytes.

    It is sealed like any row, by an act on the register: so the next checkpoint vouches for this one too, and one that
    was taken out leaves a hole. Its own event comes after the heads that it states.
    """

    class Why(models.TextChoices):
        DAILY = "daily", "Daily"
        CLOSE = "close", "A quarter was closed"
        ASKED = "asked", "Asked for"

    why = models.TextField(choices=Why)
    moment = models.DateTimeField()
    heads = models.TextField(db_comment="one line a stream in key order: key, sequence and hash, parted by blanks")
    root = models.TextField(db_comment="Merkle root over the heads, hexadecimal")
    key = models.TextField(db_comment="SHA-256 of the public key, hexadecimal")
    public_key = models.TextField(db_comment="32 bytes, hexadecimal")
    signature = models.TextField(db_comment="64 bytes, hexadecimal")

    class Meta:
        indexes = [models.Index(fields=["moment"], name="councils_checkpoint_moment")]
        constraints = [
            models.CheckConstraint(
                name="councils_checkpoint_hexadecimal",
                condition=Q(root__regex="^[0-9a-f]{64}$", key__regex="^[0-9a-f]{64}$")
                & Q(public_key__regex="^[0-9a-f]{64}$", signature__regex="^[0-9a-f]{128}$"),
            ),
            models.CheckConstraint(name="councils_checkpoint_why", condition=Q(why__in=["daily", "close", "asked"])),
        ]

    def __str__(self):
        return f"checkpoint of {self.moment:%Y-%m-%d %H:%M}"


class CheckpointWish(Sealed):
    """Whether one person wants each checkpoint by e-mail, from now on. The latest row holds."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="checkpoint_wishes")
    wanted = models.BooleanField()

    def __str__(self):
        return f"{self.person_id}: {'yes' if self.wanted else 'no'}"


class CheckpointMail(models.Model):
    """One checkpoint for one account: written with the checkpoint, tried until it was sent or is not wanted."""

    id = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="mails")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="checkpoint_mails")
    attempts = models.IntegerField(default=0, db_comment="counted before each try")
    try_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, db_comment="no longer wanted, or the account or the role has ended")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "user"], name="councils_checkpoint_mail_once"),
            models.CheckConstraint(
                name="councils_checkpoint_mail_ends_once",
                condition=Q(sent_at__isnull=True) | Q(dropped_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["try_after"],
                name="councils_checkpoint_mail_due",
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
            )
        ]

    def __str__(self):
        return f"{self.checkpoint_id} to {self.user_id}"


class Verification(models.Model):
    """One run of `verify_ledger` by the product itself, and what it found. Bookkeeping: the ledger is the proof."""

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    acts = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    problem_count = models.IntegerField(default=0)
    problems = models.TextField(blank=True, db_comment="the first hundred, one a line")

    def __str__(self):
        return f"verification of {self.started_at:%Y-%m-%d %H:%M}"


class SchemaRecord(Sealed):
    """What the migrations installed, line by line, sealed when they had run: any line that changed since is named."""

    listing = models.TextField()

    def __str__(self):
        return f"schema {self.pk}"
