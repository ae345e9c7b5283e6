"""Readers are told of every kind of act, and of what was shown to them at a past moment."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0023_distinctions")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(),
            None,  # what it replaces was part of the wall, which is not taken down
        ),
    ]
