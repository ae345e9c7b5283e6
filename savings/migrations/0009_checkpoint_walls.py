"""Checkpoints behind the wall."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0008_rows_say_who_wrote_them"), ("councils", "0003_checkpoints")]

    operations: list = []
