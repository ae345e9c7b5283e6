"""What is carried to successors."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0046_joined")]

    operations = []
