"""Terms of leaving and notices behind the walls; a notice and the end of the membership stand in one act."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0044_claimings"), ("partnerships", "0007_leaving")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text())]
