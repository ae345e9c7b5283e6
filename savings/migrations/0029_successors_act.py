"""Successors act for their predecessors, and nobody sees a year that no council of theirs had a part in."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0028_what_was_tried_next"), ("councils", "0004_successions")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text())]
