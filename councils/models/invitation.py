"""How somebody comes in: an invitation by mail, the link it was sent with, and what became of it.

An invitation is sent again by a new one that replaces it, with a link of its own, because only the digest of a link is
kept. It is used up once: accepted or revoked, never both.
"""

from django.db import models
from django.db.models import Q

from .act import Sealed
from .council import Council
from .person import Person, Role


def kept(to, related_name="+", **options):
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=related_name, **options)


class InvitationQuerySet(models.QuerySet):
    def waiting(self):
        """Neither accepted nor revoked nor sent again; it may have run out."""
        return self.filter(outcome__isnull=True, replaced_by__isnull=True)


class Invitation(Sealed):
    """Somebody is asked to be `what` for a council. Who accepts gets the role on that day, until `ends_on`."""

    WHATS = (
        Role.What.FINANCE_OFFICER, Role.What.FINANCE_LEAD, Role.What.CHIEF_EXECUTIVE, Role.What.AUDITOR,
        Role.What.VIEWER,
    )  # fmt: skip

    council = kept(Council, related_name="invitations")
    name = models.TextField(db_comment="as the person who invites calls them; who accepts gives their own")
    email = models.TextField(db_comment="in lower case")
    what = models.TextField(choices=Role.What)
    ends_on = models.DateField(null=True, db_comment="first day the role no longer holds")
    invited_by = kept(Person)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["council", "email"], name="councils_invitation_whom")]
        constraints = [
            models.CheckConstraint(name="councils_invitation_said", condition=~Q(name="") & Q(email__contains="@")),
            models.CheckConstraint(
                name="councils_invitation_what",
                condition=Q(what__in=["finance_officer", "finance_lead", "chief_executive", "auditor", "viewer"]),
            ),
            models.CheckConstraint(
                name="councils_invitation_expires", condition=Q(expires_at__gt=models.F("invited_at"))
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.get_what_display().lower()}"


class InvitationLink(Sealed):
    """The link a letter was sent with. Of the link itself nothing is kept."""

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="link")
    council = kept(Council)
    digest = models.TextField(unique=True, db_comment="SHA-256, hexadecimal")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="councils_joinlink_hash", condition=Q(digest__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self):
        return f"link of {self.invitation_id}"


class InvitationOutcome(Sealed):
    """It was accepted, by whoever then holds the role, or revoked."""

    class What(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REVOKED = "revoked", "Revoked"

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="outcome")
    council = kept(Council)
    outcome = models.TextField(choices=What)
    decided_by = kept(Person)
    decided_at = models.DateTimeField()
    reason = models.TextField(blank=True, db_default="", default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="councils_outcome_what", condition=Q(outcome__in=["accepted", "revoked"])),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()} {self.invitation_id}"
