"""The steps of a business case behind the wall, and where its baselines come from."""

import uuid
from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

from councils.sealing import seal


class Migration(migrations.Migration):
    dependencies = [("savings", "0009_checkpoint_walls"), ("partnerships", "0003_cases_take_steps")]

    operations = [
        migrations.CreateModel(
            name="BaselineSource",
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
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "baseline",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="from_source",
                        to="partnerships.baseline",
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baselines",
                        to="savings.document",
                    ),
                ),
                (
                    "outturn",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.outturn"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document__isnull", False), ("outturn__isnull", True)),
                            models.Q(("document__isnull", True), ("outturn__isnull", False)),
                            _connector="OR",
                        ),
                        name="savings_baselinesource_one",
                    )
                ],
            },
        ),
        seal("savings", "BaselineSource"),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(), "DROP FUNCTION baseline_source_check CASCADE;"
        ),
    ]
