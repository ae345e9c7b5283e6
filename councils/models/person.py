"""People, the accounts they sign in with, and what they may do for which council."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from .act import Sealed
from .council import Council


class Person(models.Model):
    """Somebody who acts. Two-person rules compare people, never accounts (DESIGN 10.17)."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    name = models.TextField()
    system = models.BooleanField(default=False, db_comment="the product itself, when nobody asked")

    def __str__(self):
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, *, email, password, person):
        """A new account for `person`; the email is stored in lower case."""
        user = self.model(email=email.strip().lower(), person=person)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """An account: one email address. A person may have several."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="users")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self):
        return self.email


class RoleQuerySet(models.QuerySet):
    def in_force(self, on):
        """Roles that hold on the date `on`: begun, not ended, and not replaced by a later row."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), starts_on__lte=on, replaced_by__isnull=True)


class Role(Sealed):
    """What one person may do for one council, from one date to another. A change is a new row that replaces the old."""

    class What(models.TextChoices):
        FINANCE_OFFICER = "finance_officer", "Finance officer"
        FINANCE_LEAD = "finance_lead", "Finance lead"
        CHIEF_EXECUTIVE = "chief_executive", "Chief executive"
        AUDITOR = "auditor", "Auditor"
        VIEWER = "viewer", "Viewer"
        ADMINISTRATOR = "administrator", "Administrator"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    council = models.ForeignKey(Council, null=True, on_delete=models.PROTECT, related_name="roles")
    what = models.TextField(choices=What)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, db_comment="first day it no longer holds")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    objects = RoleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "council"], name="councils_role_person")]
        constraints = [
            models.CheckConstraint(
                name="councils_role_what",
                condition=Q(
                    what__in=[
                        "finance_officer",
                        "finance_lead",
                        "chief_executive",
                        "auditor",
                        "viewer",
                        "administrator",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="councils_role_council",
                condition=Q(what="administrator", council__isnull=True)
                | (~Q(what="administrator") & Q(council__isnull=False)),
                violation_error_message="An administrator belongs to no council; every other role belongs to one.",
            ),
        ]

    def __str__(self):
        return f"{self.get_what_display()} of {self.council_id}"
