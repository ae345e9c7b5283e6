"""Terms of leaving, and notice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0006_claimings"), ("savings", "0044_claimings")]

    operations = []
