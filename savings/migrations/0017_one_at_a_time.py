"""An act is checked again while it holds its streams, so that of two at once the second is told."""

from pathlib import Path

from django.db import migrations

REVERSE = """
DROP TRIGGER one_at_a_time ON councils_event;
DROP FUNCTION one_at_a_time;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0016_as_at")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE)]
