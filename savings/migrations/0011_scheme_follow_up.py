"""How schemes are followed up, and whether quality held."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0010_case_walls")]

    operations: list = []
