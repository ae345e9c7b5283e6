"""What could still be asked of the database, or told to it, when somebody tried: see tests/adversary."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0025_quality_together")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(),
            None,  # it only closes what was open, and nobody needs that open again
        )
    ]
