"""Facts say who has returned and who is silent, and an approval makes the years of the version before it stale."""

from pathlib import Path

from django.db import migrations, models

REVERSE = "DROP TRIGGER arrangement_changed ON partnerships_approval;"


class Migration(migrations.Migration):
    dependencies = [("savings", "0004_walls")]

    operations = [
        migrations.AddField(
            "rollup",
            "returned",
            models.SmallIntegerField(default=0, db_comment="quarters with a return, nil or not; without one: silent"),
        ),
        migrations.AddField(
            "rollup",
            "returns_signed_off",
            models.SmallIntegerField(default=0, db_comment="quarters whose return is signed off or closed"),
        ),
        migrations.AddField(
            "rollup",
            "nil_cost_returns",
            models.SmallIntegerField(default=0, db_comment="of those signed off, stating that there was no cost"),
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE),
    ]
