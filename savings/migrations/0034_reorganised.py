"""Plans of reorganisations behind the walls; two people enact one, and PostgreSQL writes what comes of it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0030_joining"), ("councils", "0006_reorganisations")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text())]
