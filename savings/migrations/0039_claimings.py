from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0038_changes"), ("partnerships", "0006_claimings")]
    operations = []
