"""The closing calendar and its reminders."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0011_scheme_follow_up")]

    operations: list = []
