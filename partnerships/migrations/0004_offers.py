"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0003_cases_take_steps")]
    operations = []
