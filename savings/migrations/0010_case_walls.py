"""The steps of a business case behind the wall."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0009_checkpoint_walls"), ("partnerships", "0003_cases_take_steps")]

    operations: list = []
