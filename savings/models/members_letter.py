"""Letters to finance leads about who is a member and on which terms."""

from django.db import models
from django.db.models import Q

from councils.models import Person


class MembersLetter(models.Model):
    """One thing that one person was, or is to be, written about; kept by the worker and sent as any mail."""

    class What(models.TextChoices):
        OFFER = "offer", "asked to join"
        CHANGE = "change", "asked to agree to a change"
        NOTICE = "notice", "told that a member leaves"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.TextField(choices=What)
    about = models.UUIDField(db_comment="public id of the offer, the change or the notice")
    attempts = models.IntegerField(default=0, db_comment="counted before each try")
    try_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, db_comment="answered before it was sent, or not wanted")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "about"], name="savings_membersletter_once"),
            models.CheckConstraint(
                name="savings_membersletter_ends_once", condition=Q(sent_at=None) | Q(dropped_at=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["try_after"], name="savings_membersletter_due", condition=Q(sent_at=None, dropped_at=None)
            )
        ]

    def __str__(self):
        return f"{self.what} to {self.person_id}"
