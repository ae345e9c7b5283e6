"""What is claimed of a budget reduction is kept beside it, so that one more claim costs the same however many there are."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

BACK = r"""
DO $$
DECLARE v_source text;
BEGIN
    v_source := pg_get_functiondef('entry_check()'::regprocedure);
    EXECUTE regexp_replace(v_source, 'INSERT INTO savings_budgettotal.*?v_held\) AND .*? LIMIT 1;',
        'PERFORM 1 FROM savings_budgetreduction WHERE id = ANY (v_held) ORDER BY id FOR NO KEY UPDATE;
        SELECT b.id INTO v FROM savings_budgetreduction b
        WHERE b.id = ANY (v_held) AND reduction_amount(b.id) < (
            SELECT coalesce(sum(e.amount_pence), 0) FROM savings_entry e
            WHERE e.budget_reduction_id = b.id AND e.series = ''banked'') LIMIT 1;');
    v_source := pg_get_functiondef('budget_correction_check()'::regprocedure);
    v_source := regexp_replace(v_source, '-- the same row lock.*?DO UPDATE SET claimed_pence = t.claimed_pence;',
        '-- the same row lock as a claim takes, so that one waits for the other
    PERFORM 1 FROM savings_budgetreduction WHERE id IN (SELECT reduction_id FROM written_rows)
    ORDER BY id FOR NO KEY UPDATE;');
    EXECUTE regexp_replace(v_source, 'SELECT t.claimed_pence FROM .*?n.reduction_id\)',
        'SELECT coalesce(sum(e.amount_pence), 0) FROM savings_entry e
        WHERE e.budget_reduction_id = n.reduction_id AND e.series = ''banked'')');
END $$;
DROP VIEW as_at.savings_budgettotal;
DROP FUNCTION budget_totals_rebuild;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0021_notices")]

    operations = [
        migrations.CreateModel(
            name="BudgetTotal",
            fields=[
                (
                    "reduction",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="total",
                        serialize=False,
                        to="savings.budgetreduction",
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                ("claimed_pence", models.BigIntegerField(db_comment="sum of the banked entries that name it")),
            ],
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), BACK),
    ]
