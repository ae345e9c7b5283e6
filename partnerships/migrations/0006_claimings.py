from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_changes"), ("savings", "0038_changes")]
    operations = []
