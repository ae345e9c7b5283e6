"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0033_carried"), ("councils", "0006_reorganisations")]
    operations = []
