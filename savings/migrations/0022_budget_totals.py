"""What is claimed of a budget reduction is kept beside it, so that one more claim costs the same however many there are."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


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
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text()),
    ]
