"""A business case is drafted, submitted and approved, and a later version says why."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_promises_take_two")]

    operations: list = []
