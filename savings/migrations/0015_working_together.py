"""Deputies, notes and what was seen last."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0014_confirmations")]

    operations: list = []
