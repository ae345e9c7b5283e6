from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0037_offers"), ("partnerships", "0005_changes")]
    operations = []
