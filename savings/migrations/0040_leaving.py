from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0039_claimings"), ("partnerships", "0007_leaving")]
    operations = []
