"""What one person could still do alone, or to others, when somebody tried: see tests/adversary/test_issue_three.py."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0019_large_ledgers")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(),
            None,  # it only closes what was open, and nobody needs that open again
        )
    ]
