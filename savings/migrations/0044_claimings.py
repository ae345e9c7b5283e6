"""A partnership known from what was published is kept by nobody until a council claims it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0043_changes"), ("partnerships", "0006_claimings")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text())]
