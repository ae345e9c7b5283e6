"""What members change together, they all agree: the rows that change it are those the change names."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0042_gaps"), ("partnerships", "0005_changes")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text())]
