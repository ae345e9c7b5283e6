"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0035_inherited")]
    operations = []
