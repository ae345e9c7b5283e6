"""Who claims a partnership, and who checks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0043_changes"), ("partnerships", "0006_claimings")]

    operations = []
