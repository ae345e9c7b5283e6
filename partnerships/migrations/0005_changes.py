"""What members change together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0004_offers"), ("savings", "0042_gaps")]

    operations = []
