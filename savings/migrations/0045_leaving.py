"""Whoever leaves gives notice first."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0044_claimings"), ("partnerships", "0007_leaving")]

    operations = []
