"""Readers are told of every kind of act, and of figures as they were shown to them at a past moment."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("savings", "0023_distinctions")]
    operations = [
        migrations.CreateModel(
            name="PastFigures",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("moment", models.BigIntegerField(db_comment="of councils_moment: always the end of a day")),
                (
                    "audience",
                    models.TextField(blank=True, db_comment="whom it was shown to then; empty while it is waiting"),
                ),
                (
                    "facts",
                    models.JSONField(default=list, db_comment="rows of savings_rollup as that audience saw them"),
                ),
                ("attempts", models.SmallIntegerField(default=0, db_comment="counted before the work")),
                ("asked_at", models.DateTimeField()),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnerships.partnership",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("audience", "")), fields=["id"], name="savings_pastfigures_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("moment", "partnership"), name="savings_pastfigures_once")
                ],
            },
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(),
            None,  # what it replaces was part of the wall, which is not taken down
        ),
    ]
