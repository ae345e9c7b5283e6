"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0027_closing_at_once")]
    operations = []
