from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0006_claimings"), ("savings", "0039_claimings")]
    operations = []
