"""What the other members confirm."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0013_double_claims")]

    operations: list = []
