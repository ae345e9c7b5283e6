"""A role begins by an invitation, or as a cover."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0045_leaving")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text())]
