"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("councils", "0004_successions")]
    operations = []
