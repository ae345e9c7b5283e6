"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0022_budget_totals")]
    operations = []
