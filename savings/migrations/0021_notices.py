"""Notices say every figure that changed and are mailed; what was published is kept; deputies and two-person tables."""

from pathlib import Path

import django.utils.timezone
from django.db import migrations, models
from django.db.models import PROTECT, Q

BACK = """
DROP TRIGGER not_by_a_deputy ON savings_confirmation; DROP FUNCTION confirmation_not_for_the_absent;
DROP TRIGGER not_by_a_deputy ON savings_disputeoutcome; DROP FUNCTION outcome_not_for_the_absent;
DROP TRIGGER not_by_a_deputy ON savings_distinctionacross; DROP FUNCTION across_not_for_the_absent;
DROP TRIGGER not_by_a_deputy ON savings_distinction; DROP FUNCTION distinction_not_for_the_absent;
DROP FUNCTION covers_for; DROP INDEX councils_act_report_read;
"""


def added(name, field):
    """A column of notices, of which there is none yet."""
    return migrations.AddField("notice", name, field, preserve_default=field.null or not field.has_default())


class Migration(migrations.Migration):
    dependencies = [("savings", "0020_what_the_adversary_found")]

    operations = [
        migrations.CreateModel(
            name="Recounted",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("act", models.BigIntegerField()),
                (
                    "partnership",
                    models.ForeignKey(
                        db_constraint=False, on_delete=PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["partnership"], name="savings_recounted_shard")]},
        ),
        migrations.CreateModel(
            name="Published",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("said_at", models.DateTimeField()),
                ("said", models.JSONField(db_comment="pence by figure")),
                ("told", models.JSONField(db_comment="the same as it was when a notice was last written")),
                (
                    "closing",
                    models.OneToOneField(null=True, on_delete=PROTECT, related_name="+", to="savings.return"),
                ),
                ("report", models.OneToOneField(null=True, on_delete=PROTECT, related_name="+", to="savings.report")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(report__isnull=True, closing__isnull=False)
                        | Q(report__isnull=False, closing__isnull=True),
                        name="savings_published_one",
                    )
                ]
            },
        ),
        migrations.RemoveField("notice", "said_pence"),
        migrations.RemoveField("notice", "now_pence"),
        migrations.RemoveField("notice", "emailed_at"),
        added(
            "said_at",
            models.DateTimeField(db_comment="the moment of what was said", default=django.utils.timezone.now),
        ),
        added("said", models.JSONField(db_comment="pence by figure, as published", default=dict)),
        added("now", models.JSONField(db_comment="the same with what was corrected since", default=dict)),
        migrations.AddField("notice", "attempts", models.SmallIntegerField(default=0)),
        added("try_after", models.DateTimeField(default=django.utils.timezone.now)),
        added("sent_at", models.DateTimeField(null=True)),
        added(
            "dropped_at",
            models.DateTimeField(db_comment="not sent: no mails wanted, or no account any more", null=True),
        ),
        migrations.AlterField(
            "notice",
            "why",
            models.TextField(db_comment="one line for each act: who by role, what, and the reason given"),
        ),
        migrations.AlterField(
            "notice",
            "council",
            models.ForeignKey(
                db_comment="whose return, or for whom the report was made",
                on_delete=PROTECT,
                related_name="+",
                to="councils.council",
            ),
        ),
        migrations.AddIndex("notice", models.Index(fields=["person", "-id"], name="savings_notice_newest")),
        migrations.AddIndex(
            "notice",
            models.Index(
                condition=Q(("dropped_at", None), ("sent_at", None)), fields=["try_after"], name="savings_notice_unsent"
            ),
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), BACK),
    ]
