"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0030_joining"), ("partnerships", "0004_offers")]
    operations = []
