"""What members change together, they all agree."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0042_gaps"), ("partnerships", "0005_changes")]

    operations = []
