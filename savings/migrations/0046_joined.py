"""A role comes by an invitation."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0045_leaving")]

    operations = []
