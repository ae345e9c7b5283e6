"""What the ledger said at a moment."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0015_working_together")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(),
            None,  # the policies it adds are part of the wall, which is not taken down
        )
    ]
