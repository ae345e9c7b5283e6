"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0031_offers"), ("partnerships", "0005_shares")]
    operations = []
