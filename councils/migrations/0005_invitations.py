"""How somebody comes in: invitations, the links they were sent with, and what became of them."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from councils.sealing import seal


class Migration(migrations.Migration):
    dependencies = [("councils", "0004_successions")]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                    ),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "name",
                    models.TextField(db_comment="as the person who invites calls them; who accepts gives their own"),
                ),
                ("email", models.TextField(db_comment="in lower case")),
                (
                    "what",
                    models.TextField(
                        choices=[
                            ("finance_officer", "Finance officer"),
                            ("finance_lead", "Finance lead"),
                            ("chief_executive", "Chief executive"),
                            ("auditor", "Auditor"),
                            ("viewer", "Viewer"),
                            ("administrator", "Administrator"),
                        ]
                    ),
                ),
                ("ends_on", models.DateField(db_comment="first day the role no longer holds", null=True)),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="councils.council"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="councils.invitation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InvitationLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                    ),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                ("digest", models.TextField(db_comment="SHA-256, hexadecimal", unique=True)),
                ("made_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="link", to="councils.invitation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InvitationOutcome",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                    ),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                ("outcome", models.TextField(choices=[("accepted", "Accepted"), ("revoked", "Revoked")])),
                ("decided_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True, db_default="", default="")),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcome", to="councils.invitation"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["council", "email"], name="councils_invitation_whom"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), ("email__contains", "@")),
                name="councils_invitation_said",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("what__in", ["finance_officer", "finance_lead", "chief_executive", "auditor", "viewer"])
                ),
                name="councils_invitation_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("invited_at"))), name="councils_invitation_expires"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitationlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="councils_joinlink_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitationoutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["accepted", "revoked"])), name="councils_outcome_what"
            ),
        ),
        seal("councils", "Invitation", "InvitationLink", "InvitationOutcome"),
    ]
