"""Double claims, listed and settled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0012_calendar")]

    operations: list = []
