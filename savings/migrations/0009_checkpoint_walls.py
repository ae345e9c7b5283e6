"""Who may read checkpoints, ask for them, and see when the ledger was last verified."""

from pathlib import Path

from django.db import migrations

REVERSE = "DROP TRIGGER written_by_actor ON councils_checkpointwish;"


class Migration(migrations.Migration):
    dependencies = [("savings", "0008_rows_say_who_wrote_them"), ("councils", "0003_checkpoints")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE)]
