"""A scheme is seen with the rows that name it, and whoever stayed until nobody was left stayed to the end."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0046_joined")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text())]
