"""Double claims, listed and settled; budget reductions, corrected; and text that shows as what it is."""

import uuid
from pathlib import Path

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models
from django.db.models import F, Q

from councils.sealing import seal

HERE = Path(__file__).parent
RULES_BACK = """
DO $$ BEGIN
    EXECUTE replace(pg_get_functiondef('entry_check()'::regprocedure), 'reduction_amount(b.id) < (', 'b.amount_pence < (');
END $$;
DROP FUNCTION claims_elsewhere;
DROP FUNCTION neighbours_marked, distinction_across_check, budget_correction_check CASCADE;
DROP FUNCTION reduction_amount;
ALTER TABLE savings_distinctionacross DROP CONSTRAINT savings_across_other_scheme;
ALTER TABLE savings_distinctionacross DROP CONSTRAINT savings_across_scheme;
ALTER TABLE savings_budgetcorrection DROP CONSTRAINT savings_correction_council;
ALTER TABLE savings_budgetreduction DROP CONSTRAINT savings_reduction_council;
"""
TEXT_BACK = "DROP FUNCTION code_skeleton, plain_code, plain_text CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("savings", "0012_calendar")]

    operations = [
        migrations.CreateModel(
            name="BudgetCorrection",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(db_default=RandomUUID(), default=uuid.uuid4, editable=False, unique=True),
                ),
                ("salt", models.UUIDField(db_default=RandomUUID(), default=uuid.uuid4, editable=False)),
                ("sequence", models.IntegerField(db_comment="from 1 within the reduction")),
                ("amount_pence", models.BigIntegerField(db_comment="nought when nothing was taken out after all")),
                ("reason", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("act", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="councils.act")),
                ("council", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="councils.council")),
                ("recorded_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="councils.person")),
                (
                    "reduction",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="corrections", to="savings.budgetreduction"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("reduction", "sequence"), name="savings_correction_sequence"),
                    models.CheckConstraint(
                        condition=Q(("amount_pence__gte", 0)), name="savings_correction_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=Q(("reason", ""), _negated=True),
                        name="savings_correction_reason",
                        violation_error_message="Say why the budget reduction is corrected.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DistinctionAcross",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(db_default=RandomUUID(), default=uuid.uuid4, editable=False, unique=True),
                ),
                ("salt", models.UUIDField(db_default=RandomUUID(), default=uuid.uuid4, editable=False)),
                ("year", models.SmallIntegerField(db_comment="financial-year start")),
                ("reason", models.TextField()),
                ("decided_at", models.DateTimeField()),
                ("act", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="councils.act")),
                ("council", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="councils.council")),
                ("decided_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="councils.person")),
                (
                    "other_partnership",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="partnerships.partnership"),
                ),
                ("other_scheme", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="savings.scheme")),
                (
                    "partnership",
                    models.ForeignKey(
                        db_comment="the one with the lower id",
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="partnerships.partnership",
                    ),
                ),
                ("scheme", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="savings.scheme")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("council", "year", "scheme", "other_scheme"), name="savings_across_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(("partnership__lt", F("other_partnership"))), name="savings_across_order"
                    ),
                    models.CheckConstraint(condition=Q(("reason", ""), _negated=True), name="savings_across_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DoubleClaim",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("year", models.SmallIntegerField(db_comment="financial-year start")),
                (
                    "rule",
                    models.SmallIntegerField(
                        choices=[
                            (1, "Charge income claimed as a saving"),
                            (2, "Same saving claimed twice"),
                            (3, "Claimed in two partnerships"),
                        ]
                    ),
                ),
                ("line", models.BigIntegerField(db_comment="lowest entry id of the line")),
                (
                    "group",
                    models.BigIntegerField(
                        db_comment="rule 2: the line that counts; rule 3: the lower line of the pair"
                    ),
                ),
                ("counts", models.BooleanField(db_comment="false when the rule leaves it out of what counts")),
                ("pence", models.BigIntegerField()),
                ("grade", models.SmallIntegerField()),
                (
                    "received_pence",
                    models.BigIntegerField(db_comment="rule 1: charges received in the year", default=0),
                ),
                ("council", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="councils.council")),
                (
                    "other_partnership",
                    models.ForeignKey(
                        db_comment="rule 3: where it is claimed too",
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="partnerships.partnership",
                    ),
                ),
                (
                    "other_scheme",
                    models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="savings.scheme"),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="double_claims", to="partnerships.partnership"
                    ),
                ),
                ("scheme", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="savings.scheme")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["partnership", "year"], name="savings_double_shard"),
                    models.Index(fields=["council"], name="savings_double_council"),
                    models.Index(fields=["scheme", "council", "year"], name="savings_double_line"),
                ],
            },
        ),
        seal("savings", "BudgetCorrection", "DistinctionAcross"),
        migrations.RunSQL((HERE / "0013_double_claims.sql").read_text(), RULES_BACK),
        migrations.RunSQL((HERE / "0013_plain_text.sql").read_text(), TEXT_BACK),
    ]
