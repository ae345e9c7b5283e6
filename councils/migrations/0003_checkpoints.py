"""Signed checkpoints of every stream."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("councils", "0002_acts")]

    operations: list = []
