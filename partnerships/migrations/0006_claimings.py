"""A partnership of the public record is claimed by those who are in it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_changes"), ("savings", "0043_changes")]

    operations = []
