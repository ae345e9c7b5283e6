"""What the ledger said at a moment."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0015_working_together")]

    operations: list = []
