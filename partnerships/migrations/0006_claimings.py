"""Claims to partnerships known from what was published, and how each was answered."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from councils.sealing import seal


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_changes"), ("savings", "0043_changes")]

    operations = [
        migrations.CreateModel(
            name="Claiming",
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
                    "role",
                    models.TextField(
                        choices=[
                            ("provider", "Provider"),
                            ("receiver", "Receiver"),
                            ("both", "Provider and receiver"),
                            ("unknown", "Not published"),
                        ]
                    ),
                ),
                ("host", models.BooleanField(default=False)),
                ("starts_on", models.DateField(db_comment="first day of its membership")),
                ("evidence", models.TextField(db_comment="how an administrator can check it")),
                ("claimed_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claimings", to="councils.council"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claimings",
                        to="partnerships.partnership",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClaimingAnswer",
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
                    "outcome",
                    models.TextField(
                        choices=[("accepted", "Accepted"), ("refused", "Refused"), ("withdrawn", "Withdrawn")]
                    ),
                ),
                ("reason", models.TextField()),
                ("answered_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "claiming",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="partnerships.claiming"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="claiming",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["provider", "receiver", "both"])), name="partnerships_claiming_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="claiming",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence__regex", "\\S")), name="partnerships_claiming_evidence"
            ),
        ),
        migrations.AddConstraint(
            model_name="claiminganswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["accepted", "refused", "withdrawn"])),
                name="partnerships_claiminganswer_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="claiminganswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "withdrawn"),
                    models.Q(("claimed_by", models.F("answered_by")), _negated=True),
                    _connector="OR",
                ),
                name="partnerships_claiminganswer_two_people",
                violation_error_message="Somebody else checks what you claim.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claiminganswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="partnerships_claiminganswer_reason"
            ),
        ),
        seal("partnerships", "Claiming", "ClaimingAnswer"),
    ]
