from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0040_leaving")]
    operations = []
