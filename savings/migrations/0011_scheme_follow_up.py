"""How schemes are followed up, and whether quality held.

Four tables change their columns and so their seals; before the first release no installation has rows in them.
"""

import uuid
from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

from councils.sealing import reseal, seal

HERE = Path(__file__).parent
CHANGED = ("Indicator", "Reading", "SchemeStatus", "Dispute")


def as_it_was(file, name):
    """A function as an earlier migration made it, for the way back."""
    before = (HERE / file).read_text()
    start = before.index(f"CREATE FUNCTION {name}(")
    end = before.index("END $$;", start) + len("END $$;")
    return before[start:end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


REVERSE = f"""
DROP FUNCTION scheme_status_check, scheme_version_check, reading_check, quality_dispute_check, quality_outcome_check,
    decision_quality, entry_quality CASCADE;
{as_it_was("0008_rows_say_who_wrote_them.sql", "written_by_actor")}
DROP FUNCTION quality_dispute, quality_failed, scheme_indicator;
DROP TRIGGER written_by_actor ON savings_indicator;
DROP TRIGGER written_by_actor ON savings_reading;
DROP TRIGGER written_by_actor ON savings_schemestatus;
ALTER POLICY scope_write ON savings_dispute WITH CHECK (
    partnership_id = ANY ((SELECT scope_ids('partnerships'))::bigint[])
    AND council_id = ANY ((SELECT scope_ids('writes'))::bigint[]));
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['savings_indicator', 'savings_reading', 'savings_schemestatus'] LOOP
        EXECUTE format('ALTER POLICY scope_write ON %I WITH CHECK (
            partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])
            AND has_member(''writes'', partnership_id))', t);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0010_case_walls")]

    operations = [
        reseal("savings", *CHANGED),
        migrations.CreateModel(
            name="IndicatorWaiver",
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
                ("reason", models.TextField()),
                ("stated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SchemeVersion",
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
                ("version", models.SmallIntegerField(db_comment="from 2; the scheme itself is version 1")),
                ("owner", models.TextField(db_comment="job title of who answers for it")),
                ("description", models.TextField(blank=True)),
                (
                    "benefit_class",
                    models.TextField(
                        choices=[
                            ("cash_releasing", "Cash-releasing"),
                            ("non_cash_releasing", "Non-cash-releasing"),
                            ("cost_avoidance", "Cost avoidance"),
                            ("service_reduction", "Service reduction"),
                            ("funding_shift", "Funding shift"),
                        ]
                    ),
                ),
                (
                    "recurrence",
                    models.TextField(
                        choices=[("recurring", "Recurring"), ("one_off", "One-off"), ("time_limited", "Time-limited")]
                    ),
                ),
                ("last_year", models.SmallIntegerField(blank=True, null=True)),
                (
                    "live_on",
                    models.DateField(
                        blank=True, db_comment="first day it saves; null: its first banked month", null=True
                    ),
                ),
                ("reason", models.TextField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["version"],
            },
        ),
        migrations.AlterModelOptions(
            name="schemestatus",
            options={"ordering": ["sequence"]},
        ),
        migrations.AddField(
            model_name="dispute",
            name="reading",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputes",
                to="savings.reading",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="agreed_at",
            field=models.DateTimeField(),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="indicator",
            name="agreed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reading",
            name="read_at",
            field=models.DateTimeField(),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reading",
            name="read_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reading",
            name="reason",
            field=models.TextField(blank=True, db_comment="why it replaces another"),
        ),
        migrations.AddField(
            model_name="reading",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="savings.reading",
            ),
        ),
        migrations.AddField(
            model_name="reading",
            name="source",
            field=models.TextField(db_comment="where the figure comes from"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="schemestatus",
            name="changed_at",
            field=models.DateTimeField(),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="schemestatus",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="schemestatus",
            name="reason",
            field=models.TextField(blank=True, db_comment="why it stands there; needed after the first"),
        ),
        migrations.AddField(
            model_name="schemestatus",
            name="score_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="schemestatus",
            name="sequence",
            field=models.SmallIntegerField(db_comment="from 1"),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["indicator", "council", "quarter"], name="savings_reading_cell"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces__isnull", True)),
                fields=("indicator", "council", "quarter"),
                name="savings_reading_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(("quarter__day", 1), ("quarter__month__in", [1, 4, 7, 10])),
                name="savings_reading_quarter",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__regex", "^\\s*$"), _negated=True), name="savings_reading_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True), models.Q(("reason__regex", "^\\s*$"), _negated=True), _connector="OR"
                ),
                name="savings_reading_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemestatus",
            constraint=models.UniqueConstraint(fields=("scheme", "sequence"), name="savings_scheme_status_sequence"),
        ),
        migrations.AddConstraint(
            model_name="schemestatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sequence", 1), models.Q(("reason__regex", "^\\s*$"), _negated=True), _connector="OR"
                ),
                name="savings_scheme_status_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemestatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delivery_score__isnull", True),
                    models.Q(("score_reason__regex", "^\\s*$"), _negated=True),
                    _connector="OR",
                ),
                name="savings_scheme_status_score_reason",
            ),
        ),
        migrations.AddField(
            model_name="indicatorwaiver",
            name="act",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
        ),
        migrations.AddField(
            model_name="indicatorwaiver",
            name="partnership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
            ),
        ),
        migrations.AddField(
            model_name="indicatorwaiver",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="savings.scheme"
            ),
        ),
        migrations.AddField(
            model_name="indicatorwaiver",
            name="stated_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
            ),
        ),
        migrations.AddField(
            model_name="schemeversion",
            name="act",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
        ),
        migrations.AddField(
            model_name="schemeversion",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
            ),
        ),
        migrations.AddField(
            model_name="schemeversion",
            name="indicator",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="savings.indicator"
            ),
        ),
        migrations.AddField(
            model_name="schemeversion",
            name="partnership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
            ),
        ),
        migrations.AddField(
            model_name="schemeversion",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="savings.scheme"
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatorwaiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "^\\s*$"), _negated=True), name="savings_indicatorwaiver_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.UniqueConstraint(fields=("scheme", "version"), name="savings_schemeversion_once"),
        ),
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 2)), name="savings_schemeversion_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "benefit_class__in",
                        [
                            "cash_releasing",
                            "non_cash_releasing",
                            "cost_avoidance",
                            "service_reduction",
                            "funding_shift",
                        ],
                    )
                ),
                name="savings_schemeversion_class",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("recurrence__in", ["recurring", "one_off", "time_limited"])),
                name="savings_schemeversion_recurrence",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason__regex", "^\\s*$"), _negated=True),
                    models.Q(("owner__regex", "^\\s*$"), _negated=True),
                ),
                name="savings_schemeversion_said",
            ),
        ),
        reseal("savings", *CHANGED),
        seal("savings", "SchemeVersion", "IndicatorWaiver"),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE),
    ]
