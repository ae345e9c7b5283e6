from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0041_joined")]
    operations = []
