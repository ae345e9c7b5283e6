"""A council becomes a member when its own finance lead says so, and sees only the offer until then."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0036_notes_on_anything"), ("partnerships", "0004_offers")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text())]
