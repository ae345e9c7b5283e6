"""What the ledger said at a moment."""

from pathlib import Path

from django.db import migrations, models

from councils.sealing import reseal


class Migration(migrations.Migration):
    dependencies = [("savings", "0015_working_together")]

    operations = [
        reseal("savings", "Report"),
        migrations.AddField(
            "report",
            "as_at",
            models.DateTimeField(
                blank=True, null=True, db_comment="the past moment it was asked for; null is when it is made"
            ),
        ),
        reseal("savings", "Report"),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(),
            None,  # the policies it adds are part of the wall, which is not taken down
        ),
    ]
