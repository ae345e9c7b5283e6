"""A business case is drafted, submitted and approved, and a later version says why."""

import uuid
from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

from councils.sealing import seal

REVERSE = """
DROP TRIGGER approval_step_check ON partnerships_approval; DROP FUNCTION approval_step_check;
DROP FUNCTION case_step_check, volume_check CASCADE;
DROP FUNCTION case_state, case_lock;
ALTER TABLE partnerships_casestep DROP CONSTRAINT partnerships_casestep_drafter,
    DROP CONSTRAINT partnerships_casestep_case, DROP CONSTRAINT partnerships_casestep_later_case;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_promises_take_two")]

    operations = [
        migrations.CreateModel(
            name="CaseStep",
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
                ("sequence", models.SmallIntegerField(db_comment="1 is the first step of this version")),
                (
                    "step",
                    models.TextField(
                        choices=[
                            ("submitted", "Submitted"),
                            ("returned", "Returned"),
                            ("withdrawn", "Withdrawn"),
                            ("superseded", "Superseded"),
                        ]
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("stepped_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="partnerships.businesscase",
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        db_comment="the later draft that takes its place",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="partnerships.businesscase",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "stepped_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "sequence"), name="partnerships_casestep_sequence"),
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ["submitted", "returned", "withdrawn", "superseded"])),
                        name="partnerships_casestep_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step", "submitted"), ("reason__regex", "\\S"), _connector="OR"),
                        name="partnerships_casestep_reason",
                        violation_error_message="Say why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("later__isnull", False), ("step", "superseded")),
                            models.Q(models.Q(("step", "superseded"), _negated=True), ("later__isnull", True)),
                            _connector="OR",
                        ),
                        name="partnerships_casestep_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "returned"), _negated=True),
                            models.Q(("stepped_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="partnerships_casestep_two_people",
                        violation_error_message="You cannot return a business case that you drafted.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Volume",
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
                ("driver", models.TextField(db_comment="what is counted, as the business case names it")),
                ("unit", models.TextField()),
                ("year", models.SmallIntegerField(db_comment="financial-year start")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=18)),
                ("source", models.TextField(db_comment="where the figure comes from")),
                ("recorded_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="volumes",
                        to="partnerships.businesscase",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="volumes",
                        to="partnerships.partnership",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["partnership", "council"], name="partnerships_volume_council")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 0)),
                        name="partnerships_volume_not_negative",
                        violation_error_message="A volume cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__range", (1990, 2100))), name="partnerships_volume_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("driver__regex", "\\S"), ("source__regex", "\\S"), ("unit__regex", "\\S")),
                        name="partnerships_volume_told",
                        violation_error_message="Say what is counted, in which unit, and where the figure comes from.",
                    ),
                ],
            },
        ),
        seal("partnerships", "CaseStep", "Volume"),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE),
    ]
